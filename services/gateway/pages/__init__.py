"""The web pages: rendered on the server, in English and Spanish; the first client of the public API."""
