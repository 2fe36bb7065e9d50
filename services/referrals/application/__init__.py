"""Use cases: load what a decision needs, let the domain decide, save all of it or nothing. One module an entity."""
