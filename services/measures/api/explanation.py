"""Why a released figure is what it is, for who may read it: rules in words, and counts as far as they are released."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Final
from uuid import UUID

from fastapi import Query as InQuery

from services.measures.api.problems import no_such_measure, withdrawn
from services.measures.api.releases import AtPool, Pool, find_release
from services.measures.api.said import Answer
from services.measures.api.shapes import MeasureShown, Name, Query, Reader
from services.measures.definitions import find
from services.measures.domain.measure import NOT_COUNTED, By, Kind, Standing
from services.measures.domain.suppression import HIDES, Shown
from services.measures.releases import ledger
from services.runtime.auth import Principal
from services.runtime.http import lean_router

router = lean_router()

_APART: Final = (Standing.PENDING, Standing.MISSING, Standing.EXCLUDED)


class OfMeasure(Query):
    """Of which measure of the release."""

    measure: Name


class RuleShown(Answer):
    """One way in which a unit comes to its standing. `units` are those of a mix, where the release shows them."""

    rule: str
    standing: Standing
    words: str
    units: int | None


class Explanation(Answer):
    """Which rule of its definition puts a unit where, over the whole period of a release.

    How many units each rule put there is not released, but for the pieces of a mix. `standings` are the counts that
    are; null is too few to show, and a standing is left out where the measure has no such count. `hides` are all
    reasons for which a cell is not shown; which of them hid one is never said.
    """

    release: str
    name: str
    measure: MeasureShown
    rules: list[RuleShown]
    standings: dict[Standing, int | None]
    hides: list[str]


@router.get("/v1/releases/{release}/explanation")
async def explain_release_figure(
    principal: Reader, pool: AtPool, release: UUID, asked: Annotated[OfMeasure, InQuery()]
) -> Explanation:
    """Which rules stand behind a measure of a release, in the words of the definition that it froze."""
    return await asyncio.to_thread(_explained, pool, principal, release, asked.measure)


def _explained(pool: Pool, principal: Principal, release: UUID, measure: str) -> Explanation:
    found = find_release(pool, release, principal)
    frozen = next((each for each in found.measures if each.id == measure), None)
    if frozen is None:
        raise no_such_measure(measure)
    if found.withdrawn:
        raise withdrawn()
    with pool.connection() as connection:
        [(_, total)] = ledger.figures(connection, found.id, measure, By.NONE)
    definition = find(frozen.id, frozen.version)
    shares: Mapping[str, int] = (total.detail or {}).get("shares") or {}
    return Explanation(
        release=str(found.id),
        name=found.name,
        measure=MeasureShown.frozen(frozen),
        rules=[
            RuleShown(rule=rule.code, standing=rule.standing, words=rule.words, units=shares.get(rule.code))
            for rule in (*definition.rules, NOT_COUNTED)
        ],
        standings=standings_of(definition.kind, total),
        hides=list(HIDES),
    )


def standings_of(kind: Kind, total: Shown) -> dict[Standing, int | None]:
    """The counts of a total by standing: events of a rate are no units, and a count of clients leaves nobody unmet."""
    apart = {standing: getattr(total, standing.value) for standing in _APART}
    if kind is Kind.RATE:
        return apart
    if kind is Kind.CLIENTS:
        return {Standing.MET: total.numerator, **apart}
    hidden = total.numerator is None or total.denominator is None
    unmet = None if hidden else (total.denominator or 0) - (total.numerator or 0)
    return {Standing.MET: total.numerator, Standing.UNMET: unmet, **apart}
