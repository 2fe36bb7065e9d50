"""What changed between two releases: shares and gaps, from shown counts alone; and how much came late."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from fastapi import Query as InQuery

from services.measures.api.compared import share_of
from services.measures.api.problems import not_in_catalogue, unknown_measure, withdrawn
from services.measures.api.releases import AtPool, Pool, find_release
from services.measures.api.said import Answer, Between, between, number, of_100
from services.measures.api.shapes import Name, Query, Reader
from services.measures.definitions import find
from services.measures.domain.counted import Absent, Share, Value, minus
from services.measures.domain.equity import gap_closure, overlay
from services.measures.domain.measure import By, Kind
from services.measures.domain.suppression import TOTAL, Shown
from services.measures.releases import ledger
from services.measures.releases.late import late
from services.measures.releases.ledger import MeasureOf, Release
from services.runtime.auth import Principal
from services.runtime.http import lean_router

router = lean_router()

Shares: TypeAlias = Mapping[str, Share | None]
Direction: TypeAlias = Literal["more", "fewer", "same"]
_NOW, _BEFORE = "now", "before"


class ChangesOf(Query):
    """Of which table, compared with which other release."""

    measure: Name
    by: By = By.NONE
    since: UUID


class Change(Answer):
    """One row; the total has no label. `points`: its share less that of the other release, in points of 100.

    Where the two are about overlapping times, the same people may be in both: then nothing but the difference is said.
    `closed`: how much (of 100) of its gap to the reference has closed, less than 0 where it is wider. `absent` says
    why nothing is.
    """

    label: str
    points: Between | None
    closed: float | None
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
    """What changed from `since` to `release`; no rows where they count by different versions, or no shares."""

    release: str
    since: str
    measure: str
    by: By
    comparable: bool
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
        raise unknown_measure("/query/measure")
    if asked.by not in now.by or asked.by not in before.by:
        raise not_in_catalogue("/query/by", "not_broken_down")
    if any(each.withdrawn for each in pair):
        raise withdrawn()
    shares = find(now.id, now.version).kind is Kind.PROPORTION
    comparable = shares and now.version == before.version
    tables = [_shares(pool, each.id, asked) for each in pair] if comparable else [{}, {}]
    reference = pair[0].references.get(asked.measure, {}).get(str(asked.by))
    apart = pair[1].span.until <= pair[0].span.since or pair[0].span.until <= pair[1].span.since
    return Changes(
        release=str(release),
        since=str(asked.since),
        measure=asked.measure,
        by=asked.by,
        comparable=comparable,
        rows=changes(tables[0], tables[1], reference, apart=apart),
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
    if before.numerator is None or now.numerator is None or kind not in {Kind.PROPORTION, Kind.CLIENTS}:
        return None
    old, new = before.numerator * (now.denominator or 0), now.numerator * (before.denominator or 0)
    if kind is Kind.CLIENTS:
        old, new = before.numerator, now.numerator
    elif not before.denominator or not now.denominator:
        return None
    return "same" if old == new else "more" if new > old else "fewer"


def _shares(pool: Pool, release: UUID, asked: ChangesOf) -> dict[str, Share | None]:
    with pool.connection() as connection:
        tables = [ledger.figures(connection, release, asked.measure, by) for by in {By.NONE, asked.by}]
    return {label: share_of(row) for table in tables for label, row in table}


def changes(now: Shares, before: Shares, reference: str | None, *, apart: bool) -> list[Change]:
    """Each row that both have. `apart`: nobody is counted in both, so that an interval can be said."""
    return [_change(label, (now, before), reference, apart) for label in now if label in before]


def _change(label: str, tables: tuple[Shares, Shares], reference: str | None, apart: bool) -> Change:
    now, before = tables
    [compared] = overlay({_NOW: now[label], _BEFORE: before[label]}, _BEFORE, None).groups
    points = compared.difference
    if isinstance(points, Absent):
        return Change(label=label, points=None, closed=None, absent=points)
    said = between(points.times(100), 0, 1)
    known = said if apart else said.model_copy(update={"low": None, "high": None, "chance": True})
    closed = (
        None
        if label in {TOTAL, reference}
        else number(gap_closure(*(_gap(of, label, reference) for of in (before, now))))
    )
    return Change(label=label, points=known, closed=None if closed is None else of_100(closed), absent=None)


def _gap(table: Shares, label: str, reference: str | None) -> Value:
    if reference is None or reference not in table:
        return Absent.NOT_DEFINED
    return minus(_value(table[label]), _value(table[reference]))


def _value(share: Share | None) -> Value:
    if share is None:
        return Absent.TOO_FEW
    return share.met / share.of if share.of else Absent.NO_ONE
