"""What was a mistake on a referral: the last step, or the whole of it (R14)."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.note import write_note
from services.referrals.application.referral import Stepped, client_of, read, step
from services.referrals.domain.referral import EnterInError
from services.referrals.domain.refusal import WrongSide
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import Side


async def take_back(desk: Desk, acting: Acting, id: UUID) -> Stepped:
    """The side that pressed the last step takes it back (R14)."""
    return await step(desk, acting, id, TakeBack(agency=acting.agency, at=acting.at))


async def enter_in_error(desk: Desk, acting: Acting, id: UUID, reason: str) -> Stepped:
    """The sender says that it should never have been sent; `reason` goes to the vault.

    Raises NotASide, WrongSide before anything is written there.
    """
    before = await read(desk, acting, id)
    if before.side is not Side.SENDER:
        raise WrongSide
    why = await write_note(desk, acting, client_of(before.whole), reason, "reason")
    event = before.whole.events[0].envelope.event_id
    return await step(desk, acting, id, EnterInError(agency=acting.agency, at=acting.at, event=event, note=why))
