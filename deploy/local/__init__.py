"""Runs the whole system on one machine: servers from wheels, a supervisor, the state under .closeknit."""
