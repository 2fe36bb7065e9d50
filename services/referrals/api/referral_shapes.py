"""Referrals as they are answered: the whole of one, a step, a line of a list, and what was given."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.referrals.api.appointment_shapes import AppointmentShown, appointment_shown
from services.referrals.api.external import External, external_shown
from services.referrals.api.history import Happened, happened, in_order
from services.referrals.api.naming import Naming
from services.referrals.api.referral_parts import Connected, Identifiers, Letter, Loop, LoopFact, Outreach, Redirected
from services.referrals.api.shapes import AgencyNamed, Answer, ClientNamed, ConsentSaid, Instant
from services.referrals.application.about import About
from services.referrals.application.referral import ReferralSeen
from services.referrals.domain import referral
from services.referrals.domain.referral import ReferralStatus, ReferralVerb
from services.referrals.domain.vocabulary import (
    Category,
    Channel,
    ExceptionCode,
    GivenField,
    Mode,
    Outcome,
    Priority,
    Reason,
    Side,
)
from services.referrals.store.keeper import keeper
from services.runtime.http import Reply


class Receiver(Answer):
    """Who was asked, for which service, and how it reaches them."""

    agency: str
    name: str
    service: str
    service_name: str
    channel: Channel


class SentShown(Answer):
    """What was sent: `given` is what she agreed to give, of which the receiver may read what the sender holds; `due`
    when an answer is due."""

    referral: UUID
    client: str
    state: ReferralStatus
    given: list[GivenField]
    due: Instant | None
    version: int


class ReferralStep(Answer):
    """Where a step left it."""

    referral: UUID
    state: ReferralStatus
    version: int


class ReferralShown(Answer):
    """A referral as the caller's side may see it, and what that side may do now.

    `given` is what she agreed to give; `not_held` names to the sender what of it its own record does not hold, so that
    the receiver finds nothing there (null for the receiver, and where it cannot be told now). `take_back_until` says
    until when the caller may take its last step back, `outreach` tells the receiver what it tried to reach her while it
    may close it. `contact_prohibited`: she may not be contacted about it at all. `exception`: why it was sent
    without her yes, to both sides (R1). `letter`: the one that the sender printed, until it ends.
    """

    referral: UUID
    side: Side
    client: ClientNamed | None
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]
    to: Receiver
    category: Category
    reason_code: str | None
    priority: Priority
    mode: Mode
    state: ReferralStatus
    sent_at: Instant
    due: Instant | None
    overdue: bool
    person: str | None
    outcome: Outcome | None
    reason: Reason | None
    redirected: Redirected | None
    parent: UUID | None
    facts: Loop
    appointments: list[AppointmentShown]
    external: External
    actions: list[ReferralVerb]
    take_back_until: Instant | None
    outreach: Outreach | None
    identifiers: Identifiers
    history: list[Happened]
    given: list[GivenField]
    not_held: list[GivenField] | None
    consent: ConsentSaid | None
    exception: ExceptionCode | None
    note: str | None
    contact_prohibited: bool
    letter: Letter | None
    version: int


def sent_shown(naming: Naming, seen: ReferralSeen, *, replayed: bool) -> Reply[SentShown]:
    """The answer to sending."""
    version = seen.version
    shown = SentShown(
        referral=seen.id,
        client=naming.out("client", seen.work.client_id),
        state=seen.state.status,
        given=list(seen.state.sent.given),
        due=seen.due,
        version=version,
    )
    return Reply(shown, 201, version, f"/v1/referrals/{seen.id}", replayed)


def step_shown(seen: ReferralSeen, *, replayed: bool) -> Reply[ReferralStep]:
    """The answer to a step."""
    shown = ReferralStep(referral=seen.id, state=seen.state.status, version=seen.version)
    return Reply(shown, version=seen.version, replayed=replayed)


def shown(naming: Naming, seen: ReferralSeen, client: ClientNamed | None, beside: About) -> Reply[ReferralShown]:
    """The whole referral."""
    state, sent = seen.state, seen.state.sent
    answer = ReferralShown(
        referral=seen.id,
        side=seen.side,
        client=client,
        sender=naming.agency(sent.from_agency),
        to=_receiver(naming, seen),
        category=sent.category,
        reason_code=sent.reason_code,
        priority=sent.priority,
        mode=sent.mode,
        state=state.status,
        sent_at=state.sent_at,
        due=seen.due,
        overdue=seen.due is not None and seen.due < naming.acting.at,
        person=keeper(seen.whole.events, state.person) if seen.side is Side.RECEIVER else state.person,
        outcome=state.outcome,
        reason=state.reason,
        facts=_loop(seen, beside),
        redirected=_redirected(naming, seen),
        parent=sent.parent if seen.side is Side.SENDER else None,
        appointments=[appointment_shown(naming, visit) for visit in beside.visits],
        external=external_shown(naming, seen, beside),
        actions=list(seen.actions),
        take_back_until=seen.take_back_until,
        outreach=Outreach.of(beside.tried),
        identifiers=Identifiers(sender=sent.identifier, receiver=state.identifier),
        history=[happened(naming, event) for event in in_order(naming, (*seen.history.events, *beside.events))],
        given=list(sent.given),
        not_held=None if beside.not_held is None else list(beside.not_held),
        consent=ConsentSaid.of(beside.consent),
        exception=sent.exception.code if sent.exception else None,
        note=naming.maybe("note", sent.note) if seen.side is Side.SENDER else None,
        contact_prohibited=beside.contact_prohibited,
        letter=Letter.of(beside.letter),
        version=seen.version,
    )
    return Reply(answer, version=seen.version)


def _receiver(naming: Naming, seen: ReferralSeen) -> Receiver:
    sent = seen.state.sent
    agency = naming.agency(sent.to_agency)
    return Receiver(
        agency=agency.agency,
        name=agency.name,
        service=sent.service,
        service_name=naming.service(sent.to_agency, sent.service),
        channel=sent.to_channel,
    )


def _redirected(naming: Naming, seen: ReferralSeen) -> Redirected | None:
    passed, sender = seen.state.redirected, seen.side is Side.SENDER
    if passed is None:
        return None
    return Redirected(
        to=naming.agency(passed.to_agency),
        service=passed.service,
        service_name=naming.service(passed.to_agency, passed.service),
        child=passed.child if sender else None,
        waiting=referral.waits_for_sender(seen.state) if sender else None,
    )


def _loop(seen: ReferralSeen, beside: About) -> Loop:
    at = referral.connected(seen.state)
    return Loop(
        responded=_fact(referral.responded(seen.state)),
        connected=Connected(yes=at is not None, at=at, evidence_in_error=beside.unproven),
        closed=_fact(referral.closed(seen.state)),
    )


def _fact(at: datetime | None) -> LoopFact:
    return LoopFact(yes=at is not None, at=at)
