"""Measures over HTTP: what is measured, and how."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query as InQuery

from services.measures.api.shapes import Measures, MeasureShown, Page, Reader
from services.measures.definitions import CATALOGUE, UnknownMeasure, find
from services.runtime.http import lean_router
from services.runtime.http.problem import not_found

router = lean_router()


@router.get("/v1/measures")
async def list_measures(principal: Reader, page: Annotated[Page, InQuery()]) -> Measures:
    """Every measure that is defined, in the order of the catalogue."""
    del principal, page
    return Measures(items=[MeasureShown.defined(definition) for definition in CATALOGUE.values()])


@router.get("/v1/measures/{measure}")
async def get_measure(principal: Reader, measure: str) -> MeasureShown:
    """One measure with its definition."""
    del principal
    try:
        return MeasureShown.defined(find(measure))
    except UnknownMeasure:
        raise not_found() from None
