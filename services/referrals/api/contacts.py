"""Support contacts over HTTP."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.naming import Naming
from services.referrals.api.problems import not_later
from services.referrals.api.shapes import Answer, Body, Handle, Language, Moment, NoteText
from services.referrals.application import contact
from services.referrals.application.contact import Happening
from services.referrals.domain.contact import Units
from services.referrals.domain.vocabulary import (
    Category,
    ContactMode,
    ContactOutcome,
    InitiatedBy,
    UnitKind,
)
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class UnitsGiven(Body):
    """How much of what was handed over."""

    kind: UnitKind
    count: Annotated[int, Field(ge=1, le=10_000)]


class RecordContact(Body):
    """What happened: when (now where it is not said), how, what came of it, and what it belongs to."""

    mode: ContactMode
    outcome: ContactOutcome
    at: Moment | None = None
    met: bool | None = None
    tags: Annotated[tuple[Category, ...], Field(max_length=20)] = ()
    units: Annotated[tuple[UnitsGiven, ...], Field(max_length=20)] = ()
    duration_min: Annotated[int, Field(ge=0, le=1440)] | None = None
    language: Language | None = None
    interpreter: bool | None = None
    initiated_by: InitiatedBy | None = None
    episode: Handle | None = None
    referral: UUID | None = None
    handoff: UUID | None = None
    note: NoteText | None = None


class ContactRef(Answer):
    """A contact by this agency's own reference; `met`: she was met or answered."""

    contact: str
    client: str
    met: bool
    version: int


@router.post("/v1/clients/{client}/contacts", status_code=201)
async def record_contact(
    principal: Agency, call: Call, desk: AtDesk, client: str, body: RecordContact
) -> Reply[ContactRef]:
    """Record a contact or an attempt. One that serves her starts the referral, or completes the handoff, it names."""
    who = acting(principal, call, desk)
    if body.at is not None and body.at > who.at:
        raise not_later("/at")
    naming = Naming(desk, who)
    said = Happening(
        at=body.at or who.at,
        mode=body.mode,
        outcome=body.outcome,
        met=body.met,
        tags=body.tags,
        units=tuple(Units(kind=each.kind, count=each.count) for each in body.units),
        duration_min=body.duration_min,
        language=body.language,
        interpreter=body.interpreter,
        initiated_by=body.initiated_by,
        episode=naming.maybe_back("episode", body.episode),
        referral=body.referral,
        handoff=body.handoff,
        note=body.note,
    )
    done = await contact.record(desk, who, naming.back("client", client), said)
    seen = done.view or await contact.read(desk, who, UUID(done.answer.ids["contact"]))
    shown = ContactRef(
        contact=naming.out("contact", seen.id),
        client=client,
        met=seen.state.recorded.met,
        version=done.answer.version,
    )
    return Reply(shown, version=done.answer.version, replayed=done.view is None)
