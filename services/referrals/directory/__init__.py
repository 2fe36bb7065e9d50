"""Owns what referrals asks of an initiative: its agencies, its services, and when a step is due."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path

from contracts.calendar import Level
from contracts.directory import Agency, Service
from contracts.initiative import Initiative, load_initiatives
from services.referrals.directory.entries import Entries, Entry
from services.referrals.domain.directory import DirectoryFact
from services.referrals.domain.vocabulary import Category, RestrictedClass, ServiceStatus, Standing, restricted_class

__all__ = ["Directory", "Entry", "NotInDirectory", "Stage"]

ONE_DAY = timedelta(1)
CLOCK_CHANGE = timedelta(hours=2)
"""More than a clock is ever put forward or back at once."""


class Stage(StrEnum):
    """What can be waited for, with its own service level (R15)."""

    ANSWER = "answer"
    EXPIRY = "expiry"
    DAY_OVER = "day_over"
    ACKNOWLEDGE = "acknowledge"
    HANDOFF_OFFER = "handoff_offer"
    HANDOFF_CONTACT = "handoff_contact"
    CONFIRM_CANCELLATION = "confirm_cancellation"
    WAITLIST_REVIEW = "waitlist_review"
    VISIT = "visit"
    CLAIM = "claim"
    SILENCE = "silence"


class NotInDirectory(LookupError):
    """The initiative has no agency or service of that id. `what` is one of initiative, agency, service."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Directory:
    """Agencies, services and due times of every initiative, in memory: from configuration, then as the store says.

    A process that serves follows the store (`application.listing`), so that an edit is here a second later.
    """

    def __init__(self, initiatives: Mapping[str, Initiative]) -> None:
        self._initiatives = dict(initiatives)
        self._entries = {slug: Entries(initiative) for slug, initiative in self._initiatives.items()}
        self._answers: dict[tuple[str, str], int] = {}
        self._working: dict[tuple[str, int], frozenset[date]] = {}
        self._ends: dict[tuple[str, date], datetime] = {}
        self._dues: dict[tuple[str, Stage, date, int], datetime] = {}
        self._levels: dict[tuple[str, Stage, Category | None], Level] = {}

    @classmethod
    def read(cls, folder: Path) -> "Directory":
        """Read every initiative under `folder`. Raises contracts.initiative.BadInitiative."""
        return cls(load_initiatives(folder))

    @property
    def initiatives(self) -> tuple[Initiative, ...]:
        return tuple(self._initiatives.values())

    def initiative(self, slug: str) -> Initiative:
        """Raises NotInDirectory."""
        try:
            return self._initiatives[slug]
        except KeyError:
            raise NotInDirectory("initiative") from None

    def learn(self, initiative: str, fact: DirectoryFact, version: int) -> None:
        """Take in what the store says of an entry, at a version of its stream; of another initiative it is nothing."""
        if (entries := self._entries.get(initiative)) is not None:
            entries.learn(fact, version)

    def entries(self, initiative: str) -> Entries:
        """Agencies and services of an initiative. Raises NotInDirectory."""
        try:
            return self._entries[initiative]
        except KeyError:
            raise NotInDirectory("initiative") from None

    def agency(self, initiative: str, agency: str) -> Agency:
        """Raises NotInDirectory, for an agency of another initiative too."""
        entries = self._entries.get(initiative)
        found = entries.agency(agency) if entries is not None else None
        if found is None:
            raise NotInDirectory("agency")
        return found

    def service(self, initiative: str, agency: str, service: str) -> Service:
        """Raises NotInDirectory, for a service of another agency too."""
        entries = self._entries.get(initiative)
        found = entries.service(agency, service) if entries is not None else None
        if found is None:
            raise NotInDirectory("service")
        return found

    def standing(self, initiative: str, agency: str) -> Standing:
        """Whether an agency takes part (R22). Raises NotInDirectory for an initiative that is not there."""
        return self.entries(initiative).standing(agency)

    def usually_answers(self, initiative: str, service: str) -> int | None:
        """In how many days a service answers, in the middle; None where too few answers tell."""
        return self._answers.get((initiative, service))

    def learn_answers(self, days: Mapping[tuple[str, str], int]) -> None:
        """Take in how soon services answer, by initiative and service."""
        self._answers = dict(days)

    def name_of(self, initiative: str, agency: str) -> str:
        """The name to show; an agency that the directory does not know (a stub of an import, R26) is its code."""
        entries = self._entries.get(initiative)
        known = entries.agency(agency) if entries is not None else None
        return known.name if known else agency

    def class_of_name(self, initiative: str, agency: str) -> RestrictedClass | None:
        """What its name alone tells: the class of an agency that does nothing else; None may be named openly to her."""
        entries = self._entries.get(initiative)
        known = entries.agency(agency) if entries is not None else None
        classes = [restricted_class(each.category) for each in known.services] if known else []
        return classes[0] if classes and all(classes) else None

    def services(
        self, initiative: str, *, category: Category | None = None, language: str | None = None
    ) -> Iterator[tuple[Agency, Service]]:
        """Services that take somebody new, of agencies that do (R22), in the order in which they came.

        Raises NotInDirectory.
        """
        entries = self.entries(initiative)
        for agency in entries.agencies():
            if entries.standing(agency.id) is not Standing.ACTIVE:
                continue
            for service in agency.services:
                spoken = service.languages or agency.languages
                active = service.status is ServiceStatus.ACTIVE
                if active and category in {None, service.category} and language in {None, *spoken}:
                    yield agency, service

    def local_date(self, initiative: str, at: datetime) -> date:
        """The date in the initiative's zone at an aware instant."""
        return _aware(at).astimezone(self.initiative(initiative).timezone).date()

    def due(
        self,
        initiative: str,
        stage: Stage,
        since: datetime | date,
        *,
        urgent: bool = False,
        category: Category | None = None,
    ) -> datetime:
        """When the stage that began at `since` is due, in UTC (R15).

        The end of the working day of its last day; where that is no working day, of the next one. `urgent` counts hours
        where the stage has a level in hours. Expiry never comes before its whole time is over (`expires`). A local date
        has one stage, that it is over: midnight, whether anybody works on it. A category may have levels of its own.
        """
        if not isinstance(since, datetime):
            return self._day_over(initiative, since)
        if stage is Stage.EXPIRY:
            return self.expires(initiative, since, category)
        level = self._level(initiative, stage, category)
        if urgent and level.urgent_hours is not None:
            return _aware(since).astimezone(UTC) + timedelta(hours=level.urgent_hours)
        return self._due_of(initiative, stage, self.local_date(initiative, since), level)

    def _due_of(self, initiative: str, stage: Stage, began: date, level: Level) -> datetime:
        """The same for a stage that began on a local date: all of a day's work asks the same."""
        found = self._dues.get((initiative, stage, began, level.days))
        if found is None:
            day = began
            if level.working:
                for _ in range(level.days):
                    day = self._working_from(initiative, day + ONE_DAY)
            else:
                day = self._working_from(initiative, day + level.days * ONE_DAY)
            found = self._dues[initiative, stage, began, level.days] = self._end_of(initiative, day)
        return found

    def _day_over(self, initiative: str, day: date) -> datetime:
        midnight = datetime.combine(day + ONE_DAY, time(), tzinfo=self.initiative(initiative).timezone)
        return midnight.astimezone(UTC)

    def expires(self, initiative: str, sent_at: datetime, category: Category | None = None) -> datetime:
        """When a referral that nobody answered ends, in UTC: the first end of a working day after its whole time."""
        zone = self.initiative(initiative).timezone
        wait = self._level(initiative, Stage.EXPIRY, category).days * ONE_DAY
        by_the_wall = _aware(sent_at).astimezone(zone) + wait
        ends = self._end_from(initiative, by_the_wall.date())
        if ends - sent_at >= wait + CLOCK_CHANGE:
            return ends
        earliest = max(by_the_wall.astimezone(UTC), sent_at.astimezone(UTC) + wait)
        return ends if ends >= earliest else self._end_from(initiative, by_the_wall.date() + ONE_DAY)

    def _end_from(self, initiative: str, day: date) -> datetime:
        """The end of a day, or of the next that is a working day: all of a day's work asks the same."""
        found = self._ends.get((initiative, day))
        if found is None:
            found = self._ends[initiative, day] = self._end_of(initiative, self._working_from(initiative, day))
        return found

    def _level(self, initiative: str, stage: Stage, category: Category | None) -> Level:
        place = (initiative, stage, category)
        if (level := self._levels.get(place)) is None:
            known = self.initiative(initiative)
            own = known.service_levels_of.get(category) if category is not None else None
            level = self._levels[place] = getattr(own, stage.value, None) or getattr(known.service_levels, stage.value)
        return level

    def _working_from(self, initiative: str, day: date) -> date:
        while day not in self._working_days(initiative, day.year):
            day += ONE_DAY
        return day

    def _working_days(self, initiative: str, year: int) -> frozenset[date]:
        found = self._working.get((initiative, year))
        if found is None:
            found = self._working[initiative, year] = self.initiative(initiative).week.working_days(year)
        return found

    def _end_of(self, initiative: str, day: date) -> datetime:
        known = self.initiative(initiative)
        return datetime.combine(day, known.week.ends, tzinfo=known.timezone).astimezone(UTC)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at
