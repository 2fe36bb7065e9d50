"""What follows when a referral is wanted no more, by its sender or by her."""

from services.referrals.domain.referral.ending_commands import (
    CancelReferral,
    ConfirmCancellation,
    RequestCancellation,
    WithdrawConsent,
)
from services.referrals.domain.referral.ending_events import ReferralCancellationRequested, ReferralCancelled
from services.referrals.domain.referral.events import ReferralFact
from services.referrals.domain.referral.machine import ReferralStatus, ReferralVerb
from services.referrals.domain.referral.state import Referral
from services.referrals.domain.referral.steps import own_side, possible
from services.referrals.domain.refusal import Conflict, Unfit, WrongState
from services.referrals.domain.vocabulary import BY_ITSELF, Reason, ReasonOwner, Source, owner_of

OF_A_SENDER = (
    frozenset(reason for reason in Reason if owner_of(reason) in {ReasonOwner.CLIENT, ReasonOwner.OTHER}) - BY_ITSELF
)
"""Why a sender wants it no more: what she decided, or a slip of its own; never what the receiver would have to say."""


def cancel(command: CancelReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.CANCEL, command.agency, state)
    _fits(command.reason)
    if state.status is ReferralStatus.CANCELLED and state.cancel_requested_at is None:
        if state.reason is command.reason:
            return ()
        raise Conflict(state.status, "referral-already-ended")
    possible(ReferralVerb.CANCEL, state)
    return (_cancelled(command.reason, Source.SENDER, state),)


def request(command: RequestCancellation, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.REQUEST_CANCELLATION, command.agency, state)
    _fits(command.reason)
    if state.status is ReferralStatus.CANCEL_REQUESTED:
        if state.reason is command.reason:
            return ()
        raise Conflict(state.status, "cancellation-already-asked")
    possible(ReferralVerb.REQUEST_CANCELLATION, state)
    asked = ReferralCancellationRequested(
        reason=command.reason, reason_owner=owner_of(command.reason), restricted=state.sent.restricted
    )
    return (asked,)


def confirm(command: ConfirmCancellation, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.CONFIRM_CANCELLATION, command.agency, state)
    if state.status is ReferralStatus.CANCELLED and state.cancel_requested_at is not None:
        return ()
    possible(ReferralVerb.CONFIRM_CANCELLATION, state)
    return (_cancelled(state.reason or Reason.OTHER, Source.RECIPIENT, state),)


def withdrawn(command: WithdrawConsent, state: Referral) -> tuple[ReferralFact, ...]:
    """Who has accepted keeps what it needs as its own record of serving her (R1)."""
    own_side(ReferralVerb.CONSENT_WITHDRAWN, command.agency, state)
    if state.status is ReferralStatus.CANCELLED and state.reason is Reason.CONSENT_WITHDRAWN:
        return ()
    possible(ReferralVerb.CONSENT_WITHDRAWN, state)
    if state.accepted_at:
        raise WrongState(state.status)
    return (_cancelled(Reason.CONSENT_WITHDRAWN, Source.CLIENT, state),)


def lapse(state: Referral) -> tuple[ReferralFact, ...]:
    """Nobody confirmed in time (R15): it is as if the receiver had; where it did before the clock, nothing is new."""
    if state.status is ReferralStatus.CANCELLED and state.cancel_requested_at is not None:
        return ()
    possible(ReferralVerb.LAPSE_CANCELLATION, state)
    return (_cancelled(state.reason or Reason.OTHER, Source.TIMER, state),)


def _fits(reason: Reason) -> None:
    if reason not in OF_A_SENDER:
        raise Unfit("reason-not-possible")


def _cancelled(reason: Reason, source: Source, state: Referral) -> ReferralCancelled:
    return ReferralCancelled(
        reason=reason, reason_owner=owner_of(reason), source=source, restricted=state.sent.restricted
    )
