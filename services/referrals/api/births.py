"""Births over HTTP: no date that staff state of a client lies before her own, as far as their agency knows it."""

from datetime import date
from uuid import UUID

from services.referrals.api.problems import before_birth
from services.referrals.application import births
from services.referrals.application.acting import Acting
from services.referrals.application.consent import Said
from services.referrals.application.desk import Desk
from services.referrals.application.handoff_seen import HandoffSeen
from services.referrals.application.sending import Sending


async def not_before_birth(desk: Desk, who: Acting, client: UUID, day: date | None, pointer: str) -> None:
    """Raises 422 for a day before she was born."""
    if day is not None and await births.before_birth(desk, who, client, day):
        raise before_birth(pointer)


async def sent_after_birth(desk: Desk, who: Acting, wish: Sending) -> None:
    """The same for what she says now, where a referral rests on that."""
    if isinstance(wish.basis, Said) and await births.before_birth(desk, who, wish.client, wish.basis.on):
        raise before_birth("/consent/on")


async def agreed_after_birth(desk: Desk, who: Acting, seen: HandoffSeen, said: Said) -> None:
    """The same for a handoff."""
    if seen.client is not None:
        await not_before_birth(desk, who, seen.client, said.on, "/consent/on")
