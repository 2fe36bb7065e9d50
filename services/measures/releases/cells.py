"""What is counted in one row of a release's table, and in which rows a client stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from services.measures.domain.breakdown import WHOEVER, group_labels
from services.measures.domain.groups import Groups
from services.measures.domain.measure import AsOf, By, Unit
from services.measures.domain.period import Period
from services.measures.domain.pieces import Pieces
from services.measures.domain.tally import Hers, Tally
from services.measures.releases.views import OTHER, Frame

SEVERAL: Final = frozenset({By.SPD15, By.DETAILED})
"""A client is in several rows of these, or in none."""
OF_UNITS: Final = frozenset({By.CATEGORY, By.CHANNEL, By.OWNER, By.STAGE})
"""Not every unit has a row here."""
WITHOUT: Final = "without"
"""The row for those that have none: without it, it would follow from the total."""

Kind = tuple[tuple[str, ...], str, tuple[str, ...]]
"""What she said of race and ethnicity, as the three breakdowns of it have it."""


@dataclass(frozen=True)
class Counted:
    """Over which time a release counts, its rows, and as of when; quarters that are counted `apart` as well."""

    period: Period
    frame: Frame
    as_of: AsOf
    apart: Mapping[str, Period] = field(default_factory=dict)

    @property
    def zone(self) -> tzinfo:
        """The initiative's zone."""
        return self.as_of.zone

    @property
    def asked(self) -> Period:
        """All time in which anything is counted."""
        periods = (self.period, *self.apart.values())
        sinces, untils = [each.since for each in periods], [each.until for each in periods]
        since = None if None in sinces else min(filter(None, sinces))
        return Period(since, None if None in untils else max(filter(None, untils)))


@dataclass(slots=True)
class Cell:
    """What is counted in one row."""

    tally: Tally = field(default_factory=Tally)
    pieces: Pieces = field(default_factory=Pieces)

    def take(self, client: str, hers: Hers, pieces: Sequence[tuple[str, Unit]]) -> None:
        """Counts what a client has, and the pieces into which that falls."""
        self.tally.take(client, hers)
        for name, unit in pieces:
            self.pieces.add(client, name, unit)

    def merge(self, other: Cell) -> None:
        """Takes what was counted elsewhere of other clients."""
        self.tally.merge(other.tally)
        self.pieces.merge(other.pieces)


@dataclass(frozen=True, slots=True, eq=False)
class Stands:
    """The rows in which clients stand who are alike in all that is asked of them; `alone` those of sensitive measures.

    What no frame names is the row `other` there. Whose age is not the same for all that is counted of her (`age` is
    None) stands in rows of age by each of her units. `kind` is what the breakdowns by race and ethnicity look at.
    """

    rows: Mapping[By, Sequence[str]]
    alone: Mapping[By, Sequence[str]]
    kind: Kind
    age: str | None


class Standing:
    """Where clients stand in the rows of a frame: the same `Stands` for all who are alike."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._known: dict[Groups, Stands] = {}

    def of(self, groups: Groups) -> Stands:
        """Where these groups stand."""
        age = groups.age(_ANY) if len({age for _, age in groups.ages}) <= 1 else None
        key = replace(groups, ages=() if age is None else ((_ANY, age),))
        if (found := self._known.get(key)) is None:
            rows: dict[By, Sequence[str]] = {by: tuple(group_labels(groups, by)) for by in WHOEVER}
            alone = {by: named(labels, self._frame.of(by)) for by, labels in rows.items()}
            if age is not None:
                rows[By.AGE] = alone[By.AGE] = (age,)
            found = self._known[key] = Stands(rows, alone, (groups.spd15, groups.cdph8, groups.detailed), age)
        return found


_ANY: Final = datetime(1, 1, 1, tzinfo=UTC)


def named(found: Iterable[str], known: Sequence[str]) -> Sequence[str]:
    """Labels of rows, those that no frame names as one: what nobody else speaks would tell of her."""
    return tuple(dict.fromkeys(label if label in known else OTHER for label in found))
