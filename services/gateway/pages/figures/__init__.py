"""Owns how a released figure is said: rows, sentences, and the geometry of its pictures. It computes no statistics."""
