"""Owns how often streams have changed, without their facts being read."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from services.referrals.store.written import BESIDE
from services.runtime.postgres import AsyncPool

_BESIDE: Final = [kind.TYPE for kind in BESIDE]


async def versions(pool: AsyncPool, until: Mapping[UUID, int | None]) -> dict[UUID, int]:
    """How many events changed what each of these streams tells of (`written.changes`), up to one, or all (None)."""
    query = (
        "SELECT originator_id, count(*) FROM unnest(%s::uuid[], %s::bigint[]) AS asked(id, until)"
        " JOIN stored_events ON originator_id = id AND originator_version <= coalesce(until, originator_version)"
        " WHERE topic <> ALL (%s) GROUP BY originator_id"
    )
    async with pool.connection() as connection:
        rows = await (await connection.execute(query, [list(until), list(until.values()), _BESIDE])).fetchall()
    return {row[0]: row[1] for row in rows}
