"""The published events: one module for each entity, one frozen model for each type."""
