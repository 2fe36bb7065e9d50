"""Owns the way of a published event into the measures database, live and from the beginning."""
