"""The timeline over HTTP: what happened to a client across agencies, as far as the caller's agency may see it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, cast
from uuid import UUID

from fastapi import Query

from services.referrals.api.callers import AtDesk, CaseManager, acting
from services.referrals.api.history import Happened, happened
from services.referrals.api.naming import Naming
from services.referrals.api.responsibility import LeadShown, lead_shown
from services.referrals.api.shapes import AgencyNamed, Answer, Body, ClientNamed, Instant, Moment, WorkKind
from services.referrals.api.shared_entries import Lanes
from services.referrals.api.shared_entries import told as told_of_another
from services.referrals.application import timeline
from services.referrals.application.across import Shown
from services.referrals.application.episode import LeadSeen
from services.referrals.application.span import Span
from services.referrals.application.timeline import TimelineSeen
from services.referrals.domain.timer import TimerFired
from services.referrals.domain.vocabulary import InformationKind
from services.referrals.store.commit import WorkRow
from services.referrals.store.written import Written
from services.runtime.http import Call, Reply, lean_router

router = lean_router()

_OF_EPISODE = re.compile(r"(episode|responsibility|birth|postpartum_visit)\.")

STANDING = "There may be more that is not shown to you"


class TimelineQuery(Body):
    """`as_of`: what had happened by then; `known_at`: what was known by then."""

    as_of: Moment | None = None
    known_at: Moment | None = None


class Subject(Answer):
    """The referral or handoff that an entry belongs to."""

    kind: WorkKind
    id: UUID


class Entry(Happened):
    """One thing that happened, and what it belongs to.

    `shared`: another agency wrote it down, and the caller's sees it under her consent: it has no subject to open.
    """

    subject: Subject | None
    episode: str | None
    shared: bool = False


class Agreed(Answer):
    """What she said that lets the caller's agency see what others wrote down: since and until when, to which kinds."""

    on: date
    until: date | None
    kinds: list[InformationKind]


class Waiting(Answer):
    """What is late: what is waited for, of whom, since when. `domain`: of a handoff, or of what the agency leads."""

    kind: WorkKind
    id: UUID
    domain: str | None
    waits_for: str
    waits_on: AgencyNamed
    due: Instant


class TimelineShown(Answer):
    """A client's timeline. `up_to` is the time as of which it speaks.

    `agreed` is what she said that opens it to the caller's agency now. `restricted` are months in which there is a
    health service of which the law lets no more be said. `guarded`: she may be in danger, so that no other agency is
    named and how to contact her is looked up first. `unnamed` are the agencies that are not named.
    `break_glass_until`: an emergency opens it to the caller alone, until then; each look is on her list.
    """

    client: str
    name: str | None
    entries: list[Entry]
    leads: list[LeadShown]
    overdue: list[Waiting]
    agencies: list[AgencyNamed]
    up_to: Instant
    agreed: list[Agreed]
    restricted: list[str]
    guarded: bool
    unnamed: list[str]
    break_glass_until: Instant | None
    standing: str = STANDING


@router.get("/v1/clients/{client}/timeline")
async def get_timeline(
    principal: CaseManager, call: Call, desk: AtDesk, client: str, query: Annotated[TimelineQuery, Query()]
) -> Reply[TimelineShown]:
    """The agency's own entries, those of what it is a side of, and of others' what she agreed to show to it."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    seen = await timeline.read(desk, who, id, Span(query.as_of, query.known_at))
    named = (await naming.clients([id]))[id]
    return Reply(_shown(naming, named, seen), version=seen.version)


def _shown(naming: Naming, named: ClientNamed, seen: TimelineSeen) -> TimelineShown:
    lanes = Lanes(naming, guarded=seen.guarded, unnamed=seen.shared.unnamed)
    entries = _entries(naming, lanes, seen)
    sides = {event.envelope.agency for event in seen.entries}
    leads = [_lead(naming, lanes, lead, shared=lead.agreed or lead.agency not in sides) for lead in seen.leads]
    overdue = [late for row in seen.overdue if (late := _late(lanes, row)) is not None]
    return TimelineShown(
        client=named.client,
        name=named.name,
        entries=entries,
        leads=leads,
        overdue=overdue,
        agencies=list({entry.agency.agency: entry.agency for entry in entries}.values()),
        up_to=seen.up_to,
        agreed=[Agreed(on=said.on, until=said.expires, kinds=list(said.shared)) for said in seen.shared.agreed],
        restricted=list(seen.shared.months),
        guarded=seen.guarded,
        unnamed=lanes.hidden,
        break_glass_until=max((glass.until for glass in seen.glasses), default=None),
    )


def _entries(naming: Naming, lanes: Lanes, seen: TimelineSeen) -> list[Entry]:
    """The agency's own and what others wrote down, by when they happened."""
    episodes = _episodes(naming.acting.agency, seen.entries)
    subjects = {event.stream: subject for event in seen.entries if (subject := _subject(event)) is not None}
    shared = {each.event.envelope.event_id: each for each in seen.shared.entries}
    events = [*seen.entries, *(each.event for each in seen.shared.entries)]
    if shared:
        events.sort(key=lambda event: (event.envelope.occurred_at, event.position or 0))
    told: list[Entry] = []
    for event in events:
        id = event.envelope.event_id
        if (of_another := shared.get(id)) is not None:
            told.append(_entry_of_another(naming, lanes, of_another))
        else:
            told.append(_entry(naming, lanes, event, episodes.get(id), subjects.get(event.stream)))
    return told


