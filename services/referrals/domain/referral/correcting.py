"""What follows when a step on a referral, or the whole of it, was a mistake (R14)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from services.referrals.domain import taking_back
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.referral.ending_commands import EnterInError
from services.referrals.domain.referral.ending_events import ReferralEnteredInError, ReferralTakenBack
from services.referrals.domain.referral.events import (
    ReferralAcknowledged,
    ReferralFact,
    ReferralReceived,
    ReferralRedirected,
    ReferralSent,
    ReferralServiceStarted,
)
from services.referrals.domain.referral.machine import ReferralStatus, ReferralVerb
from services.referrals.domain.referral.state import Referral, fold, side_of
from services.referrals.domain.referral.steps import own_side, possible
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.taking_back import Kept, TakeBack
from services.referrals.domain.vocabulary import BY_ITSELF, Source

KEPT: Final = (ReferralSent, ReferralReceived, ReferralServiceStarted, ReferralAcknowledged)
"""Not taken back: sending is withdrawn, what somebody has read is read, and a contact is corrected itself,
or with it (`TakeBack.with_contact`).

Nor is what nobody pressed: it followed from something else, or from the clock.
"""


def take_back(command: TakeBack, history: Sequence[Happened]) -> tuple[ReferralFact, ...]:
    """Taken back by the agency that pressed it: one fact for each event that no longer counts, the last one first.

    Raises NotASide; WrongState, see `taking_back.take_back`.
    """
    state = fold(history)
    if state is None or side_of(state, command.agency) is None:
        raise NotASide
    events = taking_back.take_back(command, history, _kept_with(command.with_contact))
    return tuple(ReferralTakenBack(event=event, restricted=state.sent.restricted) for event in events)


def take_back_until(
    history: Sequence[Happened], agency: str, now: datetime, *, with_contact: bool = False
) -> datetime | None:
    """Until when (UTC) an agency may take its last step back; None where it may not. See `TakeBack.with_contact`."""
    return taking_back.until(history, agency, now, _kept_with(with_contact))


def enter_in_error(command: EnterInError, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.ENTERED_IN_ERROR, command.agency, state)
    if state.status is ReferralStatus.ENTERED_IN_ERROR:
        return ()
    possible(ReferralVerb.ENTERED_IN_ERROR, state)
    entered = ReferralEnteredInError(event=command.event, note=command.note, restricted=state.sent.restricted)
    return (entered,)


def _kept_with(contact: bool) -> Kept:
    return (lambda fact: not isinstance(fact, ReferralServiceStarted) and _kept(fact)) if contact else _kept


def _kept(fact: Fact) -> bool:
    if isinstance(fact, ReferralRedirected):
        return not fact.waiting  # what has gone out to somebody else is that one's to answer
    by_itself = getattr(fact, "reason", None) in BY_ITSELF or getattr(fact, "source", None) is Source.TIMER
    return by_itself or isinstance(fact, KEPT)
