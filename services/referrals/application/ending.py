"""Who wrote a referral's last step down: who ended it, whom somebody else checks, and what was said by letter."""

from datetime import datetime
from typing import Final

from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.draft import History
from services.referrals.domain.contact import ContactRecorded
from services.referrals.domain.referral import Referral, ReferralCompleted, ReferralNotCompleted, ReferralStatus
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.vocabulary import Channel
from services.referrals.store.written import BESIDE, Written, changes

BY_LETTER: Final = "letter"
"""The actor of what came by a letter's code: nobody signs in. And who accepted, whoever wrote down that they did."""


def ended_by(history: History) -> str | None:
    """The sign-in's subject of whoever completed or closed it; None where that was taken back, or nobody did."""
    gone = {event.fact.event for event in history.events if isinstance(event.fact, TakenBack)}
    ends = (
        event.envelope.actor
        for event in reversed(history.events)
        if isinstance(event.fact, ReferralCompleted | ReferralNotCompleted) and event.envelope.event_id not in gone
    )
    return next(ends, None)


def presses(history: History, state: Referral, agency: str) -> str:
    """In whose name an agency takes the last step back: a letter's receiver's, whose answer its sender wrote down."""
    sent = state.sent
    if agency != sent.from_agency or sent.to_channel is not Channel.LETTER:
        return agency
    last = [event.envelope for event in history.events if not isinstance(event.fact, BESIDE)][-1]
    return sent.to_agency if last.agency == sent.to_agency and last.actor != BY_LETTER else agency


async def met_last(desk: Desk, acting: Acting, history: History, state: Referral) -> History | None:
    """The contact that a letter's sender wrote down for its receiver after it had asked for the cancellation: the
    referral holds no step that says so, as no service begins there (F2). None for everything else."""
    sent, asked = state.sent, state.status is ReferralStatus.CANCEL_REQUESTED
    if not asked or history.client is None or (acting.agency, Channel.LETTER) != (sent.from_agency, sent.to_channel):
        return None
    since = _written(changes(history.events)[-1])
    told = await desk.timeline.of(acting.initiative, sent.to_agency, history.client)
    met = [event for event in told if isinstance(event.fact, ContactRecorded) and event.fact.referral == history.stream]
    last = max(met, key=_written, default=None)
    by_us = last is not None and last.envelope.actor != BY_LETTER and _written(last) >= since
    return await desk.history(last.stream) if last and by_us else None


def _written(event: Written) -> datetime:
    return event.recorded_at or event.envelope.occurred_at
