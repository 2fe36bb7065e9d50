"""A pregnancy as its events tell of it: each opener's own words, what the calendar makes of them, and who leads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import assert_never
from uuid import UUID

from services.referrals.domain.episode.calendar import PREGNANCY, phase_of
from services.referrals.domain.episode.error import counting
from services.referrals.domain.episode.events import (
    AgeBandStated,
    BirthRecorded,
    EpisodeClosed,
    EpisodeDated,
    EpisodeEndRecorded,
    EpisodeEnteredInError,
    EpisodeFact,
    EpisodeJoined,
    EpisodeLost,
    EpisodeOpened,
    EpisodeParted,
    EpisodeResumed,
    EpisodeSuperseded,
    EpisodeTakenBack,
    PostpartumVisitRecorded,
    PrenatalCareStarted,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)
from services.referrals.domain.episode.leads import Lead, Leads, moved
from services.referrals.domain.episode.machine import EpisodeStatus, Phase
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import AgeBand, ResponsibilityDomain


@frozen
class Own:
    """What one agency said of a pregnancy. `since` is None for the first of those who joined; `wrong` are datings."""

    since: date | None
    opened_at: datetime
    dated: EpisodeDated | None = None
    prenatal_care_on: date | None = None
    lost: bool = False
    resumed: bool = False
    ended: EpisodeEndRecorded | None = None
    birth: BirthRecorded | None = None
    visits: frozenset[date] = frozenset()
    closed: bool = False
    in_error: bool = False
    wrong: frozenset[UUID] = frozenset()

    @property
    def status(self) -> EpisodeStatus:
        if self.in_error:
            return EpisodeStatus.ENTERED_IN_ERROR
        if self.closed:
            return EpisodeStatus.CLOSED
        if self.lost:
            return EpisodeStatus.LOST
        if self.ended:
            return EpisodeStatus.POSTPARTUM
        return EpisodeStatus.OPEN_DATED if self.dated else EpisodeStatus.OPEN_UNDATED

    @property
    def is_through(self) -> bool:
        """Whether the agency closed it, or saw its end."""
        return self.closed or self.ended is not None

    @property
    def due(self) -> date:
        """The due date in force by its own words; undated, 280 days after it was opened (R5)."""
        return self.dated.edd if self.dated else (self.since or self.opened_at.date()) + PREGNANCY

    def phase(self, today: date) -> Phase:
        """What another agency would see, were these words its own: the calendar, and no end that was recorded (R5)."""
        return Phase.CLOSED if self.closed else phase_of(self.due, today)


@frozen
class Episode:
    """A pregnancy: the words of each agency that opened it, the dating that came last, and a lead for each domain."""

    opened: EpisodeOpened
    opened_at: datetime
    own: Mapping[str, Own]
    dated: EpisodeDated | None = None
    age_band: AgeBand | None = None
    superseded: EpisodeSuperseded | None = None
    closed: EpisodeClosed | None = None
    in_error: bool = False
    led: Leads = field(default_factory=Leads)

    @property
    def leads(self) -> Mapping[ResponsibilityDomain, Lead]:
        """The lead of each domain that has one."""
        return self.led.by_domain

    def lead(self, domain: ResponsibilityDomain) -> str | None:
        """The agency that leads a domain now, None where nobody does."""
        return self.led.of(domain)

    @property
    def is_over(self) -> bool:
        """Whether nobody works in it any more, by something that was said of it."""
        return self.closed is not None or self.superseded is not None or self.in_error

    @property
    def is_left(self) -> bool:
        """Whether nobody works in it by their own words either: who knows of none in its place stays in it (R5)."""
        return self.is_over and all(own.is_through for own in self.own.values())

    @property
    def due(self) -> date:
        """The due date in force, whoever stated it; undated, 280 days after it was opened (R5)."""
        return self.dated.edd if self.dated else self.opened.identified_on + PREGNANCY

    def phase(self, today: date) -> Phase:
        """What the initiative takes it for: by the due date in force, whatever was recorded of its end (R5)."""
        return Phase.CLOSED if self.is_over else phase_of(self.due, today)


def evolve(state: Episode | None, fact: EpisodeFact, at: datetime, agency: str) -> Episode:
    """The episode after one more fact."""
    if isinstance(fact, EpisodeOpened):
        own = MappingProxyType({agency: Own(fact.identified_on, at)})
        return state or Episode(opened=fact, opened_at=at, own=own, age_band=fact.age_band)
    if state is None:
        raise ForeignFact(fact)
    match fact:
        case EpisodeJoined():
            return _with(state, agency, Own(fact.identified_on, at))
        case ResponsibilityAssigned() | ResponsibilityLeft():
            return replace(state, led=moved(state.led, fact, at))
        case EpisodeDated():
            return replace(_said(state, agency, lambda own: replace(own, dated=fact)), dated=fact)
        case PrenatalCareStarted(on=on):
            return _said(state, agency, lambda own: replace(own, prenatal_care_on=on))
        case EpisodeLost():
            return _said(state, agency, lambda own: replace(own, lost=True))
        case EpisodeResumed():
            return _said(state, agency, lambda own: replace(own, lost=False, resumed=True))
        case EpisodeEndRecorded():
            return _said(state, agency, lambda own: replace(own, ended=fact, lost=False))
        case BirthRecorded():
            return _said(state, agency, lambda own: replace(own, birth=fact))
        case PostpartumVisitRecorded(on=on):
            return _said(state, agency, lambda own: replace(own, visits=own.visits | {on}))
        case EpisodeParted():
            parted = _said(state, agency, lambda own: replace(own, closed=True))
            return replace(parted, led=state.led.without(agency))
        case EpisodeClosed():
            own_words = {each: replace(own, closed=True) for each, own in state.own.items()}
            return replace(state, closed=fact, own=MappingProxyType(own_words), led=Leads())
        case EpisodeSuperseded():
            return replace(state, superseded=fact, led=Leads())
        case EpisodeEnteredInError(event=dating, dating=True):
            return _said(state, agency, lambda own: replace(own, wrong=own.wrong | {dating}))
        case EpisodeEnteredInError(whole=whole):
            return _void(state, agency, whole=whole)
        case AgeBandStated(age_band=band):
            return replace(state, age_band=band)
        case EpisodeTakenBack():
            return state
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Episode | None:
    """The episode that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Episode | None = None
    for happened in counting(history):
        if not isinstance(happened.fact, EpisodeFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state


def _with(state: Episode, agency: str, own: Own) -> Episode:
    return replace(state, own=MappingProxyType({**state.own, agency: own}))


def _said(state: Episode, agency: str, change: Callable[[Own], Own]) -> Episode:
    own = state.own.get(agency)
    return state if own is None else _with(state, agency, change(own))


def _void(state: Episode, agency: str, *, whole: bool) -> Episode:
    """Its words count no more, nor its dating; what others say stands."""
    void = _said(state, agency, lambda own: replace(own, closed=True, in_error=True))
    others = (own.dated for own in void.own.values() if own.dated and not own.in_error)
    dated = state.dated if state.dated != state.own[agency].dated else next(others, None)
    return replace(void, dated=dated, in_error=whole, led=Leads() if whole else state.led.without(agency))
