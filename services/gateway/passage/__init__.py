"""The way through: the public API as a table of routes to the services behind, and its one OpenAPI document."""
