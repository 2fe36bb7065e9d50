"""What the directory's facts said of agencies at a cutoff."""

from __future__ import annotations

from datetime import datetime
from typing import Final, LiteralString

from contracts.events.directory import AgencyStatedV1
from services.measures.settings import MeasuresSettings
from services.measures.store.journeys import reading

_TYPES: Final[LiteralString] = (
    "SELECT DISTINCT ON (data->>'agency') data->>'agency', data->>'type' FROM live.facts"
    " WHERE initiative = %s AND type = %s AND recorded_at <= %s ORDER BY data->>'agency', position DESC"
)


def agency_types(settings: MeasuresSettings, initiative: str, cutoff: datetime) -> dict[str, str]:
    """The type of every agency of which the directory has said it, by the agency's id."""
    with reading(settings.measures_dsn) as connection:
        rows = connection.execute(_TYPES, [initiative, AgencyStatedV1.TYPE, cutoff]).fetchall()
    return {str(agency): str(kind) for agency, kind in rows}
