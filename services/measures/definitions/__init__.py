"""Owns the measures: one versioned file each, whose docstring is the definition that partners read."""

from __future__ import annotations

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

CATALOGUE: Final = MappingProxyType(
    {
        definition.id: definition
        for definition in (
            response_rate_v1.DEFINITION,
            closed_loop_rate_v1.DEFINITION,
            handoff_completion_v1.DEFINITION,
            clients_reached_v1.DEFINITION,
            agency_changes_v1.DEFINITION,
        )
    }
)
"""The definition in force of each measure, by its id, in the order of the catalogue."""


class UnknownMeasure(Exception):
    """No measure of that id is defined."""


def find(measure: str) -> Definition:
    """The definition in force of a measure; raises UnknownMeasure."""
    try:
        return CATALOGUE[measure]
    except KeyError:
        raise UnknownMeasure from None
