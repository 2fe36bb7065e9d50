"""What the directory's facts said of agencies at a cutoff, and which of them wrote something down."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, LiteralString

from contracts.events.directory import AgencyStatedV1
from contracts.initiative import Initiative
from contracts.vocabulary import Standing
from services.measures.domain.data_quality import DataQuality
from services.measures.domain.period import Period
from services.measures.settings import MeasuresSettings
from services.measures.store import progress
from services.measures.store.journeys import ordinary_topics, reading
from services.runtime.postgres import Connection

_TYPES: Final[LiteralString] = (
    "SELECT DISTINCT ON (data->>'agency') data->>'agency', data->>'type' FROM live.facts"
    " WHERE initiative = %s AND type = %s AND recorded_at <= %s ORDER BY data->>'agency', position DESC"
)
_TAKING_PART: Final[LiteralString] = (
    "SELECT DISTINCT ON (data->>'agency') data->>'agency', (data->>'on_system')::boolean, data->>'standing'"
    " FROM live.facts WHERE initiative = %s AND type = %s AND recorded_at <= %s ORDER BY data->>'agency', position DESC"
)
_WROTE: Final[LiteralString] = (
    "SELECT DISTINCT agency FROM live.facts WHERE initiative = %s AND recorded_at <= %s AND topic = ANY(%s)"
    " AND occurred_at >= coalesce(%s::timestamptz, '-infinity')"
    " AND occurred_at < coalesce(%s::timestamptz, 'infinity')"
)
_THERE: Final = frozenset({Standing.ACTIVE, Standing.PAUSED})


def agency_types(settings: MeasuresSettings, initiative: str, cutoff: datetime) -> dict[str, str]:
    """The type of every agency of which the directory has said it, by the agency's id."""
    with reading(settings.measures_dsn) as connection:
        rows = connection.execute(_TYPES, [initiative, AgencyStatedV1.TYPE, cutoff]).fetchall()
    return {str(agency): str(kind) for agency, kind in rows}


def data_quality(connection: Connection, initiative: Initiative, period: Period, cutoff: datetime) -> DataQuality:
    """How good the data of a period are, as known at a cutoff.

    Of an agency that the directory has not stated yet, its configuration says whether it is on the system.
    """
    there = _taking_part(connection, initiative, cutoff)
    on_system = {agency for agency, is_on in there.items() if is_on}
    over = [initiative.slug, cutoff, list(ordinary_topics()), period.since, period.until]
    wrote = {str(agency) for (agency,) in connection.execute(_WROTE, over).fetchall()}
    return DataQuality(
        agencies_on_system=len(on_system),
        agencies_reporting=len(on_system & wrote),
        agencies_not_on_system=len(there) - len(on_system),
        parked=progress.parked(connection),
    )


def _taking_part(connection: Connection, initiative: Initiative, cutoff: datetime) -> Mapping[str, bool]:
    """The agencies that take part, and whether each is on the system."""
    there = {agency.id: agency.on_system for agency in initiative.agencies}
    for agency, is_on, standing in connection.execute(_TAKING_PART, [initiative.slug, AgencyStatedV1.TYPE, cutoff]):
        if standing in _THERE:
            there[str(agency)] = bool(is_on)
        else:
            there.pop(str(agency), None)
    return there
