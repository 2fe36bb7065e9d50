"""The published events of one client, read with straight loops: what counts, and what it says. No code of measures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.measures.published import Fact, Log

DAY = timedelta(days=1)
Unit = tuple[datetime, str, float | None]
"""When it belongs to which period, `met`, `unmet`, `pending`, `missing` or `excluded`, and its number, if any."""
ENDS = (
    *("referral.completed.v1", "referral.declined.v1", "referral.not_completed.v1", "referral.cancelled.v1"),
    *("referral.expired.v1", "referral.redirected.v1"),
)
THING = {"birth": "episode", "postpartum_visit": "episode", "responsibility": "episode"}


@dataclass(frozen=True)
class Asked:
    """As what is counted: known up to a cutoff, by local dates of a place, over [since, until)."""

    cutoff: datetime
    zone: ZoneInfo
    since: datetime
    until: datetime

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)

    def past(self, day: date) -> bool:
        """The whole day lies before the cutoff."""
        return self.midnight(day + DAY) <= self.cutoff


@dataclass(frozen=True)
class Contact:
    at: datetime
    position: int
    agency: str
    met: bool
    served: bool
    said: Any


@dataclass(frozen=True)
class Pregnancy:
    """Entries that are one, with what is said of them."""

    ids: frozenset[object]
    known: date
    opened: datetime
    edd: date | None
    care: date | None
    birth: Any
    visits: tuple[date, ...]

    @property
    def due(self) -> date:
        return self.edd if self.edd is not None else self.known + 280 * DAY

    @property
    def first(self) -> date:
        return self.due - 280 * DAY


class Her:
    """One client's events as far as they count."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        taken = [fact.event.event for fact in facts if fact.headers.type.endswith(".taken_back.v1")]  # type: ignore[attr-defined]
        errors = [
            fact
            for fact in facts
            if fact.headers.type.endswith(".entered_in_error.v1") and fact.headers.id not in taken
        ]
        datings = [fact.headers.id for fact in facts if fact.headers.type == "episode.dated.v1"]
        wrong = [thing_of(error) for error in errors if event_of(error) not in datings]
        void = [*taken, *(event_of(error) for error in errors if event_of(error) in datings)]
        self.heard = [thing_of(fact) for fact in facts]
        self.facts = [fact for fact in facts if fact.headers.id not in void and thing_of(fact) not in wrong]

    def said(self, *types: str) -> Iterator[tuple[Fact, Any]]:
        """Events of these types in the order in which they were recorded."""
        for fact in self.facts:
            if fact.headers.type in types:
                yield fact, fact.event

    def is_counted(self) -> bool:
        """Whether she said last that she may be counted, or nothing of it."""
        answers = [
            (fact.headers.time, fact.headers.position, event.measurement)
            for fact, event in self.said("consent.recorded.v1")
            if event.measurement in {"yes", "no"}
        ]
        return not answers or max(answers)[2] == "yes"

    def contacts(self) -> list[Contact]:
        """Contacts as they were said last, by the time at which they took place."""
        last: dict[object, Contact] = {}
        for fact, said in self.said("contact.recorded.v1", "contact.amended.v1"):
            met = said.met and said.outcome == "completed"
            goods = said.outcome == "completed" and said.mode in {"goods_delivery", "funds_transfer"}
            headers = fact.headers
            last[said.contact] = Contact(headers.time, headers.position, headers.agency, met, met or goods, said)
        return sorted(last.values(), key=lambda each: (each.at, each.position))

    def met(self) -> list[Contact]:
        return [each for each in self.contacts() if each.met]

    def sent(self) -> dict[object, tuple[datetime, Any]]:
        """Referrals that were sent."""
        return {said.referral: (fact.headers.time, said) for fact, said in self.said("referral.sent.v1")}

    def first(self, referral: object, *types: str) -> datetime | None:
        """When the first of these things happened to a referral."""
        times = [fact.headers.time for fact, said in self.said(*types) if said.referral == referral]
        return min(times, default=None)

    def connected(self, referral: object) -> datetime | None:
        """When it was served first, by what shows it still: what was named, or another contact of the receiver."""
        told = self.said("referral.service_started.v1", "referral.completed.v1")
        shown = [(fact.headers.time, said.evidence) for fact, said in told if said.referral == referral]
        right = [at for at, evidence in shown if evidence is None or self.shows(evidence)]
        if not shown or right or referral not in self.sent():
            return min(right, default=None)
        receiver = self.sent()[referral][1].to_agency
        others = [each for each in self.contacts() if each.said.referral == referral and each.agency == receiver]
        return min((each.at for each in others if each.served), default=None)

    def shows(self, evidence: object) -> bool:
        """Whether a contact or visit stands as it must to show a service, or was never heard of."""
        if evidence not in self.heard or any(
            said.appointment == evidence for _, said in self.said("appointment.attended.v1")
        ):
            return True
        return any(each.served for each in self.contacts() if each.said.contact == evidence)

    def about(self, contact: Contact) -> set[str]:
        """What a contact was about."""
        found = {str(tag) for tag in contact.said.tags if tag != "unmapped"}
        if contact.said.referral in self.sent():
            found.add(str(self.sent()[contact.said.referral][1].category))
        for _, need in self.said("need.identified.v1"):
            if need.need == contact.said.need:
                found.add(str(need.category))
        return found

    def screenings(self, *instruments: str) -> list[tuple[datetime, int, Any]]:
        """Restricted screenings with these instruments, by when they took place."""
        found = [
            (fact.headers.time, fact.headers.position, said)
            for fact, said in self.said("screening.recorded.v1")
            if said.instrument in instruments
        ]
        return sorted(found, key=lambda each: each[:2])

    def pregnancies(self) -> list[Pregnancy]:
        """Entries put together as long as two of them are one pregnancy."""
        groups = [[said.episode] for _, said in self.said("episode.opened.v1")]
        while True:
            pair = next(
                (
                    (one, other)
                    for one in groups
                    for other in groups
                    if one is not other and any(self.same(a, b) for a in one for b in other)
                ),
                None,
            )
            if pair is None:
                return sorted((self.together(group) for group in groups), key=lambda each: each.opened)
            groups.remove(pair[1])
            pair[0].extend(pair[1])

    def same(self, one: object, other: object) -> bool:
        a, b = self.edd(one), self.edd(other)
        if a and b:
            return abs((a - b).days) <= 28
        if a or b:
            due, known = (a, self.known(other)) if a else (b, self.known(one))
            assert due
            return due - 280 * DAY <= known <= due
        return abs((self.known(one) - self.known(other)).days) < 280

    def edd(self, episode: object) -> date | None:
        days = [said.edd for _, said in self.said("episode.dated.v1") if said.episode == episode]
        return days[-1] if days else None

    def known(self, episode: object) -> date:
        [known] = [said.identified_on for _, said in self.said("episode.opened.v1") if said.episode == episode]
        assert isinstance(known, date)
        return known

    def together(self, group: list[object]) -> Pregnancy:
        def of(*types: str) -> list[tuple[Fact, Any]]:
            return [(fact, said) for fact, said in self.said(*types) if said.episode in group]

        edds = [said.edd for _, said in of("episode.dated.v1")]
        births = [said for _, said in of("birth.recorded.v1")]
        return Pregnancy(
            ids=frozenset(group),
            known=min(map(self.known, group)),
            opened=min(fact.headers.time for fact, _ in of("episode.opened.v1")),
            edd=edds[-1] if edds else None,
            care=min((said.on for _, said in of("episode.prenatal_care_started.v1")), default=None),
            birth=births[-1] if births else None,
            visits=tuple(said.on for _, said in of("postpartum_visit.recorded.v1")),
        )

    def on(self, day: date) -> Pregnancy | None:
        """The pregnancy known last by a day and not over; where none was known yet, the first that turned out to be."""
        known = [each for each in self.pregnancies() if each.known <= day <= each.due + 365 * DAY]
        if known:
            return max(known, key=lambda each: each.known)
        later = [each for each in self.pregnancies() if each.first <= day < each.known]
        return min(later, key=lambda each: each.known) if later else None

    def belongs(self, contact: Contact, asked: Asked) -> Pregnancy | None:
        if contact.said.episode is None:
            return self.on(asked.day(contact.at))
        named = [each for each in self.pregnancies() if contact.said.episode in each.ids]
        return named[0] if named else None

    def belongs_to(self, contact: Contact, pregnancy: Pregnancy, asked: Asked) -> bool:
        its = self.belongs(contact, asked)
        return its is not None and its.ids == pregnancy.ids

    def closed(self, pregnancy: Pregnancy) -> datetime | None:
        """When the last of its entries was closed or superseded; None while one is open."""
        ends = []
        for episode in pregnancy.ids:
            over = [
                fact.headers.time
                for fact, said in self.said("episode.closed.v1", "episode.superseded.v1")
                if said.episode == episode
            ]
            if not over:
                return None
            ends.append(min(over))
        return max(ends)

    def deliveries(self) -> list[Pregnancy]:
        """Pregnancies with a birth; of two births within 180 days the first stands."""
        found: list[Pregnancy] = []
        born = [each for each in self.pregnancies() if each.birth]
        for each in sorted(born, key=lambda pregnancy: pregnancy.birth.delivered_on):
            if not found or (each.birth.delivered_on - found[-1].birth.delivered_on).days > 180:
                found.append(each)
        return found


