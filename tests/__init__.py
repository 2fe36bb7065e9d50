"""The tests; what needs a server asks for one by a fixture."""