def _entry(naming: Naming, lanes: Lanes, event: Written, episode: UUID | None, subject: Subject | None) -> Entry:
    """`subject`: what its stream tells of. A timer says nothing of it by itself."""
    told = happened(naming, event)
    fields = {name: getattr(told, name) for name in Happened.model_fields}
    fields |= {"agency": lanes.of(event.envelope.agency), "detail": lanes.guard(told.detail)}
    return Entry(
        **fields,
        subject=subject if isinstance(event.fact, TimerFired) else _subject(event),
        episode=naming.maybe("episode", episode),
    )


def _entry_of_another(naming: Naming, lanes: Lanes, shown: Shown) -> Entry:
    event = shown.event
    return Entry(
        event=naming.out("event", event.envelope.event_id),
        type=event.fact.TYPE,
        at=event.envelope.occurred_at,
        recorded_at=event.recorded_at,
        agency=lanes.of(event.envelope.agency, shared=True),
        by=None,
        detail=told_of_another(lanes, shown, naming.acting.agency),
        subject=None,
        episode=None,
        shared=True,
    )


def _lead(naming: Naming, lanes: Lanes, lead: LeadSeen, *, shared: bool) -> LeadShown:
    named = lanes.of(lead.agency, shared=shared)
    return lead_shown(naming, lead).model_copy(update={"agency": named.agency, "name": named.name})


def _episodes(agency: str, entries: Sequence[Written]) -> dict[UUID, UUID]:
    """The pregnancy of each event of which the agency itself said so; what others say of it is theirs (R4)."""
    said: dict[UUID, UUID] = {}
    found: dict[UUID, UUID] = {}
    for event in sorted(entries, key=lambda event: (event.stream, event.version)):
        of = event.stream if _OF_EPISODE.match(event.fact.TYPE) else getattr(event.fact, "episode", None)
        if event.envelope.agency == agency and isinstance(of, UUID):
            said[event.stream] = of
        if (episode := said.get(event.stream)) is not None:
            found[event.envelope.event_id] = episode
    return found


def _subject(event: Written) -> Subject | None:
    match event.fact.TYPE.partition(".")[0]:
        case "referral":
            return Subject(kind="referral", id=event.stream)
        case "handoff":
            return Subject(kind="handoff", id=event.stream)
        case "appointment":
            return Subject(kind="appointment", id=event.stream)
        case _:
            referral, handoff = (getattr(event.fact, kind, None) for kind in ("referral", "handoff"))
            if isinstance(referral, UUID):
                return Subject(kind="referral", id=referral)
            return Subject(kind="handoff", id=handoff) if isinstance(handoff, UUID) else None


def _late(lanes: Lanes, row: WorkRow) -> Waiting | None:
    if row.due_at is None or row.waits_for is None or row.waits_on is None:
        return None
    return Waiting(
        kind=cast(WorkKind, row.kind),
        id=row.id,
        domain=row.domain,
        waits_for=row.waits_for,
        waits_on=lanes.of(row.waits_on),
        due=row.due_at,
    )
