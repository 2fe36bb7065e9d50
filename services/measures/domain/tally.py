"""Counts units into one cell; what one client has of a measure is put together once, whatever cells it goes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from services.measures.domain.exposure import Exposure
from services.measures.domain.incidence import Wait
from services.measures.domain.measure import Rule, Standing, Unit

NOTHING: Final = Exposure(0, 0)
_EACH: Final = tuple(Standing)
_COUNTED: Final = frozenset({Standing.MET, Standing.UNMET})


class Shape(NamedTuple):
    """What is alike of many units: by which rule they count, whose they are, and whether a letter asked."""

    rule: Rule
    agencies: tuple[str, ...]
    by_letter: bool


@dataclass(slots=True)
class Hers:
    """What the units of one client come to, in one cell or in another."""

    shapes: dict[Shape, int] = field(default_factory=dict)
    is_met: bool = False
    is_unmet: bool = False
    sizes: list[float | Wait] = field(default_factory=list)
    exposed: Exposure | None = None

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Hers:
        """These units put together."""
        hers = cls()
        shapes = hers.shapes
        for unit in units:
            shape = Shape(unit.rule, unit.agencies, unit.channel == "letter")
            shapes[shape] = shapes.get(shape, 0) + 1
            standing = unit.rule.standing
            if standing is Standing.MET:
                hers.is_met = True
            elif standing is Standing.UNMET:
                hers.is_unmet = True
            else:
                continue
            if isinstance(unit.size, Exposure):
                hers.exposed = (hers.exposed or NOTHING) + unit.size
            elif unit.size is not None:
                hers.sizes.append(unit.size)
        return hers


@dataclass(slots=True)
class Sums:
    """Units by their standing and by their rule, and the agencies behind them."""

    standings: Counter[Standing] = field(default_factory=Counter)
    agencies: dict[Standing, Counter[str]] = field(default_factory=lambda: {each: Counter() for each in _EACH})
    rules: Counter[str] = field(default_factory=Counter)
    by_letter: int = 0

    @property
    def behind_all(self) -> Set[str]:
        """The agencies behind what is counted."""
        return self.agencies[Standing.MET].keys() | self.agencies[Standing.UNMET].keys()


@dataclass(slots=True)
class Tally:
    """Counts units into one cell, and the distinct clients and agencies behind its numerator and its complement."""

    shapes: dict[Shape, int] = field(default_factory=dict)
    clients_met: set[str] = field(default_factory=set)
    clients_unmet: set[str] = field(default_factory=set)
    sizes: list[float | Wait] = field(default_factory=list)
    exposed: dict[str, Exposure] = field(default_factory=dict)

    def take(self, client: str, hers: Hers) -> None:
        """Counts what a client has."""
        shapes = self.shapes
        for shape, count in hers.shapes.items():
            shapes[shape] = shapes.get(shape, 0) + count
        if hers.is_met:
            self.clients_met.add(client)
        if hers.is_unmet:
            self.clients_unmet.add(client)
        if hers.sizes:
            self.sizes.extend(hers.sizes)
        if hers.exposed is not None:
            self.exposed[client] = self.exposed.get(client, NOTHING) + hers.exposed

    def merge(self, other: Tally) -> None:
        """Takes what was counted elsewhere of other clients."""
        for shape, count in other.shapes.items():
            self.shapes[shape] = self.shapes.get(shape, 0) + count
        self.clients_met |= other.clients_met
        self.clients_unmet |= other.clients_unmet
        self.sizes.extend(other.sizes)
        self.exposed |= other.exposed

    def sums(self) -> Sums:
        """What was counted."""
        sums = Sums()
        for (rule, agencies, by_letter), count in self.shapes.items():
            sums.standings[rule.standing] += count
            sums.rules[rule.code] += count
            behind = sums.agencies[rule.standing]
            for agency in set(agencies):
                behind[agency] += count
            if by_letter and rule.standing in _COUNTED:
                sums.by_letter += count
        return sums
