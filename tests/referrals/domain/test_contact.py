"""The rules of a support contact (F4, R6, R17)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.referrals.domain import contact
from services.referrals.domain.contact import ContactRecorded, ContactStatus, Units, is_service_evidence, was_met
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.referral import ReferralReceived
from services.referrals.domain.refusal import Conflict, Unfit
from services.referrals.domain.vocabulary import (
    Category,
    ContactMode,
    ContactOutcome,
    RestrictedClass,
    UnitKind,
    Unmapped,
    service_tag,
)
from tests.invented import CLINIC, NOON, PANTRY, REFERRAL, contacted
from tests.scenario import Rules

given = Rules(contact.decide, contact.fold).given

RECORDED = ContactRecorded(
    mode=ContactMode.HOME_VISIT, outcome=ContactOutcome.COMPLETED, met=True, tags=(Category.FOOD_INSECURITY,)
)
PHYSICAL_OR_TWO_WAY = {
    ContactMode.HOME_VISIT,
    ContactMode.OFFICE_VISIT,
    ContactMode.COMMUNITY_VISIT,
    ContactMode.GROUP_SESSION,
    ContactMode.PHONE,
    ContactMode.VIDEO,
    ContactMode.TEXT_TWO_WAY,
    ContactMode.ACCOMPANIMENT,
    ContactMode.LABOR_SUPPORT,
    ContactMode.TRANSPORT_RIDE,
}


class TestBeforeItExists:
    def test_it_is_recorded_as_it_was(self) -> None:
        units = (Units(kind=UnitKind.BOX, count=2),)
        recorded = RECORDED.model_copy(update={"units": units, "referral": REFERRAL})
        state = given().when(contacted(units=units, referral=REFERRAL)).then(recorded)
        assert (state.status, state.agency) == (ContactStatus.COMPLETED, PANTRY)

    def test_nothing_is_recorded_before_it_happened(self) -> None:
        early = contacted(now=contacted().at - timedelta(seconds=1))
        given().when(early).then_refused(Unfit, "date-in-future")

    def test_a_tag_counts_once(self) -> None:
        given().when(contacted(tags=(Category.FOOD_INSECURITY, Category.FOOD_INSECURITY))).then(RECORDED)

    @pytest.mark.parametrize(
        ("changed", "restricted"),
        [
            ({"tags": (Category.WIC, Category.CONTRACEPTION)}, RestrictedClass.REPRODUCTIVE),
            ({"tags": (Category.INTIMATE_PARTNER_VIOLENCE,)}, RestrictedClass.IPV),
            ({"tags": (), "named_class": RestrictedClass.PART_2}, RestrictedClass.PART_2),
        ],
        ids=["a-tag", "the-only-tag", "what-it-names"],
    )
    def test_r6_its_class_is_that_of_a_tag_or_of_what_it_names(
        self, changed: dict[str, object], restricted: RestrictedClass
    ) -> None:
        recorded = RECORDED.model_copy(update={"tags": changed["tags"], "restricted": restricted})
        given().when(contacted(**changed)).then(recorded)


class TestWhenRecorded:
    history = (Happened(RECORDED, contacted().at, PANTRY),)

    def test_r12_the_same_again_is_nothing_new(self) -> None:
        given(*self.history).when(contacted()).then_nothing()

    @pytest.mark.parametrize("changed", [{"outcome": ContactOutcome.MISSED}, {"at": NOON}, {"agency": CLINIC}])
    def test_another_one_under_the_same_id_is_refused(self, changed: dict[str, object]) -> None:
        given(*self.history).when(contacted(**changed)).then_refused(Conflict, "contact-already-recorded")


class TestR17:
    @pytest.mark.parametrize("mode", ContactMode)
    def test_r17_a_contact_is_completed_and_physical_or_two_way(self, mode: ContactMode) -> None:
        assert was_met(mode, ContactOutcome.COMPLETED, None) == (mode in PHYSICAL_OR_TWO_WAY)

    @pytest.mark.parametrize("mode", ContactMode)
    @pytest.mark.parametrize("outcome", [each for each in ContactOutcome if each is not ContactOutcome.COMPLETED])
    @pytest.mark.parametrize("said", [None, True, False])
    def test_r17_what_is_not_completed_is_never_a_contact(
        self, mode: ContactMode, outcome: ContactOutcome, said: bool | None
    ) -> None:
        assert not was_met(mode, outcome, said)

    @pytest.mark.parametrize(
        ("mode", "said", "met"),
        [
            (ContactMode.GOODS_DELIVERY, True, True),
            (ContactMode.GOODS_DELIVERY, False, False),
            (ContactMode.GOODS_DELIVERY, None, False),
            (ContactMode.FUNDS_TRANSFER, True, False),
            (ContactMode.MAIL, True, False),
            (ContactMode.TEXT_ONE_WAY, True, False),
            (ContactMode.GROUP_SESSION, False, False),
        ],
    )
    def test_r17_goods_count_when_staff_say_so_and_a_group_that_she_missed_does_not(
        self, mode: ContactMode, said: bool | None, met: bool
    ) -> None:
        assert was_met(mode, ContactOutcome.COMPLETED, said) is met

    @pytest.mark.parametrize("mode", ContactMode)
    @pytest.mark.parametrize("outcome", ContactOutcome)
    def test_r17_service_evidence_is_a_contact_or_completed_goods_or_funds(
        self, mode: ContactMode, outcome: ContactOutcome
    ) -> None:
        (recorded,) = contact.decide(replace(contacted(), mode=mode, outcome=outcome), None)
        unmet = mode in {ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER}
        completed = outcome is ContactOutcome.COMPLETED
        assert is_service_evidence(recorded) == (recorded.met or (completed and unmet))


class TestFold:
    @pytest.mark.parametrize(
        ("outcome", "status"),
        [
            (ContactOutcome.COMPLETED, ContactStatus.COMPLETED),
            (ContactOutcome.ATTEMPTED_NO_ANSWER, ContactStatus.ATTEMPTED),
            (ContactOutcome.ATTEMPTED_LEFT_MESSAGE, ContactStatus.ATTEMPTED),
            (ContactOutcome.ATTEMPTED_WRONG_NUMBER, ContactStatus.ATTEMPTED),
            (ContactOutcome.NOT_HOME, ContactStatus.ATTEMPTED),
            (ContactOutcome.MISSED, ContactStatus.MISSED),
            (ContactOutcome.CLIENT_DECLINED, ContactStatus.CANCELLED),
            (ContactOutcome.CANCELLED_BY_CLIENT, ContactStatus.CANCELLED),
            (ContactOutcome.CANCELLED_BY_AGENCY, ContactStatus.CANCELLED),
        ],
    )
    def test_every_outcome_has_its_state(self, outcome: ContactOutcome, status: ContactStatus) -> None:
        (recorded,) = contact.decide(replace(contacted(), outcome=outcome), None)
        assert contact.evolve(None, recorded, NOON, PANTRY).status is status

    def test_a_fact_of_another_entity_is_not_passed_over(self) -> None:
        with pytest.raises(ForeignFact):
            contact.fold((Happened(ReferralReceived(), NOON, PANTRY),))

    def test_r26_an_activity_that_is_a_tag_becomes_it_and_other_text_does_not(self) -> None:
        assert service_tag("doula") is Category.DOULA
        assert service_tag("register request") is Unmapped.UNMAPPED
