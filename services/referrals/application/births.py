"""Births: whether a day lies before a client's own, as the caller's agency has it in its own record."""

from datetime import date
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.vault.data_keys import Holder
from services.referrals.vault.identity import Identity
from services.runtime.postgres import Unavailable, is_outage


async def before_birth(desk: Desk, acting: Acting, client: UUID | Identity, day: date) -> bool:
    """Whether she was not born yet; no where nobody knows. Nobody is born in the future: today needs no look."""
    if day >= acting.today:
        return False
    born = client.birth_date if isinstance(client, Identity) else await _born(desk, acting, client)
    return born is not None and day < born


async def _born(desk: Desk, acting: Acting, client: UUID) -> date | None:
    """None while the vault is away: what goes by reference needs the event store alone."""
    holder = Holder(acting.initiative, acting.agency, client)
    try:
        held = (await desk.vault.held.of([holder], accepted=True)).get(holder)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return None
    stated = held.fields.get("birth_date") if held else None
    return date.fromisoformat(stated) if stated else None
