"""Measures over HTTP: what is measured, and how."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query as InQuery

from services.measures.api.paging import next_url, place_of
from services.measures.api.shapes import Measures, MeasureShown, Page, Reader
from services.measures.definitions import CATALOGUE, UnknownMeasure, find
from services.runtime.http import lean_router
from services.runtime.http.problem import not_found

router = lean_router()

PATH = "/v1/measures"


@router.get("/v1/measures")
async def list_measures(principal: Reader, page: Annotated[Page, InQuery()]) -> Measures:
    """Every measure that is defined, in the order of the catalogue."""
    start = place_of(PATH, principal.initiative, page.cursor) or 0
    end, defined = start + page.limit, list(CATALOGUE.values())
    following = next_url(PATH, principal.initiative, page.limit, end if end < len(defined) else None)
    return Measures(items=[MeasureShown.defined(each) for each in defined[start:end]], next=following)


@router.get("/v1/measures/{measure}")
async def get_measure(principal: Reader, measure: str) -> MeasureShown:
    """One measure with its definition."""
    del principal
    try:
        return MeasureShown.defined(find(measure))
    except UnknownMeasure:
        raise not_found() from None
