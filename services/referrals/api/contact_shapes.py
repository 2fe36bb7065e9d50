"""Shapes of support contacts over HTTP: what may be said of one, and how its own agency reads it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.referrals.api.births import not_before_birth
from services.referrals.api.history import Happened, happened
from services.referrals.api.naming import Naming
from services.referrals.api.problems import not_later
from services.referrals.api.shapes import Answer, Body, Day, Handle, Instant, Language, Moment, NoteText
from services.referrals.application.acting import Acting
from services.referrals.application.contact import ContactSeen, Happening
from services.referrals.domain.contact import Contact, ContactStatus, Planned, Said, Units, Voided
from services.referrals.domain.vocabulary import (
    Category,
    ContactMode,
    ContactOutcome,
    InitiatedBy,
    ServiceTag,
    UnitKind,
)
from services.runtime.http.problem import FieldError, malformed

Tags = Annotated[tuple[Category, ...], Field(max_length=20)]


class UnitsGiven(Body):
    """How much of what was handed over."""

    kind: UnitKind
    count: Annotated[int, Field(ge=1, le=10_000)]


class RecordContact(Body):
    """What happened: when, how, what came of it, and what it belongs to.

    `at` is its time, or `on` its local day where nobody knows the time; now where neither is said. A day of today is
    kept as the time of recording, one gone by as its noon, and neither before what it is about was sent or accepted on
    that day.
    """

    mode: ContactMode
    outcome: ContactOutcome
    at: Moment | None = None
    on: Day | None = None
    met: bool | None = None
    tags: Tags = ()
    units: Annotated[tuple[UnitsGiven, ...], Field(max_length=20)] = ()
    duration_min: Annotated[int, Field(ge=0, le=1440)] | None = None
    language: Language | None = None
    interpreter: bool | None = None
    initiated_by: InitiatedBy | None = None
    episode: Handle | None = None
    referral: UUID | None = None
    handoff: UUID | None = None
    need: Handle | None = None
    note: NoteText | None = None


class ContactRef(Answer):
    """A contact by this agency's own reference; `met`: she was met or answered."""

    contact: str
    client: str
    met: bool
    version: int


class ContactShown(Answer):
    """A contact as it stands; `at` is when it took place, null for one that did not. `history` is all that was said.

    `late`: written down more than 7 days afterwards. `planned_for`: what it was promised for, if it was.
    """

    contact: str
    client: str
    status: ContactStatus
    planned_for: Instant | None
    at: Instant | None
    mode: ContactMode
    outcome: ContactOutcome | None
    met: bool
    late: bool
    tags: list[ServiceTag]
    units: list[Units]
    duration_min: int | None
    language: str | None
    interpreter: bool | None
    initiated_by: InitiatedBy | None
    episode: str | None
    referral: UUID | None
    handoff: UUID | None
    need: str | None
    note: str | None
    history: list[Happened]
    version: int


def has_come(who: Acting, at: datetime | None, on: date | None) -> None:
    """Raises 422 for a time or a day that has not come, and where both are said."""
    if at is not None and on is not None:
        raise malformed([FieldError("/on", "day-or-time", "Either its time or its day.")])
    if at is not None and at > who.at:
        raise not_later("/at")
    if on is not None and on > who.today:
        raise not_later("/on")


async def happening(naming: Naming, who: Acting, client: UUID, body: RecordContact) -> Happening:
    """What the body says of a contact with her. Raises 422 for a time that has not come, or before her birth."""
    has_come(who, body.at, body.on)
    await not_before_birth(naming.desk, who, client, body.on, "/on")
    if body.at is not None:
        day = naming.desk.directory.local_date(who.initiative, body.at)
        await not_before_birth(naming.desk, who, client, day, "/at")
    return Happening(
        at=body.at or who.at,
        on=body.on,
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
        need=naming.maybe_back("need", body.need),
        note=body.note,
    )


def contact_ref(naming: Naming, seen: ContactSeen, version: int) -> ContactRef:
    """What is answered to who recorded it."""
    met = isinstance(seen.state, Contact) and seen.state.recorded.met
    return ContactRef(
        contact=naming.out("contact", seen.id), client=naming.out("client", seen.client), met=met, version=version
    )


def contact_shown(naming: Naming, seen: ContactSeen) -> ContactShown:
    """A contact with everything that was said of it."""
    state = seen.state.was if isinstance(seen.state, Voided) else seen.state
    told = state.plan if isinstance(state, Planned) else state.recorded
    said = told if isinstance(told, Said) else None
    return ContactShown(
        contact=naming.out("contact", seen.id),
        client=naming.out("client", seen.client),
        status=seen.state.status,
        planned_for=state.plan.planned_for if state.plan else None,
        at=state.at if isinstance(state, Contact) else None,
        mode=told.mode,
        outcome=state.called_off if isinstance(state, Planned) else state.recorded.outcome,
        met=isinstance(seen.state, Contact) and seen.state.recorded.met,
        late=isinstance(state, Contact) and state.late,
        tags=list(told.tags),
        units=list(said.units) if said else [],
        duration_min=said.duration_min if said else None,
        language=told.language,
        interpreter=said.interpreter if said else None,
        initiated_by=said.initiated_by if said else None,
        episode=naming.maybe("episode", told.episode),
        referral=told.referral,
        handoff=told.handoff,
        need=naming.maybe("need", told.need),
        note=naming.maybe("note", told.note),
        history=[happened(naming, event) for event in seen.history.events],
        version=seen.version,
    )
