"""Who of the receiver's people ended a referral: somebody else has to check it."""

from services.referrals.application.draft import History
from services.referrals.domain.referral import ReferralCompleted, ReferralNotCompleted
from services.referrals.domain.taking_back import TakenBack


def ended_by(history: History) -> str | None:
    """The sign-in's subject of whoever completed or closed it; None where that was taken back, or nobody did."""
    gone = {event.fact.event for event in history.events if isinstance(event.fact, TakenBack)}
    ends = (
        event.envelope.actor
        for event in reversed(history.events)
        if isinstance(event.fact, ReferralCompleted | ReferralNotCompleted) and event.envelope.event_id not in gone
    )
    return next(ends, None)
