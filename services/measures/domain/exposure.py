"""How often something happened in the days in which it could."""

from __future__ import annotations

import msgspec


class Exposure(msgspec.Struct, frozen=True, gc=False):
    """How often something happened in how many days."""

    events: int
    days: int

    def __add__(self, other: Exposure) -> Exposure:
        """Both together."""
        return Exposure(self.events + other.events, self.days + other.days)
