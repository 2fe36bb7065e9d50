"""Owns a made-up county: invented clients whose journeys go through the same rules as real ones, seeded."""
