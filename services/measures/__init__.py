"""Owns everything aggregate: journeys, measures and releases."""
