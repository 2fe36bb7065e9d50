"""Owns one made-up client's way: who meets her first, what she needs, who helps, who leads, until care ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from contracts.vocabulary import AgeBand, ContactMode, ContactOutcome
from deploy.simulator import mix, steps
from deploy.simulator.asides import with_asides
from deploy.simulator.changing import with_changes
from deploy.simulator.county import County
from deploy.simulator.finding import asked_and_promised
from deploy.simulator.handing import Handing
from deploy.simulator.loop import Loop
from deploy.simulator.mix import HOW_MANY_NEEDS, MEETINGS, MISSED, pick
from deploy.simulator.passing import Way, another
from deploy.simulator.people import DAYS_A_YEAR, Person, invent
from deploy.simulator.pregnancy import course, written
from deploy.simulator.telling import with_her_words
from deploy.simulator.visiting import with_visits

LATEST_INTAKE_DAYS = 238
TWICE_WITHIN = timedelta(days=30)
AGE_BANDS = ((20, AgeBand.UNDER_20), (25, AgeBand.FROM_20_TO_24), (30, AgeBand.FROM_25_TO_29),
             (35, AgeBand.FROM_30_TO_34), (40, AgeBand.FROM_35_TO_39))  # fmt: skip
SHARE = {
    "number": 0.7,
    "opened": 0.92,
    "lost": 0.12,
    "twice": 0.35,  # of what was referred shortly before somebody else began to lead
    "kept": 0.78,
    "written_late": 0.04,
    "finished": 0.985,
}


def journey(county: County, name: str, start: datetime) -> list[steps.AnyStep]:
    """Every step of one client who is first met about `start` (UTC), in order, up to the county's present.

    The same county and name give the same journey.
    """
    one = _Journey(county, name, start)
    one.live()
    taken = with_her_words(county, name, [*one.taken, *asked_and_promised(name, one.taken)])
    taken = with_asides(county, name, with_changes(county, name, with_visits(county, name, taken)))
    known = [step for step in taken if step.at <= county.until]
    return sorted(known, key=lambda step: step.at)


@dataclass
class _Journey:
    county: County
    name: str
    start: datetime
    chance: Random = field(init=False)
    person: Person = field(init=False)
    taken: list[steps.AnyStep] = field(default_factory=list)
    contacts: int = 0

    def __post_init__(self) -> None:
        self.chance = Random(self.name)

    def live(self) -> None:
        """Meet, open, refer, hand over, and keep in touch until the end."""
        start = self.county.hours.desk(self.start, self.chance)
        intake = pick(self.county.intake, self.chance)
        day = self.county.hours.local_date(start)
        self.person = invent(self.county.initiative, day, self.chance)
        goes = course(self.person, day, self.chance.triangular(35, LATEST_INTAKE_DAYS, 80), self.chance)
        end = self.county.hours.noon(goes.ends_on)
        lost = self.chance.random() < SHARE["lost"]
        if lost:
            end = start + (end - start) * self.chance.uniform(0.1, 0.6)
        pregnancy = self.meet(intake, start, goes.due_on)
        leads = [(start, intake)]
        if pregnancy:
            self.taken += written(self.county, pregnancy, goes, self.name, end)
            leads += self.hand_over(intake, start, end)
        sent = self.refer(intake, pregnancy, start, end)
        for accepted, lead in leads[1:]:
            self.refer_twice(lead, sent, accepted, end)
        self.keep_in_touch(leads, end)
        if pregnancy:
            self.finish(intake, end, lost=lost and len(leads) == 1)

    def meet(self, agency: str, at: datetime, due_on: date) -> steps.Open | None:
        """She is registered and, mostly, her pregnancy is opened."""
        day, person = self.county.hours.local_date(at), self.person
        number = f"P-{self.chance.randrange(16**8):08x}" if self.chance.random() < SHARE["number"] else None
        self.taken.append(steps.Register(at=at, agency=agency, person=person, number=number))
        self.contact(agency, at + timedelta(minutes=40), at + timedelta(minutes=45), ContactMode.OFFICE_VISIT)
        if self.chance.random() > SHARE["opened"]:
            return None
        age = (day - person.birth_date).days / DAYS_A_YEAR
        band = next((band for limit, band in AGE_BANDS if age < limit), AgeBand.FROM_40)
        opened = at + timedelta(minutes=self.chance.randrange(2, 30))
        pregnancy = steps.Open(at=opened, agency=agency, identified_on=day, due_on=due_on, age_band=band)
        self.taken.append(pregnancy)
        self.taken.append(steps.EndPostpartum(at=self.county.closes(day), agency=agency))
        return pregnancy

    def refer(self, agency: str, pregnancy: steps.Open | None, start: datetime, end: datetime) -> list[Loop]:
        """Each need becomes a referral to somebody who offers help with it."""
        needs, sent = self.county.needs_beside(agency), list[Loop]()
        for number in range(pick(HOW_MANY_NEEDS, self.chance) if needs else 0):
            share = 0.0 if number == 0 else self.chance.random()
            at = start + timedelta(hours=1) + (end - start) * share
            category = pick(needs, self.chance)
            del needs[category]
            others = [(other, service) for other, service in self.county.offers[category] if other.id != agency]
            receiver, service = self.chance.choice(others)
            loop = Loop(self.county, self.chance, f"referral-{number}", agency, receiver, service, pregnancy)
            loop.language = self.person.language
            self.taken += loop.run(self.county.hours.desk(at, self.chance))
            sent.append(loop)
            if not needs:
                break
        return sent

    def refer_twice(self, lead: str, sent: Sequence[Loop], accepted: datetime, end: datetime) -> None:
        """Who leads her now refers her for what was referred lately, to somebody else: it was not told (R4)."""
        for first in sent:
            at = max(accepted + timedelta(days=1), first.taken[0].at + timedelta(days=self.chance.uniform(1, 10)))
            way = Way(self.county, lead, first.receiver, first.service, by_need=False)
            other = another(way, self.chance)
            if other and at < min(end, first.taken[0].at + TWICE_WITHIN) and self.chance.random() < SHARE["twice"]:
                receiver, service = other
                loop = Loop(self.county, self.chance, f"{first.name}-twice", lead, receiver, service)
                loop.language = self.person.language
                self.taken += loop.run(self.county.hours.desk(at, self.chance))

    def hand_over(self, agency: str, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
        """Coordination goes to the hub, or to somebody whom she likes better; returns who leads from when, if so."""
        handed = Handing(self.county, self.chance, agency)
        self.taken += handed.run(start, end)
        if handed.met_at is None:
            return []
        met = handed.met_at
        mode = pick(MEETINGS, self.chance)
        self.contact(handed.receiver, met, met + timedelta(minutes=15), mode, handoff="handoff")
        return [(handed.accepted_at, handed.receiver)]

    def keep_in_touch(self, leads: list[tuple[datetime, str]], end: datetime) -> None:
        """Who leads meets her within three weeks, or seldom; some meetings do not come about and are tried again soon,
        some are written down late."""
        (at, agency) = leads[0]
        usual = mix.DAYS_OUT_OF_TOUCH if self.chance.random() < mix.MET_SELDOM else mix.DAYS_BETWEEN_CONTACTS
        days = usual
        while (at := self.county.hours.later(self.chance, at, self.chance.uniform(*days), spread=0.0)) < end:
            agency = next(who for since, who in reversed(leads) if since <= at)
            kept = self.chance.random() < SHARE["kept"]
            outcome = ContactOutcome.COMPLETED if kept else pick(MISSED, self.chance)
            days = usual if kept else mix.DAYS_UNTIL_TRIED_AGAIN
            late = (
                self.chance.expovariate(1 / 0.6)
                if self.chance.random() > SHARE["written_late"]
                else self.chance.uniform(7, 25)
            )
            self.contact(
                agency, at, self.county.hours.later(self.chance, at, late), pick(MEETINGS, self.chance), outcome=outcome
            )

    def finish(self, agency: str, end: datetime, *, lost: bool) -> None:
        """Who opened her pregnancy cannot find her any more, or is through with it; some forget to say so."""
        handed_over = [step.at for step in self.taken if isinstance(step, steps.Propose | steps.OfHandoff)]
        at = self.county.hours.later(self.chance, max([end, *handed_over]), 1.0)
        if lost:
            self.taken.append(steps.Lose(at=at, agency=agency))
        elif self.chance.random() < SHARE["finished"]:
            self.taken.append(steps.EndCare(at=at, agency=agency))

    def contact(
        self,
        agency: str,
        happened: datetime,
        recorded: datetime,
        mode: ContactMode,
        *,
        outcome: ContactOutcome = ContactOutcome.COMPLETED,
        handoff: str | None = None,
    ) -> None:
        """Something between her and an agency that is for no referral."""
        self.contacts += 1
        completed = outcome is ContactOutcome.COMPLETED
        self.taken.append(
            steps.Contact(
                at=max(recorded, happened),
                agency=agency,
                name=f"contact-{self.contacts}",
                happened=happened,
                mode=mode,
                outcome=outcome,
                duration_min=self.chance.randrange(5, 90, 5) if completed else None,
                handoff=handoff,
            )
        )
