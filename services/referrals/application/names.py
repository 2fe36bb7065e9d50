"""Names of clients for lists and pages: those that the caller's agency holds, and no others."""

from collections.abc import Collection
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.vault.data_keys import Holder
from services.runtime.postgres import Unavailable, is_outage


async def names_held(desk: Desk, acting: Acting, clients: Collection[UUID], *, own: bool) -> dict[UUID, str]:
    """Clients' names as the caller's agency holds them; none while the vault is away.

    `own`: only names of its own record, which a copy becomes on acceptance. What she gave for a referral that is
    not accepted is read as given, and written down (R1).
    """
    holders = [Holder(acting.initiative, acting.agency, client) for client in clients]
    try:
        held = await desk.vault.held.of(holders, accepted=own)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return {}
    return {holder.client_id: holding.name.text() for holder, holding in held.items() if holding.name is not None}
