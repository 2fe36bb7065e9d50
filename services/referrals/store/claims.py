"""Owns the question who does what: the claims of one agency that have not expired."""

from datetime import datetime, timedelta
from typing import Final, LiteralString
from uuid import UUID

from services.referrals.domain import claim
from services.referrals.domain.claim import Claim
from services.referrals.store.mapper import FactMapper
from services.referrals.store.recorded import COLUMNS, written_row
from services.referrals.store.written import happened
from services.runtime.postgres import AsyncPool

LONGEST: Final = timedelta(days=31)
"""No claim stands longer, whatever an initiative's service level and holidays are."""

# Most of a month's have expired: PostgreSQL leaves them out for less than it takes to read them here.
_LATEST: Final[LiteralString] = (
    "SELECT " + COLUMNS + " FROM (SELECT DISTINCT ON (originator_id) * FROM stored_events"  # noqa: S608 - ours
    " WHERE starts_with(topic, 'claim.') AND agency = %(agency)s AND initiative = %(initiative)s"
    " AND recorded_at > %(since)s ORDER BY originator_id, originator_version DESC) latest"
    " WHERE (convert_from(state, 'UTF8')::json ->> 'until')::timestamptz > %(now)s"
)


class Claims:
    """A query on the event table; the last fact of a claim says all of it."""

    def __init__(self, pool: AsyncPool, mapper: FactMapper) -> None:
        self._pool = pool
        self._mapper = mapper

    async def standing(self, initiative: str, agency: str, now: datetime) -> dict[UUID, Claim]:
        """The agency's claims by what they are of; each is for the step that it names, and for that alone."""
        given = {"initiative": initiative, "agency": agency, "since": now - LONGEST, "now": now}
        async with self._pool.connection() as connection, connection.cursor(binary=True) as cursor:
            await cursor.execute(_LATEST, given)
            events = [written_row(row, self._mapper.decode) for row in await cursor.fetchall()]
        states = (claim.fold(happened([event])) for event in events)
        return {state.work: state for state in states if state and claim.holder(state, state.waits_for, now)}
