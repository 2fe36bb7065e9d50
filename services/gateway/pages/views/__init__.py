"""What stands on each page: one file a page, each view a request to the public API and a template."""
