"""Owns what working groups and the backbone read over HTTP: definitions, and releases of their initiative."""
