"""Owns the setting of made-up journeys: agencies and their services, when offices are open, the span of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from contracts.directory import Agency, Service
from contracts.initiative import Initiative
from contracts.vocabulary import Category
from deploy.simulator.mix import INTAKE, NEEDS, SOMEBODY, TEMPERS, Temper
from services.referrals.application.staff import WITH_CLIENTS
from services.referrals.directory import Directory, Stage
from services.referrals.domain.episode import POSTPARTUM, PREGNANCY

OPENS, NOON = time(8), time(12)
DAYS_A_MONTH = 30.4375
ONE_DAY = timedelta(1)
EVENING_MINUTES = 150


class Hours:
    """When agencies of an initiative are at their desks."""

    def __init__(self, initiative: Initiative) -> None:
        self._week = initiative.week
        self._zone = initiative.timezone
        self._working: dict[int, frozenset[date]] = {}

    def desk(self, at: datetime, chance: Random) -> datetime:
        """The first moment not before `at` (UTC) at which somebody sits at a desk, in UTC."""
        local = at.astimezone(self._zone)
        if self.is_working(local.date()) and OPENS <= local.time() < self._week.ends:
            return at
        day = local.date() if local.time() < OPENS else local.date() + ONE_DAY
        while not self.is_working(day):
            day += ONE_DAY
        opened = datetime.combine(day, OPENS, self._zone) + timedelta(seconds=chance.randrange(3 * 3600))
        return opened.astimezone(UTC)

    def later(self, chance: Random, at: datetime, days: float, *, spread: float = 0.6) -> datetime:
        """A desk moment some days after `at` (UTC): `days` is the median, `spread` how far from it they lie."""
        return self.desk(at + timedelta(days=days * chance.lognormvariate(0, spread)), chance)

    def noon(self, day: date) -> datetime:
        """The middle of a local date, in UTC."""
        return datetime.combine(day, NOON, self._zone).astimezone(UTC)

    def is_working(self, day: date) -> bool:
        if day.year not in self._working:
            self._working[day.year] = self._week.working_days(day.year)
        return day in self._working[day.year]

    def local_date(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()


@dataclass
class County:
    """An initiative between two instants (UTC); nothing of a journey after `until` is known to anybody."""

    initiative: Initiative
    since: datetime
    until: datetime
    hours: Hours = field(init=False)
    agencies: Mapping[str, Agency] = field(init=False)
    offers: Mapping[Category, Sequence[tuple[Agency, Service]]] = field(init=False)
    intake: Mapping[str, float] = field(init=False)
    actors: Mapping[str, str] = field(init=False)
    colleagues: Mapping[str, str] = field(init=False)
    """Who else sits at a desk there, of the agencies at which somebody does."""
    directory: Directory = field(init=False)
    _needs: dict[str, dict[Category, float]] = field(init=False, default_factory=dict)
    _tempers: dict[str, Temper] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.hours = Hours(self.initiative)
        self.directory = Directory({self.initiative.slug: self.initiative})
        self.agencies = {agency.id: agency for agency in self.initiative.agencies}
        self.intake = {a.id: INTAKE[a.type] for a in self.initiative.agencies if a.on_system and a.type in INTAKE}
        offers: dict[Category, list[tuple[Agency, Service]]] = {}
        for agency in self.initiative.agencies:
            for service in agency.services:
                offers.setdefault(service.category, []).append((agency, service))
        self.offers = offers
        staff = reversed(self.initiative.practice)
        self.actors = {person.agency: person.username for person in staff if person.agency}
        others = (each for each in self.initiative.practice if each.username not in self.actors.values())
        self.colleagues = {
            each.agency: each.username for each in others if each.agency and WITH_CLIENTS & set(each.roles)
        }

    @classmethod
    def of_months(cls, initiative: Initiative, months: int, until: datetime) -> "County":
        return cls(initiative, until - timedelta(days=round(months * DAYS_A_MONTH)), until)

    def needs_beside(self, agency: str) -> dict[Category, float]:
        """What she may need that another agency offers, by weight."""
        if agency not in self._needs:
            self._needs[agency] = {
                category: weight
                for category, weight in NEEDS.items()
                if any(other.id != agency for other, _ in self.offers.get(category, ()))
            }
        return dict(self._needs[agency])

    def handoff_ends(self, since: datetime, *, accepted: bool) -> datetime:
        """When an offer that nobody answers, or a handoff that nobody takes up, ends by itself (UTC)."""
        stage = Stage.HANDOFF_CONTACT if accepted else Stage.HANDOFF_OFFER
        return self.directory.due(self.initiative.slug, stage, since)

    def closes(self, identified_on: date) -> datetime:
        """When the calendar closes a pregnancy without a due date (UTC)."""
        return self.directory.due(self.initiative.slug, Stage.DAY_OVER, identified_on + PREGNANCY + POSTPARTUM)

    def expires(self, sent: datetime, category: Category) -> datetime:
        """When a referral that nobody answered ends (R15), UTC."""
        return self.directory.expires(self.initiative.slug, sent, category)

    def temper(self, agency: str) -> Temper:
        """How this agency works; the same agency always works alike."""
        if agency not in self._tempers:
            own = Random(agency)
            usual = TEMPERS.get(self.agencies[agency].type, SOMEBODY)
            self._tempers[agency] = Temper(
                usual.opens * own.uniform(0.7, 1.6),
                usual.answers * own.uniform(0.7, 2.2),
                usual.unanswered * own.uniform(0.5, 2.0),
            )
        return self._tempers[agency]

    def actor(self, agency: str) -> str:
        """Who presses the buttons there: the first practice sign-in of the agency, or its nameless desk."""
        return self.actors.get(agency) or f"{agency}.desk"
