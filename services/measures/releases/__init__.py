"""Owns releases: figures that are computed once, with small cells hidden, and then stay as they are."""
