"""Names of clients for lists and pages: those that the caller's agency holds, and no others."""

from collections.abc import Collection, Sequence
from uuid import UUID

from services.referrals.application import given
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.store.commit import WorkRow
from services.referrals.vault.open_keys import Holder
from services.runtime.postgres import Unavailable, is_outage


async def names_held(desk: Desk, acting: Acting, clients: Collection[UUID]) -> dict[UUID, str]:
    """Clients' names as the agency's own record has them, which a copy becomes on acceptance; none while the vault is
    away."""
    holders = [Holder(acting.initiative, acting.agency, client) for client in clients]
    try:
        held = await desk.vault.held.of(holders, accepted=True)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return {}
    return {holder.client_id: holding.name.text() for holder, holding in held.items() if holding.name is not None}


async def names_in(desk: Desk, acting: Acting, rows: Sequence[WorkRow]) -> dict[UUID, str]:
    """Names by referral or handoff: of the agency's own record, else what she gave for that very one.

    The latter is written down before (R1). Raises Overloaded, Unavailable where it cannot be.
    """
    held = await names_held(desk, acting, {row.client_id for row in rows})
    own = {row.id: held[row.client_id] for row in rows if row.client_id in held}
    return own | await given.names(desk, acting, [row for row in rows if row.id not in own])
