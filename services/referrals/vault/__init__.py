"""Owns identity: names, numbers, dates of birth, phones, addresses, and what people typed. Own database, own keys.

Nothing of it leaves but through here: sealed under a key per client and agency, and opened for that agency alone.
"""
