"""The gateway: access, passage and pages, against a twin of the services behind it."""
