"""Whose outreach is paused or stopped: no list reminds anybody of contacting her (R5, R20)."""

from collections.abc import Collection
from typing import Final, LiteralString
from uuid import UUID

from services.runtime.postgres import AsyncPool

_PAUSED: Final[LiteralString] = (
    "SELECT id FROM work_index WHERE kind = 'client' AND state = 'paused' AND initiative = %s AND id = ANY (%s)"
)
# The condition on `topic` is that of the index in migrations/0006_stopped.sql, which answers all of it.
_STOPPED: Final[LiteralString] = (
    " AND NOT (waits_for = 'silence' AND 'client.no_further_contact.v1' IS NOT DISTINCT FROM ("
    "SELECT topic FROM stored_events said"
    " WHERE topic IN ('client.no_further_contact.v1', 'client.no_further_contact_corrected.v1')"
    " AND said.agency = %(agency)s AND said.client_id = work_index.client_id"
    " ORDER BY said.originator_version DESC LIMIT 1))"
)
NOT_QUIET: Final[LiteralString] = (
    " AND NOT (waits_for IN ('client_agrees', 'contact', 'promised', 'renew', 'send_on', 'silence') AND EXISTS ("
    "SELECT FROM work_index her WHERE her.id = work_index.client_id AND her.kind = 'client' AND her.state = 'paused'))"
    + _STOPPED
)
"""Leaves out steps that need her to be asked, called or visited; they are back as soon as outreach is resumed.

Who wants no contact with an agency is not missed by it: what else was open there has closed (R20).
"""


async def paused(pool: AsyncPool, initiative: str, clients: Collection[UUID]) -> set[UUID]:
    """Those of these clients whom nobody is to reach out to until it is resumed."""
    async with pool.connection() as connection:
        rows = await connection.execute(_PAUSED, [initiative, list(clients)])
        return {row[0] for row in await rows.fetchall()}
