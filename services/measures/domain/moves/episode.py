"""What the events of a pregnancy, of who leads in it, and of a birth mean for its path."""

from __future__ import annotations

from datetime import date
from typing import Final, TypeVar, assert_never, get_args
from uuid import UUID

from contracts.events.birth import BirthEvent, BirthRecordedV1, PostpartumVisitRecordedV1
from contracts.events.episode import (
    EpisodeAgeBandStatedV1,
    EpisodeClosedV1,
    EpisodeDatedV1,
    EpisodeEnteredInErrorV1,
    EpisodeEvent,
    EpisodeLostV1,
    EpisodeOpenedV1,
    EpisodePrenatalCareStartedV1,
    EpisodeResumedV1,
    EpisodeSupersededV1,
    EpisodeTakenBackV1,
    ResponsibilityAssignedV1,
    ResponsibilityLeftV1,
)
from contracts.events.event import Published
from services.measures.domain.episode import Aged, Birth, Dating, EpisodePath, Lead, Sighting, Superseded
from services.measures.domain.path import Moment

MOVED_BY: Final[frozenset[type[Published]]] = frozenset((*get_args(EpisodeEvent), *get_args(BirthEvent)))
Said = TypeVar("Said", Aged, Dating, Birth)
First = TypeVar("First", Moment, Superseded, date)
Entry = TypeVar("Entry", bound=Lead | Sighting)


def apply(episodes: dict[UUID, EpisodePath], event: EpisodeEvent | BirthEvent, moment: Moment, agency: str) -> None:
    """The entries after one more event, which was neither taken back nor entered in error."""
    path = episodes.get(event.episode, EpisodePath())
    match event:
        case EpisodeOpenedV1(identified_on=on, age_band=band):
            age = path.age if band is None else _later(path.age, Aged(moment, str(band)))
            path = path._replace(opened=_first(path.opened, moment), agency=agency, identified_on=on, age=age)
        case EpisodeAgeBandStatedV1(age_band=band):
            path = path._replace(age=_later(path.age, Aged(moment, str(band))))
        case EpisodeDatedV1(edd=edd):
            path = path._replace(dating=_later(path.dating, Dating(moment, edd)))
        case EpisodePrenatalCareStartedV1(on=on):
            path = path._replace(prenatal_care_on=_first(path.prenatal_care_on, on))
        case EpisodeLostV1() | EpisodeResumedV1():
            sighting = Sighting(moment, agency, isinstance(event, EpisodeResumedV1))
            path = path._replace(sightings=_among(path.sightings, sighting))
        case EpisodeSupersededV1(by=by):
            path = path._replace(superseded=_first(path.superseded, Superseded(moment, by)))
        case EpisodeClosedV1():
            path = path._replace(closed=_first(path.closed, moment))
        case (
            ResponsibilityAssignedV1(domain=domain, agency=leading)
            | ResponsibilityLeftV1(domain=domain, agency=leading)
        ):
            lead = Lead(moment, str(domain), leading, isinstance(event, ResponsibilityAssignedV1))
            path = path._replace(leads=_among(path.leads, lead))
        case BirthRecordedV1():
            path = path._replace(birth=_later(path.birth, _birth(event, moment, agency)))
        case PostpartumVisitRecordedV1(on=on):
            path = path._replace(visits=path.visits | {on})
        case EpisodeEnteredInErrorV1() | EpisodeTakenBackV1():
            return
        case never:
            assert_never(never)
    episodes[event.episode] = path


def _birth(event: BirthRecordedV1, moment: Moment, agency: str) -> Birth:
    band = None if event.weight_band is None else str(event.weight_band)
    return Birth(moment, event.delivered_on, event.gestational_days, band, agency)


def _later(known: Said | None, new: Said) -> Said:
    """What was said last, by the order in which it was recorded."""
    return new if known is None or new.said.position > known.said.position else known


def _first(known: First | None, new: First) -> First:
    return new if known is None else min(known, new)


def _among(known: tuple[Entry, ...], new: Entry) -> tuple[Entry, ...]:
    return known if new in known else tuple(sorted((*known, new), key=_position))


def _position(entry: Lead | Sighting) -> int:
    return entry.moment.position
