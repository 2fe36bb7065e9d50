"""The timeline of a client across agencies: an agency's own part of it (R8), and what her consents open to it now."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from services.referrals.application import episode
from services.referrals.application.across import Shared, by_stream, flagged, leads_told, others
from services.referrals.application.acting import Acting
from services.referrals.application.behind_glass import looked, open_now
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import Showing, disclose
from services.referrals.application.draft import History
from services.referrals.application.episode import LeadSeen
from services.referrals.application.span import Span
from services.referrals.domain.break_glass import Glass, GlassBroken
from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.claim import ClaimMade, ClaimReleased, ClaimTakenOver
from services.referrals.domain.client import ClientNamed, ClientUnnamed
from services.referrals.domain.client import fold as fold_client
from services.referrals.domain.disclosure import DisclosureRecorded
from services.referrals.domain.episode import fold as fold_episode
from services.referrals.domain.frozen import frozen
from services.referrals.domain.inquiry import InquiryAnswered, InquiryOpened
from services.referrals.domain.shareable import settles_flag
from services.referrals.domain.timer import TimerSet
from services.referrals.domain.vocabulary import DisclosureKind, RestrictedClass
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
    GlassBroken,
    InquiryOpened,
    InquiryAnswered,
)
"""Kinds that no timeline shows: who read it has a page of its own, and who does what is nothing of hers."""
_SETTLE = frozenset(topic for topic, kind in FACTS.items() if settles_flag(kind))


@frozen
class _Entries:
    """What may be shown; `version`: how many there are. `consents`: every event of a consent of hers."""

    events: list[Written]
    consents: list[Written]

    @property
    def version(self) -> int:
        return len(self.events)


@frozen
class TimelineSeen:
    """The agency's own entries by when they happened, who leads as far as may be known, and what was waited for.

    `shared` is what others wrote down and she agreed to show. `guarded`: she may be in danger, as far as the agency
    itself knows.
    """

    entries: list[Written]
    shared: Shared
    guarded: bool
    leads: list[LeadSeen]
    waiting: list[WorkRow]
    up_to: datetime
    glasses: Sequence[Glass] = ()

    @property
    def version(self) -> int:
        """How many of its own there are: what `min_version` waits for. Others come and go with her consents."""
        return len(self.entries)

    @property
    def overdue(self) -> list[WorkRow]:
        return [row for row in self.waiting if row.due_at is not None and row.due_at < self.up_to]


async def read(desk: Desk, acting: Acting, client: UUID, span: Span) -> TimelineSeen:
    """The timeline. Raises NotASide for a client that this agency does not know.

    Where entries of other agencies are shown, that is written down first, once in an hour, with the consent that
    allowed it (R1).
    """
    hers = await all_of(desk, acting, client)
    entries, consents = await _entries(desk, acting, hers, span)
    own = frozenset(event.envelope.event_id for event in entries)
    glasses = await open_now(desk, acting, hers)
    glass = next(iter(glasses), None)
    shared = await others(desk, acting, hers, consents, span=span, own=own, glass=glass)
    sides = _sides(acting, entries, shared)
    if showings := [*sides, *shared.showings]:
        await disclose(desk, acting, DisclosureKind.TIMELINE, showings)
    if glass is not None:
        await looked(desk, acting, client, glass, shared)
    told = leads_told(shared)
    leads = [lead for each in hers for lead in await episode.leads(desk, acting, each, span.holds, told)]
    waiting = [*_waiting(desk, entries), *(await _silent(desk, acting, hers, span))]
    up_to = min(span.as_of or acting.at, acting.at)
    return TimelineSeen(entries, shared, flagged(by_stream(entries)), leads, waiting, up_to, glasses)


def _sides(acting: Acting, entries: Sequence[Written], shared: Shared) -> list[Showing]:
    """For the accounting, what others wrote down that it sees as a side, where no consent shows anything of theirs."""
    written: dict[UUID, set[str]] = {}
    for event in entries:
        written.setdefault(event.envelope.client_id, set()).add(event.envelope.agency)
    for showing in shared.showings:
        written.get(showing.client, set()).difference_update(showing.sources)
    theirs = {client: tuple(sorted(agencies - {acting.agency})) for client, agencies in written.items()}
    return [Showing(client=client, sources=sources) for client, sources in theirs.items() if sources]


async def is_guarded(desk: Desk, acting: Acting, hers: Sequence[UUID]) -> bool:
    """Whether she may be in danger, as far as the agency itself knows, without reading the rest."""
    seen = [
        event
        for each in hers
        for event in await desk.timeline.among(
            acting.initiative, acting.agency, each, topics=_SETTLE, restricted=RestrictedClass.IPV
        )
    ]
    return flagged(by_stream(event for event in seen if not isinstance(event.fact, NOT_TOLD)))


async def behind(desk: Desk, acting: Acting, hers: Sequence[UUID], glass: Glass) -> Mapping[str, UUID]:
    """Whose entries a glass would open now, each with the client whom they are of."""
    entries, consents = await _entries(desk, acting, hers, Span())
    own = frozenset(event.envelope.event_id for event in entries)
    return (await others(desk, acting, hers, consents, span=Span(), own=own, glass=glass)).owners


async def _entries(desk: Desk, acting: Acting, hers: Sequence[UUID], span: Span) -> tuple[list[Written], list[Written]]:
    """What the agency sees as a side, and every event of a consent of hers."""

    async def look(span: Span) -> _Entries:
        seen: list[Written] = []
        consents: list[Written] = []
        for client in hers:
            found = await desk.timeline.with_consents(
                acting.initiative, acting.agency, client, as_of=span.as_of, known_at=span.known_at
            )
            seen += found.seen
            consents += found.consents
        seen.sort(key=lambda event: (event.envelope.occurred_at, event.position or 0))
        return _Entries([event for event in seen if not isinstance(event.fact, NOT_TOLD)], consents)

    whole = Span()
    if acting.call.at_least:  # the version is that of all of it, whichever part is asked for
        await fresh(acting.call, lambda: look(whole))
    found = await look(span)
    return found.events, found.consents


def _waiting(desk: Desk, entries: Sequence[Written]) -> list[WorkRow]:
    """What each referral and handoff among the entries waited for, as it stood after them.

    Who leads her is not among it: from an agency's own part of that no timer can be read (`_silent`).
    """
    whole = (events for events in by_stream(entries).values() if events[0].version == 1)
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
