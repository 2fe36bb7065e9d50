"""What changed between two releases: shares, rates, times and gaps, as shown alone; and how much came late."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from fastapi import Query as InQuery

from services.measures.api.compared import counted_of, unit_of
from services.measures.api.problems import no_such_measure, not_in_catalogue, withdrawn
from services.measures.api.releases import AtPool, Pool, find_release
from services.measures.api.said import POINTS, Answer, Between, Unit, between, number, of_100
from services.measures.api.shapes import Name, Query, Reader
from services.measures.definitions import find
from services.measures.domain.counted import Absent, Bounded, Counted, Value
from services.measures.domain.equity import gap_closure, moved, overlay, value_of
from services.measures.domain.measure import By, Kind
from services.measures.domain.suppression import TOTAL, Shown
from services.measures.releases import ledger
from services.measures.releases.late import late
from services.measures.releases.ledger import MeasureOf, Release
from services.runtime.auth import Principal
from services.runtime.http import lean_router

router = lean_router()

Rows: TypeAlias = Mapping[str, Counted | None]
Direction: TypeAlias = Literal["more", "fewer", "same"]
_NOW, _BEFORE = "now", "before"


class ChangesOf(Query):
    """Of which table, compared with which other release."""

    measure: Name
    by: By = By.NONE
    since: UUID


class Change(Answer):
    """One row; the total has no label. `points`: its share or rate less that of the other release.

    Where the two are about overlapping times, the same people may be in both: then nothing but the difference is said.
    `closed`: how much (of 100) of its gap to the reference has closed, less than 0 where it is wider; `gap`: by how
    many points the gap has moved. `absent` says why nothing is.
    """

    label: str
    points: Between | None
    closed: float | None
    gap: Between | None
    absent: Absent | None


class LateShown(Answer):
    """What was written down between the two cutoffs of the time that the release with the earlier one is about.

    `at_least` so many facts of the whole initiative, in tens; null where they are too few to show. `direction`: whether
    the later of two releases about the same time has a higher share or count for the measure; null where it does not
    follow from what is shown.
    """

    at_least: int | None
    direction: Direction | None


class Changes(Answer):
    """What changed from `since` to `release`, in points of 100; where `per_days` is said, in events in so many days;
    where `within_days`, in points of 100 of what had been reached by then.

    Not `comparable`, and without rows, where they count by different versions, where no total can be shown, and of
    counts, mixes and spreads, which have no one rate.
    """

    release: str
    since: str
    measure: str
    by: By
    comparable: bool
    per_days: float | None
    within_days: float | None
    rows: list[Change]
    late: LateShown


@router.get("/v1/releases/{release}/changes")
async def list_release_changes(
    principal: Reader, pool: AtPool, release: UUID, asked: Annotated[ChangesOf, InQuery()]
) -> Changes:
    """How a table of a release differs from the same table of another one."""
    return await asyncio.to_thread(_changes, pool, principal, release, asked)


def _changes(pool: Pool, principal: Principal, release: UUID, asked: ChangesOf) -> Changes:
    pair = [find_release(pool, each, principal) for each in (release, asked.since)]
    found = [next((each for each in of.measures if each.id == asked.measure), None) for of in pair]
    now, before = found
    if now is None or before is None:
        raise no_such_measure(asked.measure)
    if asked.by not in now.by or asked.by not in before.by:
        raise not_in_catalogue("/query/by", "not_broken_down")
    if any(each.withdrawn for each in pair):
        raise withdrawn()
    kind, shown = find(now.id, now.version).kind, [_rows(pool, each.id, asked) for each in pair]
    units = {unit_of(each[TOTAL], kind) for each in shown} if now.version == before.version else {None}
    unit = units.pop() if len(units) == 1 else None
    reference = pair[0].references.get(asked.measure, {}).get(str(asked.by))
    apart = pair[1].span.until <= pair[0].span.since or pair[0].span.until <= pair[1].span.since
    rows = list[Change]()
    if unit is not None:
        tables = [{label: counted_of(row, kind, unit) for label, row in each.items()} for each in shown]
        rows = changes((tables[0], tables[1]), reference, unit, apart=apart)
    return Changes(
        release=str(release),
        since=str(asked.since),
        measure=asked.measure,
        by=asked.by,
        comparable=unit is not None,
        per_days=unit and unit.per,
        within_days=unit and unit.within_days,
        rows=rows,
        late=_late(pool, pair, now if now.version == before.version else None),
    )


def _late(pool: Pool, pair: Sequence[Release], measure: MeasureOf | None) -> LateShown:
    """What came late, and where the figure went; `measure` is None where the two count it in different ways."""
    before, after = sorted(pair, key=lambda release: release.cutoff)
    with pool.connection() as connection:
        at_least = late(connection, before, after)
        if measure is None or before.span != after.span:
            return LateShown(at_least=at_least, direction=None)
        [old], [new] = (ledger.figures(connection, each.id, measure.id, By.NONE) for each in (before, after))
    return LateShown(at_least=at_least, direction=direction_of(measure, old[1], new[1]))


def direction_of(measure: MeasureOf, before: Shown, now: Shown) -> Direction | None:
    """Which way a total went, where it is shown and there was somebody to count."""
    kind = find(measure.id, measure.version).kind
    unit = unit_of(now, kind)
    old: Value | None
    new: Value | None
    if kind is Kind.CLIENTS:
        old, new = before.numerator, now.numerator
    elif unit is None or unit_of(before, kind) != unit:
        return None
    else:
        old, new = (value_of(counted_of(each, kind, unit)) for each in (before, now))
    if old is None or new is None or isinstance(old, Absent) or isinstance(new, Absent):
        return None
    return "same" if old == new else "more" if new > old else "fewer"


def _rows(pool: Pool, release: UUID, asked: ChangesOf) -> dict[str, Shown]:
    with pool.connection() as connection:
        tables = [ledger.figures(connection, release, asked.measure, by) for by in {By.NONE, asked.by}]
    return {label: row for table in tables for label, row in table}


def changes(tables: tuple[Rows, Rows], reference: str | None, unit: Unit = POINTS, *, apart: bool) -> list[Change]:
    """Each row that both have, now and before. `apart`: nobody is counted in both, so that an interval can be said."""
    now, before = tables
    return [_change(label, tables, reference, unit, apart) for label in now if label in before]


def _change(label: str, tables: tuple[Rows, Rows], reference: str | None, unit: Unit, apart: bool) -> Change:
    now, before = tables
    [compared] = overlay({_NOW: now[label], _BEFORE: before[label]}, _BEFORE, None).groups
    points = compared.difference
    if isinstance(points, Absent):
        return Change(label=label, points=None, closed=None, gap=None, absent=points)
    was, is_ = (_gap(of, label, reference) for of in (before, now))
    closed, gap = number(gap_closure(_value(was), _value(is_))), moved(was, is_)
    return Change(
        label=label,
        points=_said(points, unit, apart=apart),
        closed=None if closed is None else of_100(closed),
        gap=None if isinstance(gap, Absent) else _said(gap, unit, apart=apart),
        absent=None,
    )


def _said(found: Bounded, unit: Unit, *, apart: bool) -> Between:
    times, places = unit.scale
    said = between(found.times(times), 0, places)
    return said if apart else said.model_copy(update={"low": None, "high": None, "chance": True})


def _gap(table: Rows, label: str, reference: str | None) -> Bounded | Absent:
    if reference is None or reference not in table or label in {TOTAL, reference}:
        return Absent.NOT_DEFINED
    [compared] = overlay({label: table[label], reference: table[reference]}, reference, None).groups
    return compared.difference


def _value(gap: Bounded | Absent) -> Value:
    return gap if isinstance(gap, Absent) else gap.value
