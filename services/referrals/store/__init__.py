"""Owns the event store: what is appended, in which order, under which guarantees, and how it is read again."""
