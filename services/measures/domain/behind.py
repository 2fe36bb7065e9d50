"""Who stands behind a number that may be shown: enough clients, and enough agencies of whom none is nearly all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

SMALL: Final = 10
CLIENTS: Final = 11
AGENCIES: Final = 3
MOST_OF_ONE: Final = 80
"""Of every 100, at most so many may rest on one agency."""


@dataclass(frozen=True, slots=True)
class Behind:
    """Which agencies had a part in how many of some units."""

    units: int = 0
    agencies: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Behind) -> Behind:
        """Those of both together."""
        agencies = dict(self.agencies)
        for agency, units in other.agencies.items():
            agencies[agency] = agencies.get(agency, 0) + units
        return Behind(self.units + other.units, agencies)

    def __sub__(self, other: Behind) -> Behind:
        """Those that are left without the other, which is a part of these."""
        return Behind(self.units - other.units, Counter(self.agencies) - Counter(other.agencies))

    @property
    def is_one_agencys(self) -> bool:
        """Whether too few agencies stand behind them, or one behind nearly all."""
        if not self.units:
            return False
        return len(self.agencies) < AGENCIES or 100 * max(self.agencies.values()) > MOST_OF_ONE * self.units


NOBODY: Final = Behind()


@dataclass(frozen=True, slots=True)
class Piece:
    """One kind, band or bracket of what a figure counts: units, distinct clients, and who is behind them."""

    units: int = 0
    clients: int = 0
    behind: Behind = NOBODY

    def combined(self, other: Piece, sign: int) -> Piece:
        """With the other's units, or without them."""
        behind = self.behind + other.behind if sign > 0 else self.behind - other.behind
        return Piece(self.units + sign * other.units, self.clients + sign * other.clients, behind)

    def is_small(self, *, sensitive: bool) -> bool:
        """Whether it must not be shown by itself."""
        few = self.units > 0 and (self.units <= SMALL or self.clients < CLIENTS or self.behind.is_one_agencys)
        return few or (sensitive and self.units == 0)
