"""One row of a measure's table: what it counts, who stands behind it, and which of it is too small to show (R24)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from services.measures.domain.figure import Tally

SMALL: Final = 10
CLIENTS: Final = 11
AGENCIES: Final = 3
MOST_OF_ONE: Final = 80
"""Of every 100, at most so many may rest on one agency."""


class Part(StrEnum):
    """The cells of a row that are shown or hidden each by itself."""

    RATE = "rate"
    MISSING = "missing"
    PENDING = "pending"
    EXCLUDED = "excluded"


@dataclass(frozen=True, slots=True)
class Behind:
    """Which agencies had a part in how many of some units."""

    units: int = 0
    agencies: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Behind) -> Behind:
        """Those of both together."""
        return Behind(self.units + other.units, Counter(self.agencies) + Counter(other.agencies))

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
class Row:
    """One row before anything is hidden. `denominator` is None for counts; `clients_…` are distinct clients.

    `behind` are the agencies behind each number; what is not in it is not looked at.
    """

    numerator: int
    denominator: int | None
    missing: int
    pending: int
    excluded: int
    clients_met: int
    clients_unmet: int
    behind: Mapping[str, Behind] = field(default_factory=dict)
    sensitive: bool = False

    @classmethod
    def of(cls, tally: Tally, counts_clients: bool, *, sensitive: bool = False) -> Row:
        """A tally as a row."""
        met, unmet = len(tally.clients_met), len(tally.clients_unmet)
        return cls(
            numerator=met if counts_clients else tally.met,
            denominator=None if counts_clients else tally.met + tally.unmet,
            missing=tally.missing,
            pending=tally.pending,
            excluded=tally.excluded,
            clients_met=met,
            clients_unmet=unmet,
            behind={
                "met": Behind(tally.met, tally.agencies_met),
                "unmet": Behind(tally.unmet, tally.agencies_unmet),
                Part.MISSING: Behind(tally.missing, tally.agencies_missing),
                Part.PENDING: Behind(tally.pending, tally.agencies_pending),
                Part.EXCLUDED: Behind(tally.excluded, tally.agencies_excluded),
            },
            sensitive=sensitive,
        )

    def __add__(self, other: Row) -> Row:
        """Two rows as one; a client of both counts twice, which can only be too many."""
        return self._with(other, 1)

    def __sub__(self, other: Row) -> Row:
        """What is left of this row without another one, all of whose clients are in this."""
        return self._with(other, -1)

    def _with(self, other: Row, sign: int) -> Row:
        counts = self.denominator is None or other.denominator is None
        return Row(
            numerator=self.numerator + sign * other.numerator,
            denominator=None if counts else (self.denominator or 0) + sign * (other.denominator or 0),
            missing=self.missing + sign * other.missing,
            pending=self.pending + sign * other.pending,
            excluded=self.excluded + sign * other.excluded,
            clients_met=self.clients_met + sign * other.clients_met,
            clients_unmet=self.clients_unmet + sign * other.clients_unmet,
            behind={
                name: mine + other.behind.get(name, NOBODY) if sign > 0 else mine - other.behind.get(name, NOBODY)
                for name, mine in self.behind.items()
            },
            sensitive=self.sensitive,
        )

    @property
    def complement(self) -> int:
        """Denominator without numerator; 0 for a count."""
        return 0 if self.denominator is None else self.denominator - self.numerator

    def values(self, part: Part) -> tuple[int, ...]:
        """The numbers that a part shows, or that follow from it."""
        match part:
            case Part.RATE:
                return self.numerator, self.denominator or 0, self.complement
            case Part.MISSING | Part.PENDING | Part.EXCLUDED:
                return (int(getattr(self, part)),)

    def is_small(self, part: Part) -> bool:
        """Whether the part by itself must be hidden."""
        if any(self._least <= value <= SMALL for value in self._told(part)):
            return True
        named: tuple[str, ...] = ("met", "unmet") if part is Part.RATE else (part,)
        if any(self.behind[name].is_one_agencys for name in named if name in self.behind):
            return True
        if part is not Part.RATE:
            return False
        return (self.numerator > 0 and self.clients_met < CLIENTS) or (
            self.complement > 0 and self.clients_unmet < CLIENTS
        )

    @property
    def _least(self) -> int:
        return 0 if self.sensitive else 1

    def _told(self, part: Part) -> tuple[int, ...]:
        """What a part tells; a count of clients has neither denominator nor complement."""
        return (self.numerator,) if part is Part.RATE and self.denominator is None else self.values(part)


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as it may be shown; None is "too few to show", with no word on which rule hid it."""

    numerator: int | None
    denominator: int | None
    missing: int | None
    pending: int | None
    excluded: int | None
