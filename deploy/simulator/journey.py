"""Owns one made-up client's way: who meets her first, what she needs, who helps, who leads, until care ends."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from contracts.vocabulary import AgeBand, ContactMode, ContactOutcome, How, Reason
from deploy.simulator import mix, steps
from deploy.simulator.asides import with_asides
from deploy.simulator.changing import with_changes
from deploy.simulator.county import County
from deploy.simulator.finding import asked_and_promised
from deploy.simulator.loop import Loop
from deploy.simulator.mix import HANDOFF_KINDS, HOW_MANY_NEEDS, INTAKE, MEETINGS, MISSED, pick
from deploy.simulator.people import DAYS_A_YEAR, invent
from deploy.simulator.telling import with_her_words
from deploy.simulator.visiting import with_visits

PREGNANCY_DAYS = 280
LATEST_INTAKE_DAYS = 238
AGE_BANDS = ((20, AgeBand.UNDER_20), (25, AgeBand.FROM_20_TO_24), (30, AgeBand.FROM_25_TO_29),
             (35, AgeBand.FROM_30_TO_34), (40, AgeBand.FROM_35_TO_39))  # fmt: skip
SHARE = {
    "number": 0.7,
    "opened": 0.92,
    "lost": 0.12,
    "handed_over": 0.32,
    "agrees_to_handoff": 0.97,
    "handoff_accepted": 0.82,
    "handoff_declined": 0.95,  # of all offers that were answered, the accepted ones included
    "handoff_unwanted": 0.95,
    "handoff_withdrawn": 0.97,
    "introduced": 0.7,  # of those accepted
    "she_was_there": 0.75,
    "met_after_handoff": 0.95,
    "kept": 0.78,
    "written_late": 0.04,
    "spoken": 0.6,
    "finished": 0.985,
}
READ_AFTER = timedelta(hours=20)


def journey(county: County, name: str, start: datetime) -> list[steps.AnyStep]:
    """Every step of one client who is first met about `start` (UTC), in order, up to the county's present.

    The same county and name give the same journey.
    """
    one = _Journey(county, Random(name), start)
    one.live()
    taken = with_her_words(county, name, [*one.taken, *asked_and_promised(name, one.taken)])
    taken = with_asides(county, name, with_changes(county, name, with_visits(county, name, taken)))
    known = [step for step in taken if step.at <= county.until]
    return sorted(known, key=lambda step: step.at)


@dataclass
class _Journey:
    county: County
    chance: Random
    start: datetime
    taken: list[steps.AnyStep] = field(default_factory=list)
    contacts: int = 0

    def live(self) -> None:
        """Meet, open, refer, hand over, and keep in touch until the end."""
        start = self.county.hours.desk(self.start, self.chance)
        intake = pick(self.county.intake, self.chance)
        weeks_known = self.chance.triangular(35, LATEST_INTAKE_DAYS, 80)
        end = start + timedelta(days=PREGNANCY_DAYS - weeks_known + self.chance.uniform(7, 56))
        lost = self.chance.random() < SHARE["lost"]
        if lost:
            end = start + (end - start) * self.chance.uniform(0.1, 0.6)
        pregnancy = self.meet(intake, start)
        leads = [(start, intake)]
        if pregnancy and (moved := self.hand_over(intake, start, end)):
            leads.append(moved)
        self.refer(intake, pregnancy, start, end)
        self.keep_in_touch(leads, end)
        if pregnancy:
            self.finish(intake, end, lost=lost and len(leads) == 1)

    def meet(self, agency: str, at: datetime) -> steps.Open | None:
        """She is registered and, mostly, her pregnancy is opened."""
        day = self.county.hours.local_date(at)
        person = invent(self.county.initiative, day, self.chance)
        number = f"P-{self.chance.randrange(16**8):08x}" if self.chance.random() < SHARE["number"] else None
        self.taken.append(steps.Register(at=at, agency=agency, person=person, number=number))
        self.contact(agency, at + timedelta(minutes=40), at + timedelta(minutes=45), ContactMode.OFFICE_VISIT)
        if self.chance.random() > SHARE["opened"]:
            return None
        age = (day - person.birth_date).days / DAYS_A_YEAR
        band = next((band for limit, band in AGE_BANDS if age < limit), AgeBand.FROM_40)
        opened = at + timedelta(minutes=self.chance.randrange(2, 30))
        self.taken.append(pregnancy := steps.Open(at=opened, agency=agency, identified_on=day, age_band=band))
        self.taken.append(steps.EndPostpartum(at=self.county.closes(day), agency=agency))
        return pregnancy

    def refer(self, agency: str, pregnancy: steps.Open | None, start: datetime, end: datetime) -> None:
        """Each need becomes a referral to somebody who offers help with it."""
        needs = self.county.needs_beside(agency)
        for number in range(pick(HOW_MANY_NEEDS, self.chance) if needs else 0):
            share = 0.0 if number == 0 else self.chance.random()
            at = start + timedelta(hours=1) + (end - start) * share
            category = pick(needs, self.chance)
            del needs[category]
            others = [(other, service) for other, service in self.county.offers[category] if other.id != agency]
            receiver, service = self.chance.choice(others)
            loop = Loop(self.county, self.chance, f"referral-{number}", agency, receiver, service, pregnancy)
            self.taken += loop.run(self.county.hours.desk(at, self.chance))
            if not needs:
                break

    def hand_over(self, agency: str, start: datetime, end: datetime) -> tuple[datetime, str] | None:
        """Coordination goes to the hub, or to somebody whom she likes better; returns who leads from when."""
        if self.chance.random() > SHARE["handed_over"]:
            return None
        others = {id: weight for id, weight in self.county.intake.items() if id != agency}
        if self.county.initiative.hub in others:
            others[self.county.initiative.hub] += max(INTAKE.values())
        receiver = pick(others, self.chance)
        at = self.later(start + (end - start) * self.chance.uniform(0.02, 0.5), 0.1)
        self.taken.append(
            steps.Propose(
                at=at, agency=agency, name="handoff", to_agency=receiver, kind=pick(HANDOFF_KINDS, self.chance)
            )
        )
        agreed = self.chance.random() < SHARE["agrees_to_handoff"]
        asked = self.later(at, 0.6)
        how = How.SPOKEN if self.chance.random() < SHARE["spoken"] else How.SIGNED
        self.taken.append(
            steps.Consent(
                at=asked,
                agency=agency,
                name="consent-handoff",
                agreed=agreed,
                how=how,
                recipient=receiver,
                category=None,
            )
        )
        return self._offered(agency, receiver, asked) if agreed else None

    def _offered(self, agency: str, receiver: str, at: datetime) -> tuple[datetime, str] | None:
        self.taken.append(
            steps.Agree(at=at + timedelta(minutes=2), agency=agency, name="handoff", consent="consent-handoff")
        )
        offered = at + timedelta(minutes=4)
        self.taken.append(steps.Offer(at=offered, agency=agency, name="handoff"))
        answered = self.later(at + timedelta(minutes=5), self.county.temper(receiver).answers)
        expires = self.county.handoff_ends(offered, accepted=False)
        if answered >= expires:
            self.taken.append(steps.ExpireHandoff(at=expires, agency=agency, name="handoff"))
            self._read(agency, expires)
            return None
        drawn = self.chance.random()
        if drawn < SHARE["handoff_accepted"]:
            self.taken.append(steps.AcceptHandoff(at=answered, agency=receiver, name="handoff"))
            return self._taken_up(agency, receiver, answered)
        if drawn > SHARE["handoff_withdrawn"]:
            self.taken.append(steps.Withdraw(at=answered, agency=agency, name="handoff", reason=Reason.CHOSE_OTHER))
        elif drawn > SHARE["handoff_unwanted"]:
            self.taken.append(steps.SheDeclines(at=answered, agency=agency, name="handoff"))
        elif drawn < SHARE["handoff_declined"]:
            self.taken.append(
                steps.DeclineHandoff(at=answered, agency=receiver, name="handoff", reason=Reason.NO_CAPACITY)
            )
            self._read(agency, answered)
        return None

    def _taken_up(self, agency: str, receiver: str, accepted: datetime) -> tuple[datetime, str] | None:
        """The call of all three, mostly, and the first contact; without one in time the lead goes back."""
        if self.chance.random() < SHARE["introduced"]:
            present = self.chance.random() < SHARE["she_was_there"]
            called = accepted + timedelta(minutes=12)
            self.taken.append(steps.Introduce(at=called, agency=agency, name="handoff", client_present=present))
        met, fails = (
            self.later(accepted + timedelta(minutes=20), 3.0),
            self.county.handoff_ends(accepted, accepted=True),
        )
        if met < fails and self.chance.random() < SHARE["met_after_handoff"]:
            self.contact(receiver, met, met + timedelta(minutes=15), pick(MEETINGS, self.chance), handoff="handoff")
            return accepted, receiver
        self.taken.append(steps.FailHandoff(at=fails, agency=agency, name="handoff"))
        self._read(agency, fails)
        return None

    def _read(self, agency: str, ended: datetime) -> None:
        """The sender sees on its work list that nobody took it up."""
        self.taken.append(steps.ReadHandoff(at=ended + READ_AFTER, agency=agency, name="handoff"))

    def keep_in_touch(self, leads: list[tuple[datetime, str]], end: datetime) -> None:
        """Who leads meets her within three weeks, or seldom; some meetings do not come about and are tried again soon,
        some are written down late."""
        (at, agency) = leads[0]
        usual = mix.DAYS_OUT_OF_TOUCH if self.chance.random() < mix.MET_SELDOM else mix.DAYS_BETWEEN_CONTACTS
        days = usual
        while (at := self.later(at, self.chance.uniform(*days), spread=0.0)) < end:
            agency = next(who for since, who in reversed(leads) if since <= at)
            kept = self.chance.random() < SHARE["kept"]
            outcome = ContactOutcome.COMPLETED if kept else pick(MISSED, self.chance)
            days = usual if kept else mix.DAYS_UNTIL_TRIED_AGAIN
            late = (
                self.chance.expovariate(1 / 0.6)
                if self.chance.random() > SHARE["written_late"]
                else self.chance.uniform(7, 25)
            )
            self.contact(agency, at, self.later(at, late), pick(MEETINGS, self.chance), outcome=outcome)

    def finish(self, agency: str, end: datetime, *, lost: bool) -> None:
        """Who opened her pregnancy cannot find her any more, or is through with it; some forget to say so."""
        handed_over = [step.at for step in self.taken if isinstance(step, steps.Propose | steps.OfHandoff)]
        at = self.later(max([end, *handed_over]), 1.0)
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

    def later(self, at: datetime, days: float, *, spread: float = 0.6) -> datetime:
        """A desk moment some days after `at`: `days` is the median, `spread` how far from it they lie."""
        return self.county.hours.desk(at + timedelta(days=days * self.chance.lognormvariate(0, spread)), self.chance)
