"""What follows when a referral ends without service: closed by its receiver, or by what nobody pressed."""

from services.referrals.domain.outreach import outreach
from services.referrals.domain.referral.ending_commands import CloseReferral, ExpireReferral, LeaveReferral, StopContact
from services.referrals.domain.referral.ending_events import ReferralCancelled, ReferralExpired, ReferralNotCompleted
from services.referrals.domain.referral.events import ReferralDeclined, ReferralFact
from services.referrals.domain.referral.machine import EDGES, ReferralStatus, ReferralVerb
from services.referrals.domain.referral.state import Referral
from services.referrals.domain.referral.steps import own_side, possible
from services.referrals.domain.refusal import Conflict, NotEnoughAttempts, Unfit, WrongState
from services.referrals.domain.vocabulary import BY_ITSELF, Reason, Source, owner_of


def close(command: CloseReferral, state: Referral) -> tuple[ReferralFact, ...]:
    """Its receiver ends it. Who may not be contacted was not tried for, so nobody was unable to reach her: she did
    not want it, or it was not safe (R13). What has nothing to do with reaching her, as no room, stays possible."""
    own_side(ReferralVerb.CLOSE, command.agency, state)
    if command.reason in BY_ITSELF:
        raise Unfit("reason-not-possible")
    if state.status is ReferralStatus.NOT_COMPLETED:
        if state.reason is command.reason:
            return ()
        raise Conflict(state.status, "referral-already-ended")
    possible(ReferralVerb.CLOSE, state)
    if command.reason is Reason.UNABLE_TO_REACH:
        if command.contact_prohibited:
            raise Unfit("contact-prohibited")
        tried = outreach(command.attempts, command.rule, command.allowed_modes)
        if not tried.enough:
            raise NotEnoughAttempts(tried)
    return (_not_completed(command.reason, command.source, state),)


def expire(command: ExpireReferral, state: Referral) -> tuple[ReferralFact, ...]:
    """Nobody answered in time (R15); `not_before` is the earliest moment at which it may end so."""
    if state.status is ReferralStatus.EXPIRED:
        return ()
    possible(ReferralVerb.EXPIRE, state)
    if command.at < command.not_before:
        raise WrongState(state.status)
    reason = Reason.NO_ANSWER
    expired = ReferralExpired(
        reason=reason, reason_owner=owner_of(reason), source=Source.TIMER, restricted=state.sent.restricted
    )
    return (expired,)


def stop_contact(command: StopContact, state: Referral) -> tuple[ReferralFact, ...]:
    """No further contact with her: before acceptance it is cancelled, after it not completed (R16, R20)."""
    reason = Reason.NO_FURTHER_CONTACT
    if state.reason is reason and state.ended_at:
        return ()
    source = Source.SENDER if command.agency == state.sent.from_agency else Source.CLIENT
    if state.status in EDGES[ReferralVerb.STOP_CONTACT_IN_SERVICE].sources:
        return (_not_completed(reason, source, state),)
    possible(ReferralVerb.STOP_CONTACT, state)
    owner, restricted = owner_of(reason), state.sent.restricted
    return (ReferralCancelled(reason=reason, reason_owner=owner, source=source, restricted=restricted),)


def leave(command: LeaveReferral, state: Referral) -> tuple[ReferralFact, ...]:
    """Its receiver left the initiative: declined before acceptance, not completed after it (R16, R22)."""
    own_side(ReferralVerb.AGENCY_LEFT, command.agency, state)
    reason = Reason.AGENCY_LEFT
    if state.reason is reason and state.ended_at:
        return ()
    if state.status in EDGES[ReferralVerb.AGENCY_LEFT_IN_SERVICE].sources:
        return (_not_completed(reason, Source.RECIPIENT, state),)
    possible(ReferralVerb.AGENCY_LEFT, state)
    owner, restricted = owner_of(reason), state.sent.restricted
    return (ReferralDeclined(reason=reason, reason_owner=owner, source=Source.RECIPIENT, restricted=restricted),)


def _not_completed(reason: Reason, source: Source, state: Referral) -> ReferralNotCompleted:
    return ReferralNotCompleted(
        reason=reason, reason_owner=owner_of(reason), source=source, restricted=state.sent.restricted
    )
