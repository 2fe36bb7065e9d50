"""Owns the pure rules of measures: what happened to one client, what a figure is, what may be shown of it."""
