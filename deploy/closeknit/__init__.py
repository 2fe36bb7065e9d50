"""The command line: one file a command; a command imports its parts when it runs."""
