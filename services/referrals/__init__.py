"""Owns clients, episodes, needs, referrals, handoffs, support contacts, consents and the identity vault."""