def event_of(fact: Fact) -> object:
    return getattr(fact.event, "event", None)


def thing_of(fact: Fact) -> object:
    """The thing that an event is of."""
    if fact.headers.type == "need.screened.v1":
        return getattr(fact.event, "screening", None)
    kind = fact.headers.type.partition(".")[0]
    return getattr(fact.event, THING.get(kind, kind), None)


def clients(log: Log, asked: Asked, *, sensitive: bool) -> list[Her]:
    """Everybody, as known at the cutoff; restricted events for sensitive measures alone."""
    found: dict[str, list[Fact]] = {}
    for fact in log.facts:
        if fact.headers.recorded_time <= asked.cutoff and (sensitive or not fact.restricted):
            found.setdefault(fact.headers.subject, []).append(fact)
    return [Her(facts) for facts in found.values()]


def first_reached(her: Her, asked: Asked) -> Iterator[tuple[datetime, str | None, int]]:
    """When each pregnancy was first reached, and its days of gestation then, or why they are not counted."""
    done = []
    for contact in her.met():
        pregnancy = her.belongs(contact, asked)
        if pregnancy is None or pregnancy.ids in done:
            continue
        done.append(pregnancy.ids)
        day = asked.day(contact.at)
        days = None if pregnancy.edd is None else 280 - (pregnancy.edd - day).days
        if day > pregnancy.due:
            yield contact.at, "excluded", 0
        elif days is None or days < 0:
            yield contact.at, "missing", 0
        else:
            yield contact.at, None, days


def voices(her: Her) -> Iterator[tuple[datetime, Any, list[tuple[datetime, Any]]]]:
    """When she was asked how a referral that ended had gone, of which, and her answers with their times."""
    for fact, question in her.said("feedback.asked.v1"):
        if question.referral in her.sent() and her.first(question.referral, *ENDS) is not None:
            answers = her.said("feedback.answered.v1")
            own = [(told.headers.time, said) for told, said in answers if said.feedback == question.feedback]
            yield fact.headers.time, question.referral, own


def first_positives(her: Her, asked: Asked) -> Iterator[tuple[datetime, int, date]]:
    """The first positive depression screening of each pregnancy: when, its place in the log, its local day."""
    done = []
    for at, position, said in her.screenings("epds", "phq_2", "phq_9"):
        day = asked.day(at)
        pregnancy = her.on(day)
        if said.result == "positive" and pregnancy is not None and pregnancy.ids not in done:
            done.append(pregnancy.ids)
            yield at, position, day
