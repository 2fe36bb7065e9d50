"""Support contacts over HTTP."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.referrals.api.births import not_before_birth
from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.naming import Naming
from services.referrals.api.problems import not_later
from services.referrals.api.shapes import Answer, Body, Handle, Instant, Language, Moment, NoteText
from services.referrals.application import contact as contacts
from services.referrals.application.contact import ContactSeen, Happening
from services.referrals.domain.contact import ContactStatus, Units
from services.referrals.domain.vocabulary import (
    Category,
    ContactMode,
    ContactOutcome,
    InitiatedBy,
    ServiceTag,
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


class ContactShown(Answer):
    """A contact as this agency recorded it; `note` is its own reference of what it wrote."""

    contact: str
    client: str
    status: ContactStatus
    at: Instant
    mode: ContactMode
    outcome: ContactOutcome
    met: bool
    tags: list[ServiceTag]
    units: list[Units]
    duration_min: int | None
    language: str | None
    interpreter: bool | None
    initiated_by: InitiatedBy | None
    episode: str | None
    referral: UUID | None
    handoff: UUID | None
    note: str | None
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
    id = naming.back("client", client)
    if body.at is not None:
        await not_before_birth(desk, who, id, desk.directory.local_date(who.initiative, body.at), "/at")
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
    done = await contacts.record(desk, who, id, said)
    seen = done.view or await contacts.read(desk, who, done.answer.ids["contact"])
    shown = ContactRef(
        contact=naming.out("contact", seen.id),
        client=client,
        met=seen.state.recorded.met,
        version=done.answer.version,
    )
    location = f"/v1/contacts/{shown.contact}"
    return Reply(shown, version=done.answer.version, location=location, replayed=done.view is None)


@router.get("/v1/contacts/{contact}")
async def get_contact(principal: Agency, call: Call, desk: AtDesk, contact: str) -> Reply[ContactShown]:
    """A contact that this agency recorded."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await contacts.read(desk, who, naming.back("contact", contact))
    return Reply(_shown(naming, seen), version=seen.version)


def _shown(naming: Naming, seen: ContactSeen) -> ContactShown:
    state, said = seen.state, seen.state.recorded
    return ContactShown(
        contact=naming.out("contact", seen.id),
        client=naming.out("client", seen.client),
        status=state.status,
        at=state.at,
        mode=said.mode,
        outcome=said.outcome,
        met=said.met,
        tags=list(said.tags),
        units=list(said.units),
        duration_min=said.duration_min,
        language=said.language,
        interpreter=said.interpreter,
        initiated_by=said.initiated_by,
        episode=naming.maybe("episode", said.episode),
        referral=said.referral,
        handoff=said.handoff,
        note=naming.maybe("note", said.note),
        version=seen.version,
    )
