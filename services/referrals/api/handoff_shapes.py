"""Handoffs as they are answered: the whole of one, and a step."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from services.referrals.api.history import Happened, happened, in_order
from services.referrals.api.naming import Naming
from services.referrals.api.shapes import AgencyNamed, Answer, ClientNamed, ConsentSaid, Instant
from services.referrals.application.about import About
from services.referrals.application.handoff import Stepped
from services.referrals.application.handoff_seen import HandoffSeen
from services.referrals.domain.handoff import HandoffStatus, HandoffVerb
from services.referrals.domain.vocabulary import GivenField, HandoffKind, Reason, ResponsibilityDomain, Side
from services.referrals.store.keeper import keeper
from services.runtime.http import Reply


class HandoffStep(Answer):
    """Where a step left it."""

    handoff: UUID
    state: HandoffStatus
    version: int


Leading = Literal["sender", "receiver", "another", "nobody"]
"""Who leads what a handoff is about, seen from the handoff."""


class HandoffShown(Answer):
    """A handoff as the caller's side may see it, and what that side may do now.

    `take_back_until` says until when that side may take its last step back (null: it may not, R14). `given` is what
    she agreed to give; `not_held` names to the sender what of it its own record does not hold, so that the receiver
    finds nothing there (null for the receiver, and where it cannot be told now). `client_present`: whether she was
    there when the agencies spoke about her, which makes it warm; null where they have not. `watch`: over how many
    open referrals its receiver would watch (R19). `contact_prohibited`: she may not be contacted at all. `lead`: who
    leads its domain now, without the name of an agency that is no side of it (null for a receiver that it ended for).
    `evidence_in_error`: it was completed by a contact that was set right since, and no other shows that she was met.
    """

    handoff: UUID
    side: Side
    client: ClientNamed | None
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]
    to: AgencyNamed
    domain: ResponsibilityDomain
    kind: HandoffKind
    lead: Leading | None
    reason_code: str | None
    state: HandoffStatus
    sent_at: Instant
    due: Instant | None
    overdue: bool
    person: str | None
    on: date | None
    reason: Reason | None
    client_present: bool | None
    watch: int
    actions: list[HandoffVerb]
    take_back_until: Instant | None
    history: list[Happened]
    given: list[GivenField]
    not_held: list[GivenField] | None
    consent: ConsentSaid | None
    note: str | None
    contact_prohibited: bool
    evidence_in_error: bool
    version: int


def step_shown(done: Stepped, status: int = 200) -> Reply[HandoffStep]:
    """The answer to a step."""
    seen = done.seen
    answer = HandoffStep(handoff=seen.id, state=seen.state.status, version=seen.version)
    location = f"/v1/handoffs/{seen.id}" if status != 200 else None  # noqa: PLR2004 - 201: a new thing has a place
    return Reply(answer, status, seen.version, location, done.replayed)


def shown(
    naming: Naming,
    seen: HandoffSeen,
    client: ClientNamed | None,
    beside: About,
    not_held: Iterable[GivenField] | None,
) -> Reply[HandoffShown]:
    """The whole handoff."""
    state, proposed, consent = seen.state, seen.state.proposed, beside.consent
    answer = HandoffShown(
        handoff=seen.id,
        side=seen.side,
        client=client,
        sender=naming.agency(proposed.from_agency),
        to=naming.agency(proposed.to_agency),
        domain=proposed.domain,
        kind=proposed.kind,
        lead=_leading(seen, beside.lead),
        reason_code=proposed.reason_code,
        state=state.status,
        sent_at=state.offered_at or state.proposed_at,
        due=seen.due,
        overdue=seen.due is not None and seen.due < naming.acting.at,
        person=keeper(seen.whole.events, state.person) if seen.side is Side.RECEIVER else state.person,
        on=state.on,
        reason=state.reason,
        watch=len(proposed.watch),
        client_present=state.client_present if state.introduced_at else None,
        actions=list(seen.actions),
        take_back_until=seen.take_back_until,
        history=[happened(naming, event) for event in in_order(naming, (*seen.history.events, *beside.contacts))],
        given=list(state.given),
        not_held=None if not_held is None else list(not_held),
        consent=ConsentSaid.of(consent),
        note=naming.maybe("note", proposed.note) if seen.side is Side.SENDER else None,
        contact_prohibited=beside.contact_prohibited,
        evidence_in_error=beside.unproven,
        version=seen.version,
    )
    return Reply(answer, version=seen.version)


def _leading(seen: HandoffSeen, lead: str | None) -> Leading | None:
    proposed = seen.state.proposed
    if seen.side is Side.RECEIVER and seen.client is None and seen.state.status is not HandoffStatus.OFFERED:
        return None
    match lead:
        case None:
            return "nobody"
        case proposed.from_agency:
            return "sender"
        case proposed.to_agency:
            return "receiver"
    return "another"
