"""What follows when the receiver of a referral passes it on to somebody who can help (R3)."""

from services.referrals.domain.referral.commands import RedirectReferral
from services.referrals.domain.referral.events import ReferralFact, ReferralRedirected
from services.referrals.domain.referral.machine import ReferralStatus, ReferralVerb
from services.referrals.domain.referral.state import Referral
from services.referrals.domain.referral.steps import own_side, possible
from services.referrals.domain.refusal import Conflict, Unfit
from services.referrals.domain.vocabulary import Reason, ReasonOwner, Source, owner_of

OF_A_RECEIVER = frozenset(reason for reason in Reason if owner_of(reason) is ReasonOwner.RECIPIENT)
"""Why it goes on to somebody else: what the receiver cannot do; what she wants is her sender's to act on."""


def redirect(command: RedirectReferral, state: Referral) -> tuple[ReferralFact, ...]:
    own_side(ReferralVerb.REDIRECT, command.agency, state)
    if command.reason not in OF_A_RECEIVER:
        raise Unfit("reason-not-possible")
    if state.redirected is not None:
        if (state.redirected.to_agency, state.redirected.service) == (command.to_agency, command.service):
            return ()
        raise Conflict(state.status, "referral-already-answered")
    possible(ReferralVerb.REDIRECT, state)
    if command.to_agency == state.sent.from_agency:
        raise Unfit("back-to-sender")
    if command.to_agency == command.agency:
        raise Unfit("same-agency")
    if command.service == state.sent.service:
        raise Unfit("same-service")
    if command.service_category != state.sent.category:
        raise Unfit("category-not-of-service")
    redirected = ReferralRedirected(
        child=command.child,
        waiting=command.waiting,
        to_agency=command.to_agency,
        service=command.service,
        reason=command.reason,
        reason_owner=owner_of(command.reason),
        source=Source.RECIPIENT,
        restricted=state.sent.restricted,
    )
    return (redirected,)


def waits_for_sender(state: Referral) -> bool:
    """Whether it goes on only once its sender sends it: her agreement did not cover the new receiver (R3)."""
    redirected = state.status is ReferralStatus.REDIRECTED and state.redirected is not None
    return redirected and state.redirected is not None and state.redirected.waiting and not state.acknowledged_at
