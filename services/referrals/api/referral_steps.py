"""Steps of a referral over HTTP, by the side whose turn it is."""

from typing import Self
from uuid import UUID

from pydantic import model_validator

from services.referrals.api.callers import Agency, AtDesk, Supervisor, acting
from services.referrals.api.naming import Naming
from services.referrals.api.plans import within_reach
from services.referrals.api.referral_shapes import ReferralStep, step_shown
from services.referrals.api.shapes import Body, Day, Handle, NoteText, Person
from services.referrals.application import closing, correcting, staff
from services.referrals.application import referral as referrals
from services.referrals.domain.referral.events import Identifier
from services.referrals.domain.vocabulary import Attestation, Outcome, Reason, ToldBy
from services.runtime.http import Call, Reply, lean_router
from services.runtime.http.problem import FieldError, malformed

router = lean_router()


class Nothing(Body):
    """No field at all."""


class Receive(Body):
    """The receiver's own number of it, where its system has given it one."""

    identifier: Identifier | None = None


class Accept(Body):
    """Who takes care of it (the caller where nobody is named), from which local date, and the receiver's own number.

    `own_client`: the receiver's own client whom it takes for her: its two references then show one page (R21).
    """

    person: Person | None = None
    on: Day | None = None
    own_client: Handle | None = None
    identifier: Identifier | None = None


class Decline(Body):
    """Why not."""

    reason: Reason


class Waitlist(Body):
    """Why she has to wait."""

    reason: Reason = Reason.NO_CAPACITY


class Complete(Body):
    """How it ended for her, and the contact, or the visit that she came to, that shows it: one of the two."""

    outcome: Outcome
    contact: Handle | None = None
    appointment: UUID | None = None

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if (self.contact is None) == (self.appointment is None):
            raise ValueError("Name the contact or the visit that shows it: one of the two.")
        return self


class Close(Body):
    """Why it ends without being completed."""

    reason: Reason


class Cancel(Body):
    """Why it is not wanted any more."""

    reason: Reason


class Acknowledge(Body):
    """How the sender learnt of the end."""

    channel: ToldBy | None = None


class Attest(Body):
    """What the supervisor found."""

    decision: Attestation


class EnteredInError(Body):
    """Why it should never have been sent, in words that stay with the sender."""

    reason: NoteText


@router.post("/v1/referrals/{referral}/receive")
async def receive_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Receive
) -> Reply[ReferralStep]:
    """A person of the receiver opened it, or its system says so. Another number than the one that stands is 409."""
    done = await referrals.receive(desk, acting(principal, call, desk), referral, body.identifier)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/accept")
async def accept_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Accept
) -> Reply[ReferralStep]:
    """The receiver takes it on. The same person, date and number again changes nothing; another is told what stands
    (409)."""
    who = acting(principal, call, desk)
    within_reach(who, body.on, "/on")
    if body.person is not None and not await staff.is_colleague(desk, who, body.person):
        raise malformed([FieldError("/person", "not-of-your-staff", "Nobody of your agency has this name.")])
    own, number = Naming(desk, who).maybe_back("client", body.own_client), body.identifier
    done = await referrals.accept(desk, who, referral, body.person, body.on, own_client=own, number=number)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/decline")
async def decline_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Decline
) -> Reply[ReferralStep]:
    """The receiver cannot, or she does not want it."""
    done = await referrals.decline(desk, acting(principal, call, desk), referral, body.reason)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/waitlist")
async def waitlist_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Waitlist
) -> Reply[ReferralStep]:
    """The receiver has no room now, and keeps a place for her: it accepts or declines later."""
    done = await referrals.waitlist(desk, acting(principal, call, desk), referral, body.reason)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/complete")
async def complete_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Complete
) -> Reply[ReferralStep]:
    """The receiver says how it ended, and by which contact or visit."""
    who = acting(principal, call, desk)
    contact = Naming(desk, who).maybe_back("contact", body.contact)
    done = await referrals.complete(desk, who, referral, body.outcome, contact=contact, visit=body.appointment)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/close")
async def close_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Close
) -> Reply[ReferralStep]:
    """The receiver ends without completing it. That she cannot be reached is shown by its attempts (409 where not)."""
    done = await closing.close(desk, acting(principal, call, desk), referral, body.reason)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/cancel")
async def cancel_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Cancel
) -> Reply[ReferralStep]:
    """The sender takes it back, before anybody opened it."""
    done = await referrals.cancel(desk, acting(principal, call, desk), referral, body.reason)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/request-cancellation")
async def request_referral_cancellation(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Cancel
) -> Reply[ReferralStep]:
    """The sender asks the receiver to stop; the receiver confirms it, or says how it ended meanwhile."""
    done = await referrals.request_cancellation(desk, acting(principal, call, desk), referral, body.reason)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/confirm-cancellation")
async def confirm_referral_cancellation(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Nothing
) -> Reply[ReferralStep]:
    """The receiver stops, as it was asked."""
    done = await referrals.confirm_cancellation(desk, acting(principal, call, desk), referral)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/acknowledge")
async def acknowledge_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Acknowledge
) -> Reply[ReferralStep]:
    """The sender knows how it ended: the loop is closed."""
    done = await referrals.acknowledge(desk, acting(principal, call, desk), referral, body.channel)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/attest")
async def attest_referral(
    principal: Supervisor, call: Call, desk: AtDesk, referral: UUID, body: Attest
) -> Reply[ReferralStep]:
    """A supervisor of the receiver says whether it ended as it is written; said once, it stands."""
    done = await closing.attest(desk, acting(principal, call, desk), referral, body.decision)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/take-back")
async def take_back_referral(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: Nothing
) -> Reply[ReferralStep]:
    """The side that pressed the last step takes it back, within 15 minutes and until the other side came after it."""
    done = await correcting.take_back(desk, acting(principal, call, desk), referral)
    return step_shown(done.seen, replayed=done.replayed)


@router.post("/v1/referrals/{referral}/entered-in-error")
async def enter_referral_in_error(
    principal: Agency, call: Call, desk: AtDesk, referral: UUID, body: EnteredInError
) -> Reply[ReferralStep]:
    """The sender says that it should never have been sent: it stays in history, and no figure counts it."""
    done = await correcting.enter_in_error(desk, acting(principal, call, desk), referral, body.reason)
    return step_shown(done.seen, replayed=done.replayed)
