"""Owns the measures: one versioned file each, whose docstring is the definition that partners read."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from services.measures.definitions import (
    agency_changes_v1,
    clients_reached_v1,
    closed_loop_rate_v1,
    handoff_completion_v1,
    response_rate_v1,
)
from services.measures.domain.measure import Definition

EVERY: Final = (
    response_rate_v1.DEFINITION,
    closed_loop_rate_v1.DEFINITION,
    handoff_completion_v1.DEFINITION,
    clients_reached_v1.DEFINITION,
    agency_changes_v1.DEFINITION,
)
"""Every version of every measure, in the order of the catalogue; none ever leaves it."""


class UnknownMeasure(Exception):
    """No measure of that id, or no such version of it, is defined."""


def in_force(every: tuple[Definition, ...]) -> Mapping[str, Definition]:
    """The newest version of each measure, by its id, in the order of the catalogue."""
    newest: dict[str, Definition] = {}
    for each in every:
        known = newest.get(each.id)
        newest[each.id] = each if known is None or known.version < each.version else known
    return MappingProxyType(newest)


CATALOGUE: Final = in_force(EVERY)
"""The definition in force of each measure."""

_NAMED: Final = {each.name: each for each in EVERY}


def find(measure: str, version: int | None = None) -> Definition:
    """A measure by its id, as it is in force or in a version, or by id and version as figures name it.

    `find("response_rate")`, `find("response_rate", 1)` and `find("response_rate_v1")`. Raises UnknownMeasure.
    """
    found = CATALOGUE.get(measure) if version is None else _NAMED.get(f"{measure}_v{version}")
    found = found or (_NAMED.get(measure) if version is None else None)
    if found is None:
        raise UnknownMeasure
    return found
