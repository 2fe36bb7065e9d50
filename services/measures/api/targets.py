"""Targets over HTTP: how far they are by what others printed of the population, never by figures of our clients."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated

from fastapi import Query as InQuery

from contracts.initiative import Initiative
from services.measures.api.paging import next_url, place_of
from services.measures.api.population_shapes import PopulationFigures, PopulationFigureShown
from services.measures.api.releases import AtPool, Pool
from services.measures.api.shapes import Page, Reader
from services.measures.api.target_shapes import Targets, TargetShown
from services.measures.application.targets import follow
from services.measures.domain.population import PopulationFigure
from services.measures.store import population
from services.runtime.http import Part, lean_router
from services.runtime.http.problem import not_found

router = lean_router()

AtInitiatives = Annotated[Mapping[str, Initiative], Part("initiatives")]

TARGETS = "/v1/targets"
FIGURES = "/v1/population-figures"


@router.get("/v1/targets")
async def list_targets(
    principal: Reader, pool: AtPool, initiatives: AtInitiatives, page: Annotated[Page, InQuery()]
) -> Targets:
    """The targets of the caller's initiative, with what remains from each printed baseline."""
    initiative = initiatives.get(principal.initiative)
    if initiative is None:
        raise not_found()
    start = place_of(TARGETS, principal.initiative, page.cursor) or 0
    end = start + page.limit
    found = follow(initiative, await asyncio.to_thread(_figures, pool, principal.initiative))
    following = next_url(TARGETS, principal.initiative, page.limit, end if end < len(found) else None)
    return Targets(items=[TargetShown.of(each) for each in found[start:end]], next=following)


@router.get("/v1/population-figures")
async def list_population_figures(
    principal: Reader, pool: AtPool, page: Annotated[Page, InQuery()]
) -> PopulationFigures:
    """What others printed of the initiative's population, as printed and as it recomputes."""
    start = place_of(FIGURES, principal.initiative, page.cursor) or 0
    end = start + page.limit
    found = await asyncio.to_thread(_figures, pool, principal.initiative)
    following = next_url(FIGURES, principal.initiative, page.limit, end if end < len(found) else None)
    return PopulationFigures(items=[PopulationFigureShown.of(each) for each in found[start:end]], next=following)


def _figures(pool: Pool, initiative: str) -> list[PopulationFigure]:
    with pool.connection() as connection:
        return population.figures(connection, initiative)
