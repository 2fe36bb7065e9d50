"""Owns what made-up clients say of themselves, when they are due, and how that is asked of the domain."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from contracts.initiative import Initiative
from contracts.vocabulary import DatingBasis, DetailedGroup, Payer, RaceEthnicity
from deploy.simulator import steps
from deploy.simulator.county import County
from services.referrals.domain import client, episode
from services.referrals.domain.client import DemographicsStated
from services.referrals.domain.vocabulary import StatedBy

SHARE = {"told": 0.85, "declined": 0.06, "dated": 0.88, "paused": 0.03}
PAYERS = {Payer.MEDI_CAL: 7, Payer.PRIVATE: 2, Payer.NONE: 1}
BASES = {DatingBasis.ULTRASOUND: 6, DatingBasis.LMP: 3, DatingBasis.CLINICAL: 1}


def with_her_words(county: County, name: str, taken: Iterable[steps.AnyStep]) -> list[steps.AnyStep]:
    """The steps of a journey, and what she says between them; a due date moves the day on which the calendar closes.

    It draws from chances of its own, so that the steps themselves stay as they are.
    """
    chance, found, closes = Random(f"{name}|told"), list[steps.AnyStep](), None
    for step in taken:
        match step:
            case steps.Register() if chance.random() < SHARE["told"]:
                found += [step, _tell(step, chance)]
            case steps.Open() if closes is None and chance.random() < SHARE["dated"]:
                dated = _date(step, chance)
                closes = county.closes(dated.edd - episode.PREGNANCY)
                found += [step, dated, *_paused(county, step, chance)]
            case _:
                found.append(step)
    found = _not_asked_in_quiet(found)
    if closes is None:
        return found
    return [replace(step, at=closes) if isinstance(step, steps.EndPostpartum) else step for step in found]


def command_of(step: steps.OfPerson, county: County) -> tuple[str, Any, Any]:
    """The stream's word, the room of the domain and the command of a step."""
    at, agency, today = step.at, step.agency, county.hours.local_date(step.at)
    match step:
        case steps.Tell():
            stated = _stated(step, county.initiative)
            return "client", client, client.StateDemographics(agency=agency, at=at, stated=stated)
        case steps.Pause():
            return "client", client, client.PauseOutreach(agency=agency, at=at)
        case steps.Resume():
            return "client", client, client.ResumeOutreach(agency=agency, at=at)
        case steps.Date():
            dated = episode.DateEpisode(agency=agency, at=at, today=today, edd=step.edd, basis=step.basis)
            return "episode", episode, dated
        case steps.Lose():
            return "episode", episode, episode.LoseEpisode(agency=agency, at=at)
        case steps.EndCare():
            return "episode", episode, episode.CloseEpisode(agency=agency, at=at)
        case steps.EndPostpartum():
            return "episode", episode, episode.EndPostpartum(agency=agency, at=at, today=today)
        case _:
            raise TypeError(type(step).__name__)


def _tell(step: steps.Register, chance: Random) -> steps.Tell:
    declined, person = chance.random() < SHARE["declined"], step.person
    (payer,) = chance.choices(list(PAYERS), list(PAYERS.values()))
    return steps.Tell(
        at=step.at + timedelta(minutes=1),
        agency=step.agency,
        races=() if declined else person.races,
        groups=() if declined else person.groups,
        declined=declined,
        language=person.language,
        payer=payer,
        zip_code=person.address[2] if person.address else None,
    )


def _date(step: steps.Open, chance: Random) -> steps.Date:
    (basis,) = chance.choices(list(BASES), list(BASES.values()))
    at = step.at + timedelta(minutes=1)
    return steps.Date(at=at, agency=step.agency, edd=step.due_on, basis=basis)


def _paused(county: County, step: steps.Open, chance: Random) -> list[steps.AnyStep]:
    if chance.random() > SHARE["paused"]:
        return []
    at = county.hours.desk(step.at + timedelta(days=chance.uniform(5, 60)), chance)
    again = county.hours.desk(at + timedelta(days=chance.uniform(10, 40)), chance)
    return [steps.Pause(at=at, agency=step.agency), steps.Resume(at=again, agency=step.agency)]


def _not_asked_in_quiet(taken: list[steps.AnyStep]) -> list[steps.AnyStep]:
    """Nobody asks her how it was while outreach to her is paused (R5); what was not asked is not answered."""
    paused = next((step.at for step in taken if isinstance(step, steps.Pause)), None)
    resumed = next((step.at for step in taken if isinstance(step, steps.Resume)), None)
    if paused is None or resumed is None:
        return taken
    asked = [step for step in taken if isinstance(step, steps.AskHer)]
    never = {step.name for step in asked if paused <= step.at <= resumed}
    return [step for step in taken if not (isinstance(step, steps.AskHer | steps.SheSaid) and step.name in never)]


def _stated(step: steps.Tell, initiative: Initiative) -> DemographicsStated:
    group = initiative.zip_group(step.zip_code)
    return DemographicsStated(
        race_ethnicity=tuple(race for race in RaceEthnicity if race in step.races),
        detailed=tuple(each for each in DetailedGroup if each in step.groups),
        declined=step.declined,
        source=StatedBy.SELF_REPORTED,
        language=step.language,
        payer=step.payer,
        zip_group=group.slug if group else None,
        county=group.county if group else None,
    )
