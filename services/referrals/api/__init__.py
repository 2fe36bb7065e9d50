"""The HTTP face of referrals: one module a resource, models that are the public ones, and nothing decided here."""
