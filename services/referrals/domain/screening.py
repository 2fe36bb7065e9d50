"""A screening: with what a client was asked, and what came of it in one word (R6: no score, no item)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import ClassVar, Final, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongState
from services.referrals.domain.vocabulary import (
    Category,
    Instrument,
    RestrictedClass,
    ScreeningResult,
    restricted_class,
)

Results = Mapping[Category, ScreeningResult]
"""What came of it, by what it asked about."""
SAFETY: Final = Category.INTIMATE_PARTNER_VIOLENCE
ASKS: Final[Mapping[Instrument, frozenset[Category]]] = MappingProxyType(
    {
        Instrument.PRAPARE: frozenset(
            {
                *(Category.HOUSING_INSTABILITY, Category.FOOD_INSECURITY, Category.UTILITY_INSECURITY),
                *(Category.MATERIAL_HARDSHIP, Category.TRANSPORTATION_INSECURITY, Category.HEALTH_INSURANCE),
                *(Category.EMPLOYMENT_STATUS, Category.EDUCATIONAL_ATTAINMENT, Category.FINANCIAL_INSECURITY),
                *(Category.SOCIAL_CONNECTION, Category.STRESS, Category.INCARCERATION_STATUS, Category.VETERAN_STATUS),
            }
        ),
        Instrument.PRAPARE_SAFETY: frozenset({SAFETY}),
        Instrument.HUNGER_VITAL_SIGN: frozenset({Category.FOOD_INSECURITY}),
        Instrument.EPDS: frozenset({Category.BEHAVIORAL_HEALTH}),
        Instrument.PHQ_2: frozenset({Category.BEHAVIORAL_HEALTH}),
        Instrument.PHQ_9: frozenset({Category.BEHAVIORAL_HEALTH}),
        Instrument.IPV: frozenset({SAFETY}),
    }
)
"""What an instrument asks about (PRAPARE by its LOINC panel 93025-5)."""

HIGHEST_SCORE: Final[Mapping[Instrument, int]] = MappingProxyType(
    {Instrument.EPDS: 30, Instrument.PHQ_2: 6, Instrument.PHQ_9: 27}
)
"""The scores that there are; they are typed into the vault alone."""

# Commands


@frozen(kw_only=True)
class RecordScreening:
    """She was asked `at` a time (UTC), recorded `now`; `score` is a vault id. Of one instrument, of one class."""

    agency: str
    at: datetime
    now: datetime
    instrument: Instrument
    results: Results
    score: UUID | None = None


@frozen(kw_only=True)
class VoidScreening:
    """It should never have been written; `event` made it, `note` is the vault id of why."""

    agency: str
    at: datetime
    event: UUID
    note: UUID


ScreeningCommand: TypeAlias = RecordScreening | VoidScreening

# Events


class NeedScreened(Fact):
    """She was asked about one social need."""

    TYPE: ClassVar[str] = "need.screened.v1"
    instrument: Instrument
    category: Category
    result: ScreeningResult


class ScreeningRecorded(Fact):
    """She was screened for depression or violence: always of a restricted class (R6)."""

    TYPE: ClassVar[str] = "screening.recorded.v1"
    instrument: Instrument
    result: ScreeningResult
    restricted: RestrictedClass
    score: UUID | None = None


class ScreeningEnteredInError(Fact):
    """It should never have been written (R14): it stays in the history and leaves every measure."""

    TYPE: ClassVar[str] = "screening.entered_in_error.v1"
    event: UUID
    note: UUID
    restricted: RestrictedClass | None = None


ScreeningFact: TypeAlias = NeedScreened | ScreeningRecorded | ScreeningEnteredInError

# State


@frozen
class Screening:
    """A screening as it stands: by which agency, when (UTC), with what, and what came of it."""

    agency: str
    at: datetime
    instrument: Instrument
    results: Results
    score: UUID | None = None
    restricted: RestrictedClass | None = None
    in_error: bool = False


def parts(instrument: Instrument, results: Results) -> tuple[tuple[Instrument, Results], ...]:
    """What is recorded apart: the safety questions of PRAPARE are restricted, its others are not (R6)."""
    if instrument is not Instrument.PRAPARE or SAFETY not in results:
        return ((instrument, results),)
    others: Results = {category: result for category, result in results.items() if category is not SAFETY}
    safety: tuple[Instrument, Results] = (Instrument.PRAPARE_SAFETY, {SAFETY: results[SAFETY]})
    return ((instrument, others), safety) if others else (safety,)


def decide(command: ScreeningCommand, state: Screening | None) -> tuple[ScreeningFact, ...]:
    """It is recorded once, after it took place, for what the instrument asks about."""
    if state is not None and state.agency != command.agency:
        raise NotASide
    match command:
        case RecordScreening():
            return _record(command, state)
        case VoidScreening():
            return _void(command, state)
        case _:
            assert_never(command)


def _record(command: RecordScreening, state: Screening | None) -> tuple[ScreeningFact, ...]:
    if command.at > command.now:
        raise Unfit("date-in-future")
    if not command.results or not command.results.keys() <= ASKS[command.instrument]:
        raise Unfit("not-of-this-instrument")
    if state is not None:
        if (state.instrument, state.results, state.at) == (command.instrument, command.results, command.at):
            return ()
        raise Conflict("recorded", "screening-already-recorded")
    restricted = restricted_class(*command.results)
    if restricted is None:
        return tuple(
            NeedScreened(instrument=command.instrument, category=category, result=result)
            for category, result in command.results.items()
        )
    (result,) = command.results.values()
    used, score = command.instrument, command.score
    return (ScreeningRecorded(instrument=used, result=result, score=score, restricted=restricted),)


def _void(command: VoidScreening, state: Screening | None) -> tuple[ScreeningFact, ...]:
    if state is None:
        raise WrongState("none")
    if state.in_error:
        return ()
    return (ScreeningEnteredInError(event=command.event, note=command.note, restricted=state.restricted),)


def evolve(state: Screening | None, fact: ScreeningFact, at: datetime, agency: str) -> Screening:
    """The screening after one more fact. Raises ForeignFact for one that cannot come first."""
    match fact:
        case NeedScreened(instrument=instrument, category=category, result=result):
            known = state or Screening(agency, at, instrument, {})
            return replace(known, results={**known.results, category: result})
        case ScreeningRecorded(instrument=instrument, result=result):
            (category,) = ASKS[instrument]
            return state or Screening(agency, at, instrument, {category: result}, fact.score, fact.restricted)
        case ScreeningEnteredInError():
            if state is None:
                raise ForeignFact(fact)
            return replace(state, in_error=True)
        case _:
            assert_never(fact)


def fold(history: Sequence[Happened]) -> Screening | None:
    """The screening that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Screening | None = None
    for happened in history:
        if not isinstance(happened.fact, ScreeningFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
