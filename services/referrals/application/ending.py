"""Who wrote a referral's last step down: who ended it, whom somebody else checks, and what was said by letter."""

from typing import Final

from services.referrals.application.draft import History
from services.referrals.domain.referral import Referral, ReferralCompleted, ReferralNotCompleted
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.vocabulary import Channel
from services.referrals.store.written import BESIDE

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
