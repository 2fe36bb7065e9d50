"""Owns what waits for the privacy officers of a made-up history: at each agency of theirs a question, an emergency."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import cast
from uuid import UUID

from deploy.simulator.county import County
from deploy.simulator.known import Aggregate, Stream
from deploy.simulator.records import Recorded, Typed, new_id
from services.referrals.application.break_glass import KIND as WHY
from services.referrals.application.inquiry import KIND as QUESTION
from services.referrals.domain import break_glass, inquiry
from services.referrals.domain.break_glass import BreakGlass, Emergency, glass_id
from services.referrals.domain.fact import Fact
from services.referrals.domain.inquiry import Cause, OpenInquiry, inquiry_id
from services.referrals.domain.referral import ReferralSent
from services.referrals.domain.vocabulary import Mode
from services.referrals.store.work_index import rows_of
from services.referrals.store.written import Envelope, Written, happened

LATELY, ASKED_AFTER = timedelta(days=28), timedelta(hours=26)
HERSELF = "client"
NOTHING_FOLLOWS = cast(Aggregate, inquiry)
"""No step is taken in these streams later, so that nobody asks what follows."""
ASKS = (
    "Practice question: why did they need my phone number?",
    "Pregunta de práctica: ¿por qué les dieron mi teléfono?",
)
HAPPENED = "Practice reason: she was brought in and could not be asked."


def with_inquiries(history: Iterator[Recorded], counties: Sequence[County]) -> Iterator[Recorded]:
    """The history, and what officers of practice sign-ins are to look at: of clients whom their agencies sent lately.

    Each comes where it belongs in the order of recording, the same for the same history.
    """
    desks = {county.initiative.slug: _Desks(county) for county in counties}
    waiting = deque[Recorded]()
    for one in history:
        while waiting and one.events and _at(waiting[0]) <= _at(one):
            yield waiting.popleft()
        yield one
        if one.events:
            waiting += desks[one.events[0].envelope.initiative].asked_of(one)
    yield from waiting


def _at(one: Recorded) -> float:
    first = one.events[0]
    return (first.recorded_at or first.envelope.occurred_at).timestamp()


@dataclass
class _Desks:
    """The officers of a county: agencies for which a kind of thing is still to be found."""

    county: County
    chance: Random = field(init=False)
    """Of the client whose step it is, so that no other history has the same ids."""
    wanted: dict[Cause, set[str]] = field(init=False)

    def __post_init__(self) -> None:
        people = self.county.initiative.practice
        officers = [each.agency for each in people if each.agency and "privacy_officer" in each.roles]
        self.wanted = {cause: set(officers) for cause in (Cause.QUESTION, Cause.BREAK_GLASS)}

    def asked_of(self, one: Recorded) -> list[Recorded]:
        """What follows from a step by which somebody was referred lately, while it is wanted."""
        sent = next((event for event in one.events if isinstance(event.fact, ReferralSent)), None)
        if sent is None or not isinstance(sent.fact, ReferralSent) or sent.fact.mode is Mode.INFORMATIONAL:
            return []
        self.chance = Random(f"{one.client.hex} officers")
        since = self.county.until - sent.envelope.occurred_at
        if not ASKED_AFTER < since < LATELY:
            return []
        for cause, agencies in self.wanted.items():
            if sent.fact.from_agency in agencies:
                agencies.discard(sent.fact.from_agency)
                return self._question(one, sent) if cause is Cause.QUESTION else [self._emergency(one, sent)]
        return []

    def _question(self, one: Recorded, sent: Written) -> list[Recorded]:
        """She asks of what was sent: the officers of both sides get it, each in words of their own."""
        text, found = self.chance.choice(ASKS), list[Recorded]()
        for side in self._sides(sent):
            note = self._note(sent, QUESTION, text)
            asked = OpenInquiry(to_agency=side, cause=Cause.QUESTION, about=sent.envelope.event_id, text=note.id)
            found.append(self._recorded(one, note, (self._opened(sent, asked, HERSELF),)))
        return found

    def _sides(self, sent: Written) -> list[str]:
        fact = sent.fact
        sides = (fact.from_agency, fact.to_agency) if isinstance(fact, ReferralSent) else ()
        return [side for side in sides if self.county.agencies[side].on_system]

    def _emergency(self, one: Recorded, sent: Written) -> Recorded:
        """Who refers her opens her record: their own officer looks at it."""
        agency, person = sent.envelope.agency, self.county.actor(sent.envelope.agency)
        note = self._note(sent, WHY, HAPPENED)
        opened = BreakGlass(at=sent.envelope.occurred_at + ASKED_AFTER, emergency=Emergency.MEDICAL, reason=note.id)
        stream = glass_id(one.client, agency, person, opened.emergency)
        events = self._written(sent, stream, break_glass.decide(opened, None), person)
        glass = Stream(stream, NOTHING_FOLLOWS, events, break_glass.fold(happened(events)))
        about = events[0].envelope.event_id
        asked = OpenInquiry(to_agency=agency, cause=Cause.BREAK_GLASS, about=about, text=note.id)
        return self._recorded(one, note, (glass, self._opened(sent, asked, person)))

    def _opened(self, sent: Written, asked: OpenInquiry, by: str) -> Stream:
        stream = inquiry_id(asked.about, asked.cause, asked.to_agency)
        events = self._written(sent, stream, inquiry.decide(asked, None), by)
        state = inquiry.fold(happened(events))
        return Stream(stream, NOTHING_FOLLOWS, events, state, rows_of(events, state, self.county.directory.due))

    def _recorded(self, one: Recorded, note: Typed, streams: tuple[Stream, ...]) -> Recorded:
        """What follows about the client of a step; the note lies with the agency whose officer reads it."""
        return Recorded(
            client=one.client,
            row=one.row,
            agency=streams[-1].state.opened.to_agency,
            events=tuple(event for each in streams for event in each.events),
            streams=streams,
            typed=note,
        )

    def _note(self, sent: Written, kind: str, text: str) -> Typed:
        return Typed(new_id(self.chance, sent.envelope.occurred_at + ASKED_AFTER), kind, text)

    def _written(self, sent: Written, stream: UUID, facts: Sequence[Fact], actor: str) -> list[Written]:
        at = (sent.recorded_at or sent.envelope.occurred_at) + ASKED_AFTER
        found = list[Written]()
        for version, fact in enumerate(facts, 1):
            id = new_id(self.chance, at)
            envelope = Envelope(
                event_id=id,
                client_id=sent.envelope.client_id,
                agency=sent.envelope.agency,
                initiative=sent.envelope.initiative,
                occurred_at=at,
                actor=actor,
                correlation=id,
            )
            found.append(Written(stream, version, fact, envelope, recorded_at=at))
        return found
