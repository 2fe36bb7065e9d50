"""Owns the made-up record of one client: each step goes through the domain's own `decide` and becomes events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from contracts.vocabulary import Category
from deploy.simulator import changing, known, leaving, steps
from deploy.simulator.commands import asked
from deploy.simulator.county import County
from deploy.simulator.following import follow
from deploy.simulator.known import EPISODE, Aggregate, Known, Stream, voice_of
from deploy.simulator.page import Page
from deploy.simulator.people import Person
from services.referrals.domain import claim, episode, feedback, need, note, safe_contact
from services.referrals.domain.feedback import feedback_id
from services.referrals.domain.safe_contact import safe_contact_id
from services.referrals.domain.timer import Timer
from services.referrals.store.commit import WorkRow
from services.referrals.store.work_index import rows_of
from services.referrals.store.written import Written, happened

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
class Typed:
    """A text of a kind, and its id in the vault."""

    id: UUID
    kind: str
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class Recorded:
    """What one step comes to: its events, the streams that they belong to, and what the vault must hold before them.

    `row` is the vault row of the client, `person` who she is with the agency's number, `typed` what else lies there.
    """

    client: UUID
    row: UUID
    agency: str
    events: tuple[Written, ...]
    streams: tuple[Stream, ...]
    person: tuple[Person, str | None] | None = None
    typed: Typed | None = None


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
        typed = self._typed(step)
        if isinstance(step, steps.EndPostpartum | steps.Open | steps.VoidDate) and self._is_over:
            return self._nothing(step)
        page = Page(self, step, by_clock=type(step) in TIMERS)
        if isinstance(step, steps.TakeBack):
            stream = self.known.streams[step.name]
            page.take_back(stream, changing.taken_back(step, happened(stream.events)))
            return self._recorded(page)
        if isinstance(step, steps.HandOn):
            leaving.hand_on(page, step)
            return self._recorded(page)
        asks = asked(step, self.known)
        if asks.word == EPISODE and self._is_over and step.agency not in self.known.streams[EPISODE].state.own:
            return self._nothing(step)
        if (timer := TIMERS.get(type(step))) is not None:
            page.fired(self.stream(asks.word, asks.aggregate, step.at), timer)
        page.decide(asks.word, asks.aggregate, asks.command, asks.happened)
        follow(page)
        person = (step.person, step.number) if isinstance(step, steps.Register) else None
        return self._recorded(page, person, typed)

    def _nothing(self, step: steps.AnyStep) -> Recorded:
        """Nobody begins with a pregnancy that is over, and who did not begin says nothing more of it."""
        return Recorded(client=self.client, row=self.row, agency=step.agency, events=(), streams=())

    @property
    def _is_over(self) -> bool:
        return EPISODE in self.known.streams and self.known.streams[EPISODE].state.is_over

    def _typed(self, step: steps.AnyStep) -> Typed | None:
        """What a step has in the vault beside who she is, under an id that its event will name."""
        found = changing.typed_in(step)
        if found is None:
            return None
        name, kind, text = found
        self.known.notes[name] = self.new_id(step.at)
        return Typed(self.known.notes[name], kind, text)

    @property
    def fires_at(self) -> datetime | None:
        """When (UTC) the next timer runs out by itself; None: not in the county's time."""
        return self._next[0] if self._next and self._next[0] <= self.county.until else None

    def fire(self) -> Recorded:
        """The clock writes down that the next timer has run out, as the process does (services/referrals/timers)."""
        if self._next is None:
            raise ValueError("no timer runs")
        at, _, row, stream = self._next
        page = Page(self, steps.Step(at=at, agency=row.from_agency), by_clock=True)
        page.fired(stream, Timer(row.fires or ""), row)
        return self._recorded(page)

    def _recorded(
        self, page: Page, person: tuple[Person, str | None] | None = None, typed: Typed | None = None
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
            typed=typed,
        )

    def stream(self, word: str, aggregate: Aggregate, at: datetime) -> Stream:
        """The stream of a word of the journey, begun now where there is none."""
        if word not in self.known.streams:
            match word:
                case known.CLIENT:
                    id = self.client
                case _ if word in self.known.reserved:
                    id = self.known.reserved[word]
                case known.EPISODE:
                    id = episode.episode_id(self.client, 0)
                case _ if aggregate is safe_contact:
                    id = safe_contact_id(self.client, word.removeprefix(known.plan_of("")))
                case _ if aggregate is note:
                    id = self.known.notes[word]
                case _ if aggregate is claim:
                    _, agency, referral = word.split()
                    id = claim.claim_id(self.known.streams[referral].id, agency)
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
        return new_id(self.chance, at)


def new_id(chance: Random, at: datetime) -> UUID:
    """A UUIDv7 (RFC 9562) of that time, its random part from a chance of its maker's."""
    bits = int(at.timestamp() * 1000) << 80 | chance.getrandbits(80)
    return UUID(int=bits & ~(0xF << 76) & ~(0x3 << 62) | 0x7 << 76 | 0x2 << 62)
