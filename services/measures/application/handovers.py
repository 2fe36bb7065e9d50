"""The matrix of handovers of an initiative for an operator: exact, and therefore never behind the gateway (R24)."""

from __future__ import annotations

from typing import Literal

from services.measures.application.looking import Asked, look
from services.measures.domain.handover import handovers
from services.measures.settings import MeasuresSettings
from services.measures.store.directory import agency_types

NOT_LISTED = "not_in_directory"
Between = Literal["types", "agencies"]


def matrix(settings: MeasuresSettings, asked: Asked, between: Between) -> dict[str, object]:
    """How often contacts by one agency, or type of agency, were followed by one of another, the most frequent first.

    An agency's type is what the directory said of it last, else what the initiative's configuration says.
    """
    with look(settings, asked, sensitive=False) as seen:
        types = {agency.id: agency.type for agency in asked.initiative.agencies}
        types |= agency_types(settings, asked.initiative.slug, seen.as_of.cutoff)
        named = (lambda agency: types.get(agency, NOT_LISTED)) if between == "types" else str
        found = handovers(seen.journeys, seen.period, seen.as_of, named)
    ordered = sorted(found.items(), key=lambda each: (-each[1], each[0]))
    return {
        "initiative": asked.initiative.slug,
        "between": between,
        "since": asked.since.isoformat() if asked.since else None,
        "until": asked.until.isoformat() if asked.until else None,
        "handovers": [{"from": one, "to": other, "count": count} for (one, other), count in ordered],
        "all": sum(found.values()),
        "changes": sum(count for (one, other), count in found.items() if one != other),
        "lag": seen.lag,
        "parked": seen.quality.parked,
    }
