"""Owns the measures database: published facts as they came, and how they are read again."""
