"""Owns what an operator asks of measures on the machine itself."""
