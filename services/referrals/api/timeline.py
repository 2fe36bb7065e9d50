"""The timeline over HTTP: what happened to a client across agencies, as far as the caller's agency may see it."""

import re
from collections.abc import Sequence
from typing import Annotated, cast
from uuid import UUID

from fastapi import Query

from services.referrals.api.callers import AtDesk, CaseManager, acting
from services.referrals.api.history import Happened, happened
from services.referrals.api.naming import Naming
from services.referrals.api.responsibility import LeadShown, lead_shown
from services.referrals.api.shapes import AgencyNamed, Answer, Body, Instant, Moment, WorkKind
from services.referrals.application import timeline
from services.referrals.application.timeline import Span, TimelineSeen
from services.referrals.domain.timer import TimerFired
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
    """One thing that happened, and what it belongs to."""

    subject: Subject | None
    episode: str | None


class Waiting(Answer):
    """What is late: what is waited for, of whom, since when. `domain`: of a handoff, or of what the agency leads."""

    kind: WorkKind
    id: UUID
    domain: str | None
    waits_for: str
    waits_on: AgencyNamed
    due: Instant


class TimelineShown(Answer):
    """A client's timeline. `up_to` is the time as of which it speaks."""

    client: str
    name: str | None
    entries: list[Entry]
    leads: list[LeadShown]
    overdue: list[Waiting]
    agencies: list[AgencyNamed]
    up_to: Instant
    standing: str = STANDING


@router.get("/v1/clients/{client}/timeline")
async def get_timeline(
    principal: CaseManager, call: Call, desk: AtDesk, client: str, query: Annotated[TimelineQuery, Query()]
) -> Reply[TimelineShown]:
    """The agency's own entries, and those of referrals and handoffs that it is a side of; nothing else."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    seen = await timeline.read(desk, who, id, Span(query.as_of, query.known_at))
    named = (await naming.clients([id]))[id]
    return Reply(_shown(naming, client, named.name, seen), version=seen.version)


def _shown(naming: Naming, client: str, name: str | None, seen: TimelineSeen) -> TimelineShown:
    agencies = dict.fromkeys(event.envelope.agency for event in seen.entries)
    episodes = _episodes(naming.acting.agency, seen.entries)
    subjects = {event.stream: subject for event in seen.entries if (subject := _subject(event)) is not None}
    return TimelineShown(
        client=client,
        name=name,
        entries=[
            _entry(naming, event, episodes.get(event.envelope.event_id), subjects.get(event.stream))
            for event in seen.entries
        ],
        leads=[lead_shown(naming, lead) for lead in seen.leads],
        overdue=[late for row in seen.overdue if (late := _late(naming, row)) is not None],
        agencies=[naming.agency(agency) for agency in agencies],
        up_to=seen.up_to,
    )


def _entry(naming: Naming, event: Written, episode: UUID | None, subject: Subject | None) -> Entry:
    """`subject`: what its stream tells of. A timer says nothing of it by itself."""
    told = happened(naming, event)
    return Entry(
        **{name: getattr(told, name) for name in Happened.model_fields},
        subject=subject if isinstance(event.fact, TimerFired) else _subject(event),
        episode=naming.maybe("episode", episode),
    )


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


def _late(naming: Naming, row: WorkRow) -> Waiting | None:
    if row.due_at is None or row.waits_for is None or row.waits_on is None:
        return None
    return Waiting(
        kind=cast(WorkKind, row.kind),
        id=row.id,
        domain=row.domain,
        waits_for=row.waits_for,
        waits_on=naming.agency(row.waits_on),
        due=row.due_at,
    )
