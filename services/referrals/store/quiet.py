"""Whose outreach is paused or stopped, read off the log: no list reminds anybody of contacting her (R5, R20)."""

from collections.abc import Collection
from typing import Final, LiteralString
from uuid import UUID

from services.runtime.postgres import AsyncPool

# The conditions on `topic` are those of the indexes in migrations/0006_outreach.sql and 0007_stopped.sql, which
# answer all of it.
_SAID: Final[LiteralString] = (
    "FROM stored_events said WHERE topic IN ('client.outreach_paused.v1', 'client.outreach_resumed.v1')"
)
_PAUSED: Final[LiteralString] = (
    "SELECT client_id FROM (SELECT DISTINCT ON (client_id) client_id, topic "  # noqa: S608 - literals of our own
    + _SAID
    + " AND initiative = %(initiative)s AND client_id = ANY (%(clients)s)"
    " ORDER BY client_id, originator_version DESC) last WHERE topic = 'client.outreach_paused.v1'"
)
_STOPPED: Final[LiteralString] = (
    " AND NOT (waits_for = 'silence' AND 'client.no_further_contact.v1' IS NOT DISTINCT FROM ("
    "SELECT topic FROM stored_events said"
    " WHERE topic IN ('client.no_further_contact.v1', 'client.no_further_contact_corrected.v1')"
    " AND said.agency = %(agency)s AND said.client_id = work_index.client_id"
    " ORDER BY said.originator_version DESC LIMIT 1))"
)
NOT_QUIET: Final[LiteralString] = (
    " AND NOT (waits_for IN ('client_agrees', 'contact', 'promised', 'send_on', 'silence')"
    " AND 'client.outreach_paused.v1' IS NOT DISTINCT FROM (SELECT topic "
    + _SAID
    + " AND said.client_id = work_index.client_id ORDER BY said.originator_version DESC LIMIT 1))"
    + _STOPPED
)
"""Leaves out steps that need her to be asked, called or visited; they are back as soon as outreach is resumed.

Who wants no contact with an agency is not missed by it: what else was open there has closed (R20).
It is asked of each such row by itself: how much is paused elsewhere costs nothing.
"""


async def paused(pool: AsyncPool, initiative: str, clients: Collection[UUID]) -> set[UUID]:
    """Those of these clients whom nobody is to reach out to until it is resumed."""
    async with pool.connection() as connection:
        rows = await connection.execute(_PAUSED, {"initiative": initiative, "clients": list(clients)})
        return {row[0] for row in await rows.fetchall()}
