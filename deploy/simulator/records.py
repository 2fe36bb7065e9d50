"""Owns the made-up record of one client: each step goes through the domain's own `decide` and becomes events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from contracts.vocabulary import Category, ScreeningResult
from deploy.simulator import finding, known, steps
from deploy.simulator.commands import asked
from deploy.simulator.county import County
from deploy.simulator.known import EPISODE, Aggregate, Known, Stream, voice_of
from deploy.simulator.people import Person
from services.referrals.application.firing import ACTOR, cause_of
from services.referrals.domain import episode, feedback, handoff, need, referral
from services.referrals.domain.contact import Contact, Evidence, is_service_evidence
from services.referrals.domain.fact import Fact
from services.referrals.domain.feedback import feedback_id
from services.referrals.domain.handoff import HandoffStatus
from services.referrals.domain.referral import ReferralStatus
from services.referrals.domain.timer import Timer, TimerFired, TimerSet
from services.referrals.store.commit import WorkRow
from services.referrals.store.lead_rows import met_since
from services.referrals.store.work_index import rows_of
from services.referrals.store.written import Envelope, Written

TIMERS: Mapping[type[steps.Step], Timer] = {
    steps.Expire: Timer.EXPIRE,
    steps.ExpireHandoff: Timer.EXPIRE_HANDOFF,
    steps.FailHandoff: Timer.FAIL_HANDOFF,
    steps.EndPostpartum: Timer.END_POSTPARTUM,
}
"""Steps that no agency takes."""

BY_ITSELF = frozenset({Timer.SILENCE, Timer.OVERDUE})
"""Timers that follow from the record alone: no journey has a step for them."""


@dataclass(frozen=True, slots=True, repr=False)
class Recorded:
    """What one step comes to: its events, the streams that they belong to, and what the vault must hold before them.

    `row` is the vault row of the client, `person` who she is with the agency's number, `note` an id and its text.
    """

    client: UUID
    row: UUID
    agency: str
    events: tuple[Written, ...]
    streams: tuple[Stream, ...]
    person: tuple[Person, str | None] | None = None
    note: tuple[UUID, str] | None = None


_Ahead = tuple[datetime, UUID, WorkRow, Stream]
"""When (UTC) a timer runs out, of which row of which stream."""


@dataclass
class Records:
    """The streams of one client. The same chance gives the same ids; nothing here asks what time it is."""

    county: County
    chance: Random
    client: UUID = field(init=False)
    row: UUID = field(init=False)
    known: Known = field(init=False)
    _ahead: dict[UUID, _Ahead] = field(init=False, default_factory=dict)
    _next: _Ahead | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.client = UUID(int=self.chance.getrandbits(128), version=4)
        self.row = UUID(int=self.chance.getrandbits(128), version=4)
        self.known = Known(self.county)

    def take(self, step: steps.AnyStep) -> Recorded:
        """Decide a step. Raises services.referrals.domain.refusal.Refusal: a journey that the rules forbid is a bug."""
        note = None
        if isinstance(step, steps.Send) and step.note:
            note = (self.new_id(step.at), step.note)
            self.known.notes[step.name] = note[0]
        if isinstance(step, steps.EndPostpartum) and self.known.streams[EPISODE].state.is_over:
            return Recorded(client=self.client, row=self.row, agency=step.agency, events=(), streams=())
        page = _Page(self, step, by_clock=type(step) in TIMERS)
        asks = asked(step, self.known)
        if (timer := TIMERS.get(type(step))) is not None:
            page.fired(self.stream(asks.word, asks.aggregate, step.at), timer)
        page.decide(asks.word, asks.aggregate, asks.command, asks.happened)
        page.follow()
        person = (step.person, step.number) if isinstance(step, steps.Register) else None
        return self._recorded(page, person, note)

    @property
    def fires_at(self) -> datetime | None:
        """When (UTC) the next timer runs out by itself; None: not in the county's time."""
        return self._next[0] if self._next and self._next[0] <= self.county.until else None

    def fire(self) -> Recorded:
        """The clock writes down that the next timer has run out, as the process does (services/referrals/timers)."""
        if self._next is None:
            raise ValueError("no timer runs")
        at, _, row, stream = self._next
        page = _Page(self, steps.Step(at=at, agency=row.from_agency), by_clock=True)
        page.fired(stream, Timer(row.fires or ""), row)
        return self._recorded(page)

    def _recorded(
        self, page: "_Page", person: tuple[Person, str | None] | None = None, note: tuple[UUID, str] | None = None
    ) -> Recorded:
        for stream in page.touched.values():
            stream.rows = rows_of(stream.events, stream.state, self.county.directory.due)
            for row in stream.rows:
                self._ahead.pop(row.id, None)
                if row.fires in BY_ITSELF and row.fires_at is not None:
                    self._ahead[row.id] = (max(row.fires_at, page.step.at), row.id, row, stream)
        self._next = min(self._ahead.values(), default=None)
        return Recorded(
            client=self.client,
            row=self.row,
            agency=page.step.agency,
            events=tuple(page.events),
            streams=tuple(page.touched.values()),
            person=person,
            note=note,
        )

    def stream(self, word: str, aggregate: Aggregate, at: datetime) -> Stream:
        """The stream of a word of the journey, begun now where there is none."""
        if word not in self.known.streams:
            match word:
                case known.CLIENT:
                    id = self.client
                case known.EPISODE:
                    id = episode.episode_id(self.client, 0)
                case _ if aggregate is feedback:
                    id = feedback_id(self.known.streams[word.removeprefix(voice_of(""))].id)
                case _ if aggregate is need:
                    _, agency, category = word.split("|")
                    id = need.need_id(self.client, agency, Category(category), 0)
                case _:
                    id = self.new_id(at)
            self.known.streams[word] = Stream(id, aggregate)
        return self.known.streams[word]

    def new_id(self, at: datetime) -> UUID:
        """A UUIDv7 (RFC 9562) of that time, its random part from the record's own chance."""
        bits = int(at.timestamp() * 1000) << 80 | self.chance.getrandbits(80)
        return UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)


