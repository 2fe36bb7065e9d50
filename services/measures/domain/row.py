"""One row of a measure's table: what it counts, who stands behind it, and which of it is too small to show (R24)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from types import MappingProxyType
from typing import Any, Final, Literal

from services.measures.domain.behind import CLIENTS, NOBODY, SMALL, Behind, Piece
from services.measures.domain.figure import Figure
from services.measures.domain.measure import Kind, Standing
from services.measures.domain.tally import Tally


class Part(StrEnum):
    """The cells of a row that are shown or hidden each by itself."""

    RATE = "rate"
    MISSING = "missing"
    PENDING = "pending"
    EXCLUDED = "excluded"
    DETAIL = "detail"  # the pieces of the rate, all of them or none


_NAMED: Final[Mapping[str, Standing]] = {
    "met": Standing.MET,
    "unmet": Standing.UNMET,
    Part.MISSING: Standing.MISSING,
    Part.PENDING: Standing.PENDING,
    Part.EXCLUDED: Standing.EXCLUDED,
}
"""By the name under which the agencies behind it stand."""

NUMBERS: Final = (Part.RATE, Part.MISSING, Part.PENDING, Part.EXCLUDED)
"""The parts that add up to all units of a row."""


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
    pieces: Mapping[str, Piece] = field(default_factory=dict)
    exposed: int | None = None

    @classmethod
    def of(
        cls,
        tally: Tally,
        figure: Figure,
        *,
        sensitive: bool = False,
        pieces: Mapping[str, Piece] = MappingProxyType({}),
    ) -> Row:
        """A cell as a row. The numerator of a rate are events, which rest on the clients who had one."""
        met, unmet = len(tally.clients_met), len(tally.clients_unmet)
        rate, sums = figure.kind is Kind.RATE, tally.sums()
        return cls(
            numerator=figure.numerator,
            denominator=figure.denominator,
            missing=figure.missing,
            pending=figure.pending,
            excluded=figure.excluded,
            clients_met=sum(each.events > 0 for each in tally.exposed.values()) if rate else met,
            clients_unmet=unmet,
            exposed=met if rate else None,
            behind={
                name: Behind(sums.standings[standing], sums.agencies[standing]) for name, standing in _NAMED.items()
            },
            sensitive=sensitive,
            pieces=pieces,
        )

    def only(self, part: Part) -> Row:
        """Without what does not matter for a part: it is put together with others many times."""
        named: tuple[str, ...] = ("met", "unmet") if part is Part.RATE else (part,)
        behind = {name: self.behind[name] for name in named if name in self.behind}
        return replace(self, behind=behind, pieces=self.pieces if part is Part.DETAIL else {})

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
            pieces={name: piece.combined(other.pieces.get(name, Piece()), sign) for name, piece in self.pieces.items()},
            exposed=None if self.exposed is None else self.exposed + sign * (other.exposed or 0),
        )

    @property
    def complement(self) -> int:
        """Denominator without numerator; 0 for a count, and for events in a time."""
        return 0 if self.denominator is None or self.exposed is not None else self.denominator - self.numerator

    def values(self, part: Part) -> tuple[int, ...]:
        """The numbers that a part shows, or that follow from it."""
        match part:
            case Part.RATE:
                return self.numerator, self.denominator or 0, self.complement
            case Part.DETAIL:
                return tuple(piece.units for piece in self.pieces.values())
            case Part.MISSING | Part.PENDING | Part.EXCLUDED:
                return (int(getattr(self, part)),)

    def is_small(self, part: Part) -> bool:
        """Whether the part by itself must be hidden."""
        if part is Part.DETAIL:
            return any(piece.is_small(sensitive=self.sensitive) for piece in self.pieces.values())
        if any(self._least <= value <= SMALL for value in self.told(part)):
            return True
        named: tuple[str, ...] = ("met", "unmet") if part is Part.RATE else (part,)
        if any(self.behind[name].is_one_agencys for name in named if name in self.behind):
            return True
        if part is not Part.RATE:
            return False
        return (self.numerator > 0 and self.clients_met < CLIENTS) or (
            self.complement > 0 and self.clients_unmet < CLIENTS
        )

    def is_few(self, side: Literal["met", "unmet"]) -> bool:
        """Whether one side of the rate by itself must be hidden."""
        count = self.numerator if side == "met" else self.complement
        clients = self.clients_met if side == "met" else self.clients_unmet
        few = self._least <= count <= SMALL or (count > 0 and clients < CLIENTS)
        return few or self.behind.get(side, NOBODY).is_one_agencys

    @property
    def _least(self) -> int:
        return 0 if self.sensitive else 1

    def told(self, part: Part) -> tuple[int, ...]:
        """What a part tells; a count of clients and a rate have no complement."""
        if part is Part.RATE and self.exposed is not None:
            return self.numerator, self.exposed
        return (self.numerator,) if part is Part.RATE and self.denominator is None else self.values(part)


@dataclass(frozen=True, slots=True)
class Shown:
    """One row as it may be shown; None is "too few to show", with no word on which rule hid it.

    `detail` is what stands beside the numbers of some kinds of measure, as plain JSON values, where `tells`.
    """

    numerator: int | None
    denominator: int | None
    missing: int | None
    pending: int | None
    excluded: int | None
    tells: bool = True
    detail: Mapping[str, Any] | None = None


def together(rows: Iterable[Row], part: Part) -> Row:
    """Some rows as one, as far as it matters for a part; there is one at least."""
    return reduce(Row.__add__, (row.only(part) for row in rows))
