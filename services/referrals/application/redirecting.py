"""Redirecting: a receiver passes a referral on; the child is its sender's, who is told and follows it (R3)."""

from uuid import UUID

from services.referrals.application import consent as consents
from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.identifiers import new_id
from services.referrals.application.offered import offered_by, open_twin
from services.referrals.application.referral import ReferralSeen, Stepped, client_of
from services.referrals.application.unsent import DraftSeen
from services.referrals.application.unsent import keep as keep_draft
from services.referrals.domain import referral, safe_contact
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral import RedirectReferral, ReferralCommand, ReferralFact, SendReferral
from services.referrals.domain.refusal import Conflict, NotAgreed, Unfit, WrongSide, WrongState
from services.referrals.domain.safe_contact import safe_contact_id
from services.referrals.domain.vocabulary import Reason, Side, Standing

SYSTEM = "redirect"
"""As the actor of what follows for the sender: nobody of its staff pressed it."""


@frozen
class PassingOn:
    """Who could help instead, for which of its services, and why the receiver cannot."""

    to_agency: str
    service: str
    reason: Reason


async def redirect(desk: Desk, acting: Acting, id: UUID, wish: PassingOn) -> Stepped:
    """The receiver passes it on. It goes out at once where her agreement covers the new receiver, else it waits.

    What the sender has elsewhere decides too, and is not told (R4). The child is its sender's, who follows it to the
    end (R3): of a sender that has left nobody would, and whoever serves her now refers her in its own name (R22).
    Raises NotInDirectory, WrongState and what the domain refuses.
    """
    child = new_id()
    sent: tuple[ReferralFact, ...] = ()

    async def command(desk: Desk, before: ReferralSeen) -> ReferralCommand:
        nonlocal sent
        if before.side is not Side.RECEIVER:
            raise WrongSide
        sender = before.state.sent.from_agency
        if desk.directory.standing(acting.initiative, sender) is Standing.LEFT:
            raise WrongState(before.state.status, "sender-left")
        offered = offered_by(desk, acting, wish.to_agency, wish.service)
        sent = await _sent_on(desk, acting, before, wish) if before.state.redirected is None else ()
        return RedirectReferral(
            agency=acting.agency,
            at=acting.at,
            child=child,
            waiting=not sent,
            to_agency=wish.to_agency,
            service=wish.service,
            service_category=offered.category,
            reason=wish.reason,
        )

    async def follow(desk: Desk, draft: Draft, after: ReferralSeen) -> None:
        # The child is the sender's own from its first event: the redirecting agency sees nothing of it.
        theirs = speaking_for(acting, after.state.sent.from_agency, subject=SYSTEM)
        made = Draft(theirs, draft.client, draft.events)
        history = made.add(History(child), sent)
        if sent:
            draft.work.append(referrals.seen(desk, theirs, history).work)

    return await referrals.step(desk, acting, id, command, follow)


async def _sent_on(desk: Desk, acting: Acting, before: ReferralSeen, wish: PassingOn) -> tuple[ReferralFact, ...]:
    """The child's first fact; none where it has to wait for the sender."""
    parent, client = before.state.sent, client_of(before.whole)
    theirs = speaking_for(acting, parent.from_agency)
    if parent.consent is None:
        return ()
    found = await desk.look(client, parent.consent, safe_contact_id(client, parent.from_agency))
    refusals = await consents.refusals(desk, theirs, found.work)
    plan = safe_contact.fold(found[safe_contact_id(client, parent.from_agency)].happened())
    offered = offered_by(desk, acting, wish.to_agency, wish.service)
    command = SendReferral(
        agency=parent.from_agency,
        at=acting.at,
        today=acting.today,
        to_agency=wish.to_agency,
        service=wish.service,
        service_category=offered.category,
        category=parent.category,
        to_channel=offered.channel,
        mode=parent.mode,
        priority=parent.priority,
        agreement=consents.agreement_of(theirs, client, found[parent.consent], refusals),
        given=parent.given,
        need=parent.need,
        reason_code=parent.reason_code,
        episode=parent.episode,
        note=parent.note,
        parent=before.id,
        identifier=parent.identifier,
        safe_contact=plan.plan.words if plan else None,
        contact_prohibited=plan is not None and plan.plan.prohibited,
        open_twin=open_twin(theirs, found.work, wish.service),
        named_class=parent.restricted,
    )
    try:
        return referral.decide(command, None)
    except (NotAgreed, Conflict, WrongState, Unfit):  # what makes no sense the redirect itself refuses
        return ()


@frozen
class Passed:
    """What was passed on and waits for its sender, with the words of its note."""

    seen: ReferralSeen
    child: UUID
    note: str | None


async def passed_on(desk: Desk, acting: Acting, id: UUID) -> Passed:
    """What waits to be sent on by the caller. Raises NotASide, WrongSide; WrongState where nothing waits."""
    seen = await referrals.read(desk, acting, id)
    if seen.side is not Side.SENDER:
        raise WrongSide
    redirected = seen.state.redirected
    if redirected is None or not referral.waits_for_sender(seen.state):
        raise WrongState(seen.state.status, "nothing-waits")
    note = seen.state.sent.note
    typed = await desk.vault.notes.kept(acting.initiative, acting.agency, note) if note else None
    return Passed(seen, redirected.child, typed.text.open() if typed else None)


async def open_draft(desk: Desk, acting: Acting, passed: Passed, fields: dict[str, object]) -> DraftSeen:
    """The draft of the child, made when its sender first opens it; what was typed into it since stands."""
    return await keep_draft(desk, acting, passed.child, fields)
