"""The pure rules of a client's way through agencies: what may be decided, what follows, and nothing about storage."""
