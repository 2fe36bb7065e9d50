"""The rules of a screening: one word a question, no score, depression and violence apart (R6)."""

from dataclasses import replace
from uuid import UUID

import pytest

from services.referrals.domain import screening
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.referral import ReferralReceived
from services.referrals.domain.refusal import Conflict, NotASide, Refusal, Unfit, WrongState
from services.referrals.domain.screening import (
    ASKS,
    SAFETY,
    NeedScreened,
    RecordScreening,
    Screening,
    ScreeningCommand,
    ScreeningEnteredInError,
    ScreeningRecorded,
    VoidScreening,
    parts,
)
from services.referrals.domain.vocabulary import Category, Instrument, RestrictedClass, ScreeningResult
from tests.invented import CLINIC, HUB, NOON, NOTE, later
from tests.scenario import Rules

YES, NO, DECLINED = ScreeningResult.POSITIVE, ScreeningResult.NEGATIVE, ScreeningResult.DECLINED
FOOD, DEPRESSION = Category.FOOD_INSECURITY, Category.BEHAVIORAL_HEALTH
EVENT = UUID("0194a000-0000-7000-8000-0000000000ee")
HUNGER = RecordScreening(agency=CLINIC, at=NOON, now=NOON, instrument=Instrument.HUNGER_VITAL_SIGN, results={FOOD: YES})
EPDS = replace(HUNGER, instrument=Instrument.EPDS, results={DEPRESSION: YES}, score=NOTE)
VOID = VoidScreening(agency=CLINIC, at=later(days=1), event=EVENT, note=NOTE)

given = Rules[Screening](screening.decide, lambda history: screening.fold(tuple(history))).given

WAY_TO: dict[str, tuple[ScreeningCommand, ...]] = {"none": (), "recorded": (EPDS,), "in error": (EPDS, VOID)}
STEPS: dict[str, ScreeningCommand] = {"record": EPDS, "void": VOID}
TABLE: dict[str, tuple[str | type[Refusal], ...]] = {
    "none": ("moved", WrongState),
    "recorded": ("the same again", "moved"),
    "in error": ("the same again", "the same again"),
}


def history(*commands: ScreeningCommand) -> tuple[Happened, ...]:
    found: list[Happened] = []
    for command in commands:
        facts = screening.decide(command, screening.fold(found))
        found += [Happened(fact, command.at, command.agency) for fact in facts]
    return tuple(found)


def outcome(command: ScreeningCommand, state: Screening | None) -> str | type[Refusal]:
    try:
        return "moved" if screening.decide(command, state) else "the same again"
    except Refusal as refusal:
        return type(refusal)


@pytest.mark.parametrize("state", WAY_TO)
@pytest.mark.parametrize("step", STEPS)
def test_r12_a_step_moves_it_just_where_the_table_says(state: str, step: str) -> None:
    found = screening.fold(history(*WAY_TO[state]))
    assert outcome(STEPS[step], found) == TABLE[state][list(STEPS).index(step)]


@pytest.mark.parametrize("state", ["recorded", "in error"])
@pytest.mark.parametrize("step", STEPS)
def test_r8_another_agency_does_nothing_with_it(state: str, step: str) -> None:
    found = screening.fold(history(*WAY_TO[state]))
    assert outcome(replace(STEPS[step], agency=HUB), found) is NotASide


def test_what_asks_about_social_needs_is_one_fact_a_need() -> None:
    results = {FOOD: YES, Category.TRANSPORTATION_INSECURITY: NO, Category.STRESS: DECLINED}
    state = (
        given()
        .when(replace(HUNGER, instrument=Instrument.PRAPARE, results=results))
        .then(
            *(
                NeedScreened(instrument=Instrument.PRAPARE, category=category, result=result)
                for category, result in results.items()
            )
        )
    )
    assert (state.results, state.restricted) == (results, None)


@pytest.mark.parametrize(
    ("instrument", "restricted"),
    [
        (Instrument.EPDS, RestrictedClass.BEHAVIORAL),
        (Instrument.PHQ_2, RestrictedClass.BEHAVIORAL),
        (Instrument.PHQ_9, RestrictedClass.BEHAVIORAL),
        (Instrument.IPV, RestrictedClass.IPV),
        (Instrument.PRAPARE_SAFETY, RestrictedClass.IPV),
    ],
)
@pytest.mark.parametrize("result", ScreeningResult)
def test_r6_depression_and_violence_are_restricted_whatever_came_of_it(
    instrument: Instrument, restricted: RestrictedClass, result: ScreeningResult
) -> None:
    (category,) = ASKS[instrument]
    command = replace(EPDS, instrument=instrument, results={category: result})
    recorded = ScreeningRecorded(instrument=instrument, result=result, score=NOTE, restricted=restricted)
    state = given().when(command).then(recorded)
    void = ScreeningEnteredInError(event=EVENT, note=NOTE, restricted=restricted)
    assert screening.decide(VOID, state) == (void,)


def test_r6_the_safety_questions_of_prapare_are_a_screening_of_their_own() -> None:
    both = {FOOD: YES, SAFETY: NO}
    assert parts(Instrument.PRAPARE, both) == (
        (Instrument.PRAPARE, {FOOD: YES}),
        (Instrument.PRAPARE_SAFETY, {SAFETY: NO}),
    )
    assert parts(Instrument.PRAPARE, {SAFETY: NO}) == ((Instrument.PRAPARE_SAFETY, {SAFETY: NO}),)
    assert parts(Instrument.PRAPARE, {FOOD: NO}) == ((Instrument.PRAPARE, {FOOD: NO}),)
    assert parts(Instrument.IPV, {SAFETY: NO}) == ((Instrument.IPV, {SAFETY: NO}),)
    together = replace(HUNGER, instrument=Instrument.PRAPARE, results=both)
    given().when(together).then_refused(Unfit, "not-of-this-instrument")


@pytest.mark.parametrize("results", [{}, {Category.DOULA: YES}, {FOOD: YES, Category.STRESS: NO}])
def test_an_instrument_has_a_result_for_what_it_asks_about_alone(
    results: dict[Category, ScreeningResult],
) -> None:
    given().when(replace(HUNGER, results=results)).then_refused(Unfit, "not-of-this-instrument")


def test_nothing_is_recorded_before_it_happened() -> None:
    given().when(replace(HUNGER, at=later(hours=1))).then_refused(Unfit, "date-in-future")


def test_r12_another_result_under_the_same_id_is_refused() -> None:
    given(*history(HUNGER)).when(replace(HUNGER, results={FOOD: NO})).then_refused(
        Conflict, "screening-already-recorded"
    )


def test_a_fact_of_another_entity_or_out_of_place_is_not_passed_over() -> None:
    for fact in (ReferralReceived(), ScreeningEnteredInError(event=EVENT, note=NOTE)):
        with pytest.raises(ForeignFact):
            screening.fold((Happened(fact, NOON, CLINIC),))


def test_every_instrument_asks_about_something() -> None:
    assert ASKS.keys() == set(Instrument)
    assert all(ASKS.values())