@dataclass
class _Page:
    """One step being written down: the first of its events causes the others, and its id is their correlation."""

    records: Records
    step: steps.Step
    by_clock: bool
    events: list[Written] = field(default_factory=list)
    touched: dict[UUID, Stream] = field(default_factory=dict)

    def decide(self, word: str, aggregate: Aggregate, command: Any, happened: datetime) -> None:
        stream = self.records.stream(word, aggregate, self.step.at)
        self.touched[stream.id] = stream
        for fact in aggregate.decide(command, stream.state):
            stream.state = aggregate.evolve(stream.state, fact, happened, self.step.agency)
            self.write(stream, fact, self.envelope(happened))

    def fired(self, stream: Stream, timer: Timer, row: WorkRow | None = None) -> None:
        """The clock's own word before what follows from it, as the process writes it (services/referrals/timers)."""
        domain = row.led[1] if row and row.led else None
        due_at = row.fires_at if row and row.fires_at else self.step.at
        envelope = replace(self.envelope(self.step.at), causation=cause_of(stream.events, domain))
        self.write(stream, TimerFired(timer=timer, due_at=due_at, domain=domain), envelope)

    def write(self, stream: Stream, fact: Fact, envelope: Envelope) -> None:
        self.touched[stream.id] = stream
        written = Written(stream.id, len(stream.events) + 1, fact, envelope, recorded_at=self.step.at)
        stream.events.append(written)
        self.events.append(written)

    def envelope(self, happened: datetime) -> Envelope:
        id = self.records.new_id(self.step.at)
        first = self.events[0].envelope.event_id if self.events else None
        return Envelope(
            event_id=id,
            client_id=self.records.client,
            agency=self.step.agency,
            initiative=self.records.county.initiative.slug,
            occurred_at=happened,
            actor=ACTOR if self.by_clock else self.records.county.actor(self.step.agency),
            correlation=first or id,
            causation=first,
        )

    def follow(self) -> None:
        """What follows by itself: service starts, a handoff is complete, the lead moves."""
        step, streams = self.step, self.records.known.streams
        if isinstance(step, steps.AcceptHandoff):
            proposed = streams[step.name].state.proposed
            took = episode.TakeOver(
                agency=step.agency,
                at=step.at,
                domain=proposed.domain,
                from_agency=proposed.from_agency,
                handoff=streams[step.name].id,
            )
            self.decide(EPISODE, episode, took, step.at)
        if isinstance(step, steps.FailHandoff):
            proposed = streams[step.name].state.proposed
            back = episode.GiveBack(
                agency=step.agency,
                at=step.at,
                domain=proposed.domain,
                from_agency=proposed.to_agency,
                handoff=streams[step.name].id,
                hub=self.records.county.initiative.hub,
            )
            self.decide(EPISODE, episode, back, step.at)
        if isinstance(step, steps.Screen) and step.result is ScreeningResult.POSITIVE:
            identified = finding.need_of(step, streams[step.name].id)
            self.decide(finding.need_word(step), need, identified, step.at)
        if isinstance(step, steps.Contact):
            evidence = Evidence(streams[step.name].id, streams[step.name].state)
            self._shown(step, evidence)
            self._met(step.agency, evidence.contact)

    def _shown(self, step: steps.Contact, evidence: Evidence) -> None:
        streams, recorded = self.records.known.streams, evidence.contact.recorded
        named = streams[step.referral] if step.referral else None
        if named and is_service_evidence(recorded) and named.state.status is ReferralStatus.ACCEPTED:
            started = referral.StartService(agency=step.agency, at=step.happened, referral=named.id, evidence=evidence)
            self.decide(step.referral or "", referral, started, step.happened)
        named = streams[step.handoff] if step.handoff else None
        if named and recorded.met and named.state.status is HandoffStatus.ACCEPTED:
            met = handoff.CompleteHandoff(agency=step.agency, at=step.happened, handoff=named.id, evidence=evidence)
            self.decide(step.handoff or "", handoff, met, step.happened)

    def _met(self, agency: str, contact: Contact) -> None:
        """Who leads her has met her: its timer runs anew (services/referrals/application/silence)."""
        stream = self.records.known.streams.get(EPISODE)
        if stream is None or not contact.recorded.met:
            return
        for domain, since in met_since(stream.events, stream.state).items():
            if stream.state.lead(domain) == agency and since < contact.at:
                fact = TimerSet(timer=Timer.SILENCE, domain=domain, since=contact.at)
                self.write(stream, fact, self.envelope(self.step.at))
