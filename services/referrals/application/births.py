"""Births: a client's birth date as the caller's agency has it in its own record, and which days lie before it."""

from datetime import date
from uuid import UUID

from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.sealing import GIVING
from services.referrals.application.work import UNANSWERED
from services.referrals.vault.identity import Identity
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.terms import Subject
from services.runtime.postgres import Unavailable, is_outage


async def before_birth(desk: Desk, acting: Acting, client: UUID | Identity, day: date) -> bool:
    """Whether she was not born yet; no where nobody knows. Nobody is born in the future: today needs no look."""
    if day >= acting.today:
        return False
    born = client.birth_date if isinstance(client, Identity) else await _born_if_there(desk, acting, client)
    return born is not None and day < born


async def born(desk: Desk, acting: Acting, client: UUID) -> date | None:
    """Her birth date, None where this agency has none of its own: what she gave is that once it is accepted (R1).

    A copy that the agency accepted a moment ago is brought to where it stands. Raises what an outage raises.
    """
    stated = await _stated(desk, acting, client)
    if stated is None and (accepted := await _accepted(desk, acting, client)):
        await desk.sealer.make(accepted)
        stated = await _stated(desk, acting, client)
    return stated


async def _born_if_there(desk: Desk, acting: Acting, client: UUID) -> date | None:
    """None while the vault is away: what goes by reference needs the event store alone."""
    try:
        return await _stated(desk, acting, client)
    except Exception as error:
        if not (isinstance(error, Unavailable) or is_outage(error)):
            raise
        return None


async def _stated(desk: Desk, acting: Acting, client: UUID) -> date | None:
    holder = Holder(acting.initiative, acting.agency, client)
    held = (await desk.vault.held.of([holder], accepted=True)).get(holder)
    stated = held.fields.get("birth_date") if held else None
    return date.fromisoformat(stated) if stated else None


async def _accepted(desk: Desk, acting: Acting, client: UUID) -> list[Subject]:
    """Referrals and handoffs of her that this agency took on; none where it registered her itself."""
    found = await clients.look(desk, acting, client)
    brought = (row for row in found.work if row.to_agency == acting.agency and row.receiver_until is None)
    return [Subject(row.kind, row.id) for row in brought if row.state not in UNANSWERED and row.kind in GIVING]
