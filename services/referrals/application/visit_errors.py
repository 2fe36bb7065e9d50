"""What was a mistake on a visit: the last step, or the whole of it (R14)."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.appointment import Stepped, read, step
from services.referrals.application.desk import Desk
from services.referrals.application.typed import write_note
from services.referrals.domain.appointment import EnterAppointmentInError
from services.referrals.domain.refusal import WrongSide
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import Side


async def take_back(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """The receiver takes its last step back; a coming that does not count started no service."""
    return await step(desk, acting, id, lambda of: TakeBack(agency=acting.agency, at=acting.at))


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, reason: str) -> Stepped:
    """It should never have been written; `reason` goes to the vault.

    Raises NotASide, WrongSide before anything is written there.
    """
    before = await read(desk, acting, id)
    if before.side is not Side.RECEIVER:
        raise WrongSide
    why = await write_note(desk, acting, before.client, reason, "reason", of=[id])
    event = before.history.events[0].envelope.event_id
    command = EnterAppointmentInError(agency=acting.agency, at=acting.at, event=event, note=why)
    return await step(desk, acting, id, lambda of: command)
