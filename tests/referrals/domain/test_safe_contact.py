"""How a client may be contacted: what a plan allows, and what counted at a time before it (R13)."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.referrals.domain import safe_contact
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.referral import ReferralReceived
from services.referrals.domain.refusal import Unfit
from services.referrals.domain.safe_contact import (
    REACHING,
    PlanSafeContact,
    SafeContactPlanned,
    allowed_modes,
    is_prohibited,
    is_within,
    safe_contact_id,
)
from services.referrals.domain.vocabulary import ContactMode
from tests.invented import CLIENT, CLINIC, NOON, NOTE, PANTRY, later
from tests.scenario import Rules

given = Rules(safe_contact.decide, safe_contact.fold).given

TEXTS = (ContactMode.TEXT_TWO_WAY,)
PLAN = PlanSafeContact(agency=CLINIC, at=NOON, modes=TEXTS, words=NOTE)
NOT_AT_ALL = PlanSafeContact(agency=CLINIC, at=later(days=2), prohibited=True, reason=NOTE)
PLANNED = SafeContactPlanned(modes=TEXTS, words=NOTE)
FORBIDDEN = SafeContactPlanned(prohibited=True, reason=NOTE)
HISTORY = (Happened(PLANNED, NOON, CLINIC), Happened(FORBIDDEN, later(days=2), CLINIC))


class TestPlanning:
    def test_it_names_the_ways_and_what_is_text_by_its_place_in_the_vault(self) -> None:
        given().when(replace(PLAN, modes=(*TEXTS, *TEXTS))).then(PLANNED)

    def test_a_new_plan_takes_the_place_of_the_old(self) -> None:
        given(*HISTORY[:1]).when(NOT_AT_ALL).then(FORBIDDEN)

    def test_r12_the_same_again_changes_nothing(self) -> None:
        given(*HISTORY[:1]).when(replace(PLAN, at=later(days=1))).then_nothing()

    @pytest.mark.parametrize(
        ("changed", "slug"),
        [
            ({"prohibited": True}, "plan-both-ways"),
            ({"modes": ()}, "plan-allows-nothing"),
            ({"modes": (*TEXTS, ContactMode.TRANSPORT_RIDE)}, "plan-mode-not-possible"),
        ],
    )
    def test_a_plan_says_one_thing(self, changed: dict[str, object], slug: str) -> None:
        given().when(replace(PLAN, **changed)).then_refused(Unfit, slug)  # type: ignore[arg-type]  # fields of it

    def test_each_agency_has_its_own(self) -> None:
        assert safe_contact_id(CLIENT, CLINIC) != safe_contact_id(CLIENT, PANTRY)

    def test_a_fact_of_another_entity_is_not_passed_over(self) -> None:
        with pytest.raises(ForeignFact):
            safe_contact.fold((Happened(ReferralReceived(), NOON, CLINIC),))


class TestWhatCounts:
    def test_r13_without_a_plan_every_way_counts(self) -> None:
        assert allowed_modes(None, NOON) == set(REACHING)
        assert is_within(None, ContactMode.PHONE, NOON)
        assert not is_prohibited(None, NOON)

    @pytest.mark.parametrize(
        ("mode", "at", "within"),
        [
            (ContactMode.PHONE, later(days=-1), True),
            (ContactMode.PHONE, NOON, False),
            (ContactMode.TEXT_TWO_WAY, later(days=1), True),
            (ContactMode.GOODS_DELIVERY, later(days=1), True),
            (ContactMode.TEXT_TWO_WAY, later(days=2), False),
            (ContactMode.GOODS_DELIVERY, later(days=2), False),
        ],
    )
    def test_r13_an_attempt_is_held_against_the_plan_of_its_time(
        self, mode: ContactMode, at: datetime, within: bool
    ) -> None:
        assert is_within(safe_contact.fold(HISTORY), mode, at) is within

    def test_r13_with_contact_prohibited_no_attempt_is_asked_for(self) -> None:
        state = safe_contact.fold(HISTORY)
        assert [is_prohibited(state, at) for at in (later(days=1), later(days=2))] == [False, True]
        assert allowed_modes(state, later(days=3)) == frozenset()
