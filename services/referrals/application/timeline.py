"""The timeline of a client across agencies, as far as one agency may see it (R8)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.referrals.application import episode
from services.referrals.application.acting import Acting
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import Showing, disclose
from services.referrals.application.draft import History
from services.referrals.application.episode import LeadSeen
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.claim import ClaimMade, ClaimReleased, ClaimTakenOver
from services.referrals.domain.client import ClientNamed, ClientUnnamed
from services.referrals.domain.client import fold as fold_client
from services.referrals.domain.disclosure import DisclosureRecorded
from services.referrals.domain.episode import fold as fold_episode
from services.referrals.domain.frozen import frozen
from services.referrals.domain.timer import TimerSet
from services.referrals.domain.vocabulary import DisclosureKind
from services.referrals.domain.watch import WatchMoved
from services.referrals.store.clock_rows import RENEW
from services.referrals.store.commit import WorkRow
from services.referrals.store.lead_rows import lead_rows
from services.referrals.store.work_index import work_rows
from services.referrals.store.written import Written, happened
from services.runtime.http.freshness import fresh

NOT_TOLD = (
    ClientNamed,
    ClientUnnamed,
    DisclosureRecorded,
    ClaimMade,
    ClaimTakenOver,
    ClaimReleased,
    WatchMoved,
    ChargeHandedOn,
    TimerSet,
)
"""Kinds that no timeline shows: who read it has a page of its own, and who does what is nothing of hers."""


@frozen
class Span:
    """What had happened by `as_of`, of what was known by `known_at` (aware; None: now)."""

    as_of: datetime | None = None
    known_at: datetime | None = None

    def holds(self, event: Written) -> bool:
        """Whether an event had happened by then and was known by then."""
        happened = self.as_of is None or event.envelope.occurred_at <= self.as_of
        return happened and (self.known_at is None or event.recorded_at is None or event.recorded_at <= self.known_at)


@frozen
class _Entries:
    """What may be shown; `version`: how many there are."""

    events: list[Written]

    @property
    def version(self) -> int:
        return len(self.events)


@frozen
class TimelineSeen:
    """Entries by when they happened, who leads as far as may be known, and what was waited for at that time."""

    entries: list[Written]
    leads: list[LeadSeen]
    waiting: list[WorkRow]
    up_to: datetime

    @property
    def version(self) -> int:
        """How many entries there are: what `min_version` waits for."""
        return len(self.entries)

    @property
    def overdue(self) -> list[WorkRow]:
        return [row for row in self.waiting if row.due_at is not None and row.due_at < self.up_to]


async def read(desk: Desk, acting: Acting, client: UUID, span: Span) -> TimelineSeen:
    """The timeline. Raises NotASide for a client that this agency does not know.

    Where entries of other agencies are shown, that is written down first, once in an hour (R1).
    """
    hers = await all_of(desk, acting, client)
    entries = await _entries(desk, acting, hers, span)
    others = {event.envelope.client_id for event in entries if event.envelope.agency != acting.agency}
    if others:
        await disclose(desk, acting, DisclosureKind.TIMELINE, [Showing(client=each) for each in hers if each in others])
    leads = [lead for each in hers for lead in await episode.leads(desk, acting, each, span.holds)]
    waiting = [*_waiting(desk, entries), *(await _silent(desk, acting, hers, span))]
    return TimelineSeen(entries, leads, waiting, min(span.as_of or acting.at, acting.at))


async def _entries(desk: Desk, acting: Acting, hers: Sequence[UUID], span: Span) -> list[Written]:
    async def look(span: Span) -> _Entries:
        events = [
            event
            for client in hers
            for event in await desk.timeline.of(
                acting.initiative, acting.agency, client, as_of=span.as_of, known_at=span.known_at
            )
        ]
        events.sort(key=lambda event: (event.envelope.occurred_at, event.position or 0))
        return _Entries([event for event in events if not isinstance(event.fact, NOT_TOLD)])

    whole = Span()
    if acting.call.at_least:  # the version is that of all of it, whichever part is asked for
        await fresh(acting.call, lambda: look(whole))
    return (await look(span)).events


def _waiting(desk: Desk, entries: Sequence[Written]) -> list[WorkRow]:
    """What each referral and handoff among the entries waited for, as it stood after them.

    Who leads her is not among it: from an agency's own part of that no timer can be read (`_silent`).
    """
    streams: dict[UUID, list[Written]] = {}
    for event in entries:
        streams.setdefault(event.stream, []).append(event)
    ordered = (sorted(events, key=lambda event: event.version) for events in streams.values())
    whole = (events for events in ordered if events[0].version == 1)
    rows = (row for events in whole for row in work_rows(events, desk.directory.due))
    shown = (row for row in rows if row.waits_for not in {None, RENEW})  # what rests on a consent, no entry says
    return [row for row in shown if row.subject is None and row.led is None]


async def _silent(desk: Desk, acting: Acting, hers: Sequence[UUID], span: Span) -> list[WorkRow]:
    """What the agency itself leads while it has not met her for so long (R15, R17); nothing while nobody is to reach
    out to her (R5, R20)."""
    rows: list[WorkRow] = []
    for each in hers:
        her = fold_client(happened(_held(await desk.history(each), span)))
        if her is None or her.paused or her.is_stopped(acting.agency):
            continue
        for history in await episode.pregnancies(desk, each):
            events = _held(history, span)
            state = fold_episode(happened(events))
            led = lead_rows(events, state, desk.directory.due) if state is not None else ()
            rows += [row for row in led if row.waits_on == acting.agency]
    return rows


def _held(history: History, span: Span) -> list[Written]:
    return [event for event in history.events if span.holds(event)]
