"""The rules of a need: known once, ended once, its class fixed by its category (R6, R12, R14)."""

from dataclasses import replace
from uuid import UUID

import pytest

from services.referrals.domain import need
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.need import (
    IdentifyNeed,
    Need,
    NeedCommand,
    NeedEnteredInError,
    NeedIdentified,
    NeedResolved,
    NeedStatus,
    NeedVerb,
    ResolveNeed,
    VoidNeed,
    need_id,
)
from services.referrals.domain.referral import ReferralReceived
from services.referrals.domain.refusal import Conflict, NotASide, Refusal, WrongState
from services.referrals.domain.vocabulary import Category, Resolution, RestrictedClass
from tests.invented import CLIENT, CLINIC, HUB, NOON, NOTE, SCREENING, later
from tests.scenario import Rules

EVENT = UUID("0194a000-0000-7000-8000-0000000000ee")
IDENTIFY = IdentifyNeed(agency=CLINIC, at=NOON, category=Category.FOOD_INSECURITY, screening=SCREENING)
RESOLVE = ResolveNeed(agency=CLINIC, at=later(days=9), how=Resolution.SERVED)
VOID = VoidNeed(agency=CLINIC, at=later(days=10), event=EVENT, note=NOTE)

given = Rules[Need](need.decide, lambda history: need.fold(tuple(history))).given

WAY_TO: dict[str, tuple[NeedCommand, ...]] = {
    "none": (),
    "identified": (IDENTIFY,),
    "resolved": (IDENTIFY, RESOLVE),
    "in error": (IDENTIFY, VOID),
    "resolved, in error": (IDENTIFY, RESOLVE, VOID),
}
STANDING: dict[NeedStatus, tuple[NeedCommand, ...]] = {
    NeedStatus.IDENTIFIED: (IDENTIFY,),
    NeedStatus.RESOLVED: (IDENTIFY, RESOLVE),
    NeedStatus.ENTERED_IN_ERROR: (IDENTIFY, VOID),
}
COMMANDS: dict[NeedVerb, NeedCommand] = {NeedVerb.RESOLVE: RESOLVE, NeedVerb.ENTERED_IN_ERROR: VOID}
STEPS: dict[str, NeedCommand] = {"identify": IDENTIFY, "resolve": RESOLVE, "void": VOID}
TABLE: dict[str, tuple[str | type[Refusal], ...]] = {
    #                      identify          resolve           void
    "none":               ("moved",          WrongState,       WrongState),
    "identified":         ("the same again", "moved",          "moved"),
    "resolved":           (Conflict,         "the same again", "moved"),
    "in error":           (Conflict,         WrongState,       "the same again"),
    "resolved, in error": (Conflict,         WrongState,       "the same again"),
}  # fmt: skip


def history(*commands: NeedCommand) -> tuple[Happened, ...]:
    found: list[Happened] = []
    for command in commands:
        facts = need.decide(command, need.fold(found))
        found += [Happened(fact, command.at, command.agency) for fact in facts]
    return tuple(found)


def outcome(command: NeedCommand, state: Need | None) -> str | type[Refusal]:
    try:
        return "moved" if need.decide(command, state) else "the same again"
    except Refusal as refusal:
        return type(refusal)


@pytest.mark.parametrize("state", WAY_TO)
@pytest.mark.parametrize("step", STEPS)
def test_r12_a_step_moves_it_just_where_the_table_says(state: str, step: str) -> None:
    found = need.fold(history(*WAY_TO[state]))
    assert outcome(STEPS[step], found) == TABLE[state][list(STEPS).index(step)]


@pytest.mark.parametrize("state", [each for each in WAY_TO if each != "none"])
@pytest.mark.parametrize("step", STEPS)
def test_r8_another_agency_does_nothing_with_it(state: str, step: str) -> None:
    found = need.fold(history(*WAY_TO[state]))
    assert outcome(replace(STEPS[step], agency=HUB), found) is NotASide


def test_it_is_known_resolved_and_in_error() -> None:
    identified = NeedIdentified(category=Category.FOOD_INSECURITY, screening=SCREENING)
    assert given().when(IDENTIFY).then(identified).status is NeedStatus.IDENTIFIED
    resolved = given(*history(IDENTIFY)).when(RESOLVE).then(NeedResolved(how=Resolution.SERVED))
    assert (resolved.status, resolved.how) == (NeedStatus.RESOLVED, Resolution.SERVED)
    void = given(*history(IDENTIFY, RESOLVE)).when(VOID).then(NeedEnteredInError(event=EVENT, note=NOTE))
    assert void.status is NeedStatus.ENTERED_IN_ERROR


def test_r12_another_end_is_refused() -> None:
    given(*history(IDENTIFY, RESOLVE)).when(replace(RESOLVE, how=Resolution.NOT_WANTED)).then_refused(
        Conflict, "need-already-ended"
    )


def test_another_need_under_the_same_id_is_refused() -> None:
    given(*history(IDENTIFY)).when(replace(IDENTIFY, category=Category.DOULA)).then_refused(
        Conflict, "need-already-ended"
    )


@pytest.mark.parametrize(
    ("category", "restricted"),
    [
        (Category.BEHAVIORAL_HEALTH, RestrictedClass.BEHAVIORAL),
        (Category.SUBSTANCE_USE_TREATMENT, RestrictedClass.PART_2),
        (Category.INTIMATE_PARTNER_VIOLENCE, RestrictedClass.IPV),
        (Category.CONTRACEPTION, RestrictedClass.REPRODUCTIVE),
        (Category.FOOD_INSECURITY, None),
    ],
)
def test_r6_every_fact_of_it_has_the_class_of_its_category(
    category: Category, restricted: RestrictedClass | None
) -> None:
    told = history(replace(IDENTIFY, category=category), RESOLVE, VOID)
    assert [getattr(each.fact, "restricted", None) for each in told] == [restricted] * 3


def test_two_agencies_and_two_times_are_different_needs() -> None:
    food = Category.FOOD_INSECURITY
    ids = {
        need_id(CLIENT, CLINIC, food, 0),
        need_id(CLIENT, HUB, food, 0),
        need_id(CLIENT, CLINIC, food, 1),
        need_id(CLIENT, CLINIC, Category.DOULA, 0),
    }
    assert len(ids) == 4
    assert need_id(CLIENT, CLINIC, food, 0) in ids


def test_a_fact_of_another_entity_or_out_of_place_is_not_passed_over() -> None:
    for fact in (ReferralReceived(), NeedResolved(how=Resolution.SERVED)):
        with pytest.raises(ForeignFact):
            need.fold((Happened(fact, NOON, CLINIC),))
