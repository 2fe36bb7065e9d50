"""What is kept of a client from one close of a period for the next: her units still to come, and the facts behind them.

It is a memory and no record: it can be thrown away at any time, and is found again by a digest of her facts and of the
code that read them, so that whatever was learned of her later, or is read otherwise now, finds nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from contracts.canonical import canonical_json
from services.measures.domain.exposure import Exposure
from services.measures.domain.groups import Groups
from services.measures.domain.incidence import End, Wait
from services.measures.domain.measure import NOT_COUNTED, AsOf, Definition, Rule, Size, Unit
from services.measures.domain.period import Period
from services.measures.store.journeys import Basis
from services.measures.store.kept import Extent

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_READ_BY: Final = (
    "contracts",
    "services/measures/domain",
    "services/measures/definitions",
    "services/measures/releases",
)

Units = Mapping[str, Sequence[Unit]]
"""Units by the name of their definition."""


def key_of(on: Basis, definitions: Iterable[Definition], as_of: AsOf) -> bytes:
    """Under which what is kept can be used: the same code, initiative, zone, rule of counting, topics and measures."""
    names = [each.name for each in definitions]
    said = [_code(), on.initiative, str(as_of.zone), on.rule, on.restricted, names]
    return hashlib.sha256(canonical_json(said)).digest()


def remember(groups: Groups, units: Units, open_at: datetime | None) -> tuple[Extent, str]:
    """A client's units as they are kept; for a period that reaches back to `open_at` she must be looked at anew."""
    ats = [unit.at for each in units.values() for unit in each]
    said = {name: [_plain(unit) for unit in each] for name, each in units.items() if each}
    content = msgspec.json.encode([_said(groups), said]).decode()
    return Extent(min(ats, default=None), max(ats, default=None), open_at), content


class Memory:
    """Reads again what was kept of clients, for some definitions and one period."""

    def __init__(self, definitions: Iterable[Definition], period: Period) -> None:
        self._since, self._until = (None if at is None else _count(at) for at in (period.since, period.until))
        self._rules: Final[Mapping[str, Mapping[str, Rule]]] = {
            each.name: {rule.code: rule for rule in (*each.rules, NOT_COUNTED)} for each in definitions
        }

    def recall(self, content: str) -> tuple[Groups, dict[str, list[Unit]]]:
        """Her groups, and her units of the period by the names of their definitions."""
        groups, units = msgspec.json.decode(content)
        found = {name: list(self._units(self._rules[name], each)) for name, each in units.items()}
        return _groups(groups), {name: each for name, each in found.items() if each}

    def _units(self, rules: Mapping[str, Rule], plain: Iterable[Sequence[Any]]) -> Iterator[Unit]:
        for at, code, id, category, channel, owner, agencies, size, stage in plain:
            if (self._since is None or self._since <= at) and (self._until is None or at < self._until):
                moment, thing = _EPOCH + at * _MICROSECOND, None if id is None else UUID(hex=id)
                yield Unit(
                    moment, rules[code], thing, category, channel, owner, tuple(agencies), _size(size), stage
                )  # fmt: skip


def _plain(unit: Unit) -> list[object]:
    size: object = unit.size
    if isinstance(unit.size, Wait):
        size = {"lasted": unit.size.lasted // _MICROSECOND, "end": unit.size.end}
    elif isinstance(unit.size, Exposure):
        size = {"events": unit.size.events, "days": unit.size.days}
    id = None if unit.id is None else unit.id.hex
    thing = (id, unit.category, unit.channel, unit.owner, unit.agencies)
    return [_count(unit.at), unit.rule.code, *thing, size, unit.stage]


def _size(plain: Any) -> Size | None:
    if not isinstance(plain, dict):
        found: float | None = plain
        return found
    if "days" in plain:
        return Exposure(plain["events"], plain["days"])
    return Wait(plain["lasted"] * _MICROSECOND, End(plain["end"]))


def _said(groups: Groups) -> list[object]:
    ages = [[_count(at), age] for at, age in groups.ages]
    who = (groups.spd15, groups.cdph8, groups.detailed, groups.language, groups.zip_group, groups.payer, groups.county)
    return [*who, ages]


def _groups(said: Sequence[Any]) -> Groups:
    spd15, cdph8, detailed, language, zip_group, payer, county, ages = said
    known = tuple((_EPOCH + at * _MICROSECOND, age) for at, age in ages)
    return Groups(tuple(spd15), cdph8, tuple(detailed), language, zip_group, payer, county, known)


def _count(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


@cache
def _code() -> str:
    """A digest of all that reads facts and counts them: with other code nothing is found."""
    root = Path(__file__).parents[3]
    files = sorted(path for folder in _READ_BY for path in (root / folder).rglob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()
