"""Owns how a made-up pregnancy goes: when she first sees a clinic, how it ends, whether she is seen after the birth.

The rates of births before 37 weeks are those that stand in print for Fresno and San Francisco (deploy/initiatives/
*/initiative.toml has their sources): 12 to 14 of 100 for Black families, 10 to 11 for Pacific Islander ones, 7.3 for
white ones; 10.3 for all stands for whoever has none. Healthy Start aims at 80 of 100 seen after the birth. The rest,
above all how early whom a clinic first sees, is invented, and so are all the differences between groups.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from contracts.vocabulary import RaceEthnicity
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.known import EPISODE, Asked, Known
from deploy.simulator.people import Person
from services.referrals.application.pregnancy_end import KIND, Child, End, EndedHow
from services.referrals.domain import episode

DAY: Final = timedelta(days=1)
TERM, FULL = 259, 280
PRETERM: Mapping[RaceEthnicity, float] = {
    RaceEthnicity.BLACK: 0.13,
    RaceEthnicity.PACIFIC_ISLANDER: 0.105,
    RaceEthnicity.WHITE: 0.073,
}
PRETERM_OF_ALL = 0.103
SEEN_EARLY: Mapping[RaceEthnicity, float] = {
    RaceEthnicity.WHITE: 0.84,
    RaceEthnicity.ASIAN: 0.78,
    RaceEthnicity.HISPANIC: 0.74,
    RaceEthnicity.BLACK: 0.68,
    RaceEthnicity.PACIFIC_ISLANDER: 0.58,
    RaceEthnicity.AMERICAN_INDIAN: 0.62,
}
SEEN_AFTER: Mapping[str, float] = {"en": 0.8, "es": 0.72, "hmn": 0.6, "sm": 0.58}
"""By her language."""
SHARE = {
    "care_written": 0.86,
    "birth_written": 0.93,
    "weeks_known": 0.8,
    "loss": 0.02,
    "twins": 0.03,
    "seen_twice": 0.3,
}
EARLIEST, LATEST = 168, 294
"""Days of gestation of those born early, and late."""
GRAMS_AT_TERM, GRAMS_A_DAY, SPREAD_G = 3_350, 22, 380
CARE_ENDS_DAYS = (28, 75, 48)


@dataclass(frozen=True, slots=True)
class Course:
    """How a pregnancy goes, by local dates, whoever writes it down."""

    due_on: date
    care_on: date
    ended_on: date
    gestational_days: int
    weights: tuple[int, ...]
    seen_on: tuple[date, ...]
    ends_on: date


def course(person: Person, known_on: date, days_known: float, chance: Random) -> Course:
    """The course of a pregnancy that lasted `days_known` when it became known."""
    due = known_on + (FULL - round(days_known)) * DAY
    begun = due - FULL * DAY
    race = person.races[0]
    early = chance.random() < SEEN_EARLY[race]
    care = begun + round(chance.triangular(42, 97, 63) if early else chance.triangular(98, 224, 126)) * DAY
    lasted = _lasted(race, round(days_known), chance)
    if chance.random() < SHARE["loss"]:
        lost = begun + round(chance.uniform(days_known + 7, max(days_known + 30, 168))) * DAY
        return Course(due, care, lost, (lost - begun).days, (), (), lost + 21 * DAY)
    born = begun + lasted * DAY
    weights = tuple(_weight(lasted, chance) for _ in range(2 if chance.random() < SHARE["twins"] else 1))
    ends = born + round(chance.triangular(*CARE_ENDS_DAYS)) * DAY
    seen = list[date]()
    if chance.random() < SEEN_AFTER[person.language]:
        seen.append(born + round(chance.triangular(8, 80, 40)) * DAY)
        if chance.random() < SHARE["seen_twice"]:
            seen.append(born + round(chance.uniform(3, 14)) * DAY)
    ends = max([ends, *(day + 3 * DAY for day in seen)])
    return Course(due, care, born, lasted, weights, tuple(sorted(set(seen))), ends)


def _lasted(race: RaceEthnicity, known: int, chance: Random) -> int:
    """Days of gestation at the birth: who becomes known late has escaped an early one."""
    early = round(chance.triangular(EARLIEST, TERM - 1, TERM - 6))
    if chance.random() < PRETERM.get(race, PRETERM_OF_ALL) and early > known + 3:
        return early
    return round(chance.triangular(TERM, LATEST, 277))


def _weight(lasted: int, chance: Random) -> int:
    usual = GRAMS_AT_TERM - (FULL - lasted) * GRAMS_A_DAY
    return min(5_200, max(480, round(chance.gauss(usual, SPREAD_G))))


def written(county: County, opened: steps.Open, of_it: Course, name: str, until: datetime) -> Iterator[steps.AnyStep]:
    """What the agency that opened it writes down of it before `until` (UTC), when it is through with her."""
    chance, agency = Random(f"{name}|pregnancy"), opened.agency
    ended = _at(county, of_it.ended_on + DAY, chance)
    if chance.random() < SHARE["care_written"]:
        at = max(opened.at + timedelta(minutes=50), _at(county, of_it.care_on, chance))
        if at < min(ended, until):
            yield steps.BeginCare(at=at, agency=agency, on=of_it.care_on)
    if chance.random() > SHARE["birth_written"]:
        return
    weeks = of_it.gestational_days if chance.random() < SHARE["weeks_known"] else None
    ended = county.hours.desk(ended + timedelta(days=chance.expovariate(1 / 3)), chance)
    if ended >= until:
        return
    yield steps.End(at=ended, agency=agency, on=of_it.ended_on, gestational_days=weeks, weights=of_it.weights)
    if not of_it.weights:
        yield steps.Pause(at=ended + timedelta(minutes=2), agency=agency)
    for day in of_it.seen_on:
        seen = _at(county, day, chance)
        if ended < seen < until:
            yield steps.SeeAfter(at=seen, agency=agency, on=day)


def _at(county: County, day: date, chance: Random) -> datetime:
    """When somebody at a desk writes down what was on a local date (UTC)."""
    return county.hours.desk(county.hours.noon(day), chance)


def command_of(step: steps.PregnancyStep, known: Known) -> Asked:
    """The command of a step."""
    at, agency = step.at, step.agency
    command: episode.EpisodeCommand
    match step:
        case steps.BeginCare():
            today = known.county.hours.local_date(at)
            command = episode.StartPrenatalCare(agency=agency, at=at, today=today, on=step.on)
        case steps.End():
            own = known.streams[EPISODE].state.own[agency].dated
            birth = _end(step).birth(own.edd if own else None)
            command = episode.EndEpisode(agency=agency, at=at, end=known.notes[KIND], on=step.on, birth=birth)
        case steps.SeeAfter():
            today = known.county.hours.local_date(at)
            command = episode.RecordPostpartumVisit(agency=agency, at=at, today=today, on=step.on)
    return Asked(EPISODE, episode, command, at)


def typed_in(step: steps.End) -> tuple[str, str, str]:
    """How and when it ended, which the vault alone knows (R5): word, kind and text."""
    return KIND, KIND, _end(step).model_dump_json()


def _end(step: steps.End) -> End:
    how = EndedHow.LIVE_BIRTH if step.weights else EndedHow.OTHER
    children: tuple[Any, ...] = tuple(Child(weight_g=each) for each in step.weights)
    return End(how=how, on=step.on, gestational_days=step.gestational_days, children=children)
