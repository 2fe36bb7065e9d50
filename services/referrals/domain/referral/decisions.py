"""What follows from a command on a referral: new facts, nothing because it is so already (R12), or a refusal."""

from typing import assert_never

from services.referrals.domain.code import require_code
from services.referrals.domain.consent import require
from services.referrals.domain.plans_given import REACHED_BY
from services.referrals.domain.referral import cancelling, closing, correcting, redirecting, steps
from services.referrals.domain.referral.commands import (
    AcceptReferral,
    AcknowledgeReferral,
    AttestReferral,
    CompleteReferral,
    DeclineReferral,
    ReceiveReferral,
    RedirectReferral,
    ReferralCommand,
    SendReferral,
    StartService,
    WaitlistReferral,
)
from services.referrals.domain.referral.ending_commands import (
    CancelReferral,
    CloseReferral,
    ConfirmCancellation,
    EnterInError,
    ExpireReferral,
    LapseCancellation,
    LeaveReferral,
    RequestCancellation,
    StopContact,
    WithdrawConsent,
)
from services.referrals.domain.referral.events import ReferralFact, ReferralSent
from services.referrals.domain.referral.machine import ReferralStatus
from services.referrals.domain.referral.state import Referral
from services.referrals.domain.refusal import Conflict, NotASide, Unfit
from services.referrals.domain.vocabulary import in_order, restricted_class


def decide(command: ReferralCommand, state: Referral | None) -> tuple[ReferralFact, ...]:
    """Raises Refusal: NotASide, WrongSide, WrongState, Conflict, NotAgreed, NoEvidence or Unfit."""
    if isinstance(command, SendReferral):
        return _send(command, state)
    if state is None:
        raise NotASide
    match command:
        case ReceiveReferral():
            return steps.receive(command, state)
        case AcceptReferral():
            return steps.accept(command, state)
        case DeclineReferral():
            return _decline(command, state)
        case WaitlistReferral():
            return steps.waitlist(command, state)
        case RedirectReferral():
            return redirecting.redirect(command, state)
        case StartService():
            return steps.start(command, state)
        case CompleteReferral():
            return steps.complete(command, state)
        case CancelReferral():
            return cancelling.cancel(command, state)
        case RequestCancellation():
            return cancelling.request(command, state)
        case ConfirmCancellation():
            return cancelling.confirm(command, state)
        case WithdrawConsent():
            return cancelling.withdrawn(command, state)
        case LapseCancellation():
            return cancelling.lapse(state)
        case CloseReferral():
            return closing.close(command, state)
        case ExpireReferral():
            return closing.expire(command, state)
        case StopContact():
            return closing.stop_contact(command, state)
        case LeaveReferral():
            return closing.leave(command, state)
        case AcknowledgeReferral():
            return steps.acknowledge(command, state)
        case AttestReferral():
            return steps.attest(command, state)
        case EnterInError():
            return correcting.enter_in_error(command, state)
        case _:
            assert_never(command)


def _decline(command: DeclineReferral, state: Referral) -> tuple[ReferralFact, ...]:
    """A receiver that served her already declines no more: it closes (BSeR's transition 25)."""
    steps.no_after_yes(command, state)
    if state.status is ReferralStatus.IN_SERVICE or state.connected_at and state.status is ReferralStatus.NOT_COMPLETED:
        return closing.close(CloseReferral(agency=command.agency, at=command.at, reason=command.reason), state)
    return steps.decline(command, state)


def _send(command: SendReferral, state: Referral | None) -> tuple[ReferralFact, ...]:
    if command.to_agency == command.agency:
        raise Unfit("same-agency")
    if command.category != command.service_category:
        raise Unfit("category-not-of-service")
    require_code(command.reason_code)
    given = in_order(command.given)
    agreed = None
    if command.exception is None:
        agreed = require(command.agreement, command.to_agency, command.category, given, on=command.today)
    sent = ReferralSent(
        from_agency=command.agency,
        to_agency=command.to_agency,
        to_channel=command.to_channel,
        service=command.service,
        category=command.category,
        mode=command.mode,
        priority=command.priority,
        given=given,
        consent=agreed.id if agreed else None,
        exception=command.exception,
        need=command.need,
        reason_code=command.reason_code,
        episode=command.episode,
        note=command.note,
        parent=command.parent,
        supersedes=command.supersedes,
        identifier=command.identifier,
        safe_contact=command.safe_contact if REACHED_BY & set(given) else None,
        contact_prohibited=command.contact_prohibited,
        restricted=restricted_class(command.category) or command.named_class,
    )
    if state is None:
        if command.open_twin is not None:
            raise Conflict("open", "referral-already-open")
        return (sent,)
    if state.sent == sent:
        return ()
    raise Conflict(state.status, "referral-already-sent")
