"""The rules of a consent (R1, R2), and of the disclosures that rest on it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.referrals.domain import consent, disclosure
from services.referrals.domain.consent import ConsentRecorded, ConsentStatus, Overruled, covers, overruled, overrules
from services.referrals.domain.disclosure import DisclosureRecorded, RecordDisclosure, disclosure_id
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.refusal import Conflict, Unfit
from services.referrals.domain.vocabulary import Category, DisclosureKind, GivenField, How, Purpose, RestrictedClass
from tests.invented import (
    CLIENT,
    CLINIC,
    CONSENT,
    FIELDS,
    HUB,
    NOON,
    PANTRY,
    REFERRAL,
    TODAY,
    agreement,
    later,
    record_consent,
)
from tests.scenario import Rules

given = Rules(consent.decide, consent.fold).given

FOOD = Category.FOOD_INSECURITY
SAID_YES = ConsentRecorded(agreed=True, how=How.SPOKEN, on=TODAY, fields=FIELDS, recipient=PANTRY)


class TestRefusal:
    @pytest.mark.parametrize(
        ("no", "yes", "category", "refused"),
        [
            ({"recipient": PANTRY}, {}, FOOD, True),
            ({"recipient": PANTRY}, {}, None, True),
            ({"recipient": None, "recipients": (HUB, PANTRY)}, {}, FOOD, True),
            ({"recipient": HUB}, {}, FOOD, False),
            ({"recipient": None, "category": FOOD}, {}, FOOD, True),
            ({"recipient": None, "category": FOOD}, {}, None, False),
            ({"recipient": None, "category": Category.DOULA}, {}, FOOD, False),
            ({"recipient": PANTRY, "category": Category.DOULA}, {}, FOOD, False),
            ({"recipient": PANTRY, "category": FOOD}, {}, None, True),
            ({"recipient": None}, {}, FOOD, True),
            ({"on": TODAY - timedelta(days=1)}, {}, FOOD, False),
            ({"on": TODAY - timedelta(days=1)}, {"recipient": None, "category": FOOD}, FOOD, True),
            ({"purpose": Purpose.PUBLIC_HEALTH}, {}, FOOD, False),
            ({"agreed": True}, {}, FOOD, False),
        ],
    )
    def test_r1_what_she_said_last_stands(
        self, no: dict[str, object], yes: dict[str, object], category: Category | None, refused: bool
    ) -> None:
        said = agreement(**{"agreed": False, "fields": (), **no}).consent
        status = ConsentStatus.AGREED if said.recorded.agreed else ConsentStatus.REFUSED
        said = replace(said, status=status, said_at=later(days=1))
        assert overrules(said, agreement(**yes).consent, PANTRY, category) is refused

    def test_r1_said_on_the_same_day_the_one_that_was_written_down_last_stands(self) -> None:
        said = replace(agreement(agreed=False).consent, status=ConsentStatus.REFUSED)
        anew = replace(agreement().consent, said_at=later(days=1))
        assert not overrules(said, anew, PANTRY, FOOD)
        assert not overrules(replace(said, status=ConsentStatus.ENTERED_IN_ERROR), agreement().consent, PANTRY, FOOD)

    @pytest.mark.parametrize(
        ("no", "yes", "whole"),
        [
            ({}, {}, True),
            ({"recipient": None}, {}, True),
            ({"recipient": HUB}, {}, None),
            ({"category": FOOD}, {}, False),
            ({"category": FOOD}, {"category": FOOD}, True),
            ({"category": FOOD}, {"category": Category.DOULA}, None),
            ({}, {"recipient": None, "recipients": (HUB, PANTRY)}, False),
            ({}, {"recipient": None, "category": FOOD}, False),
            ({"recipient": None, "category": FOOD}, {"recipient": None, "category": FOOD}, True),
            ({"recipient": None, "category": Category.UNSPECIFIED}, {}, False),
        ],
    )
    def test_r1_a_no_goes_before_the_whole_of_a_yes_or_a_part(
        self, no: dict[str, object], yes: dict[str, object], whole: bool | None
    ) -> None:
        refused = replace(
            agreement(**{"agreed": False, "fields": (), **no}).consent,
            status=ConsentStatus.REFUSED,
            said_at=later(days=1),
        )
        said = agreement(**yes).consent
        found = overruled(said, [said, refused])
        assert (found and found.whole) == whole
        elsewhere = replace(refused, agency=HUB)
        assert overruled(said, [elsewhere]) is None, "no other agency learns of it: it may still send"

    def test_r1_a_part_may_be_the_whole_for_one_of_its_receivers(self) -> None:
        refused = replace(agreement(agreed=False).consent, status=ConsentStatus.REFUSED, said_at=later(days=1))
        said = agreement(recipient=None, recipients=(HUB, PANTRY)).consent
        assert overruled(said, [refused], PANTRY) == Overruled(whole=True, on=TODAY)
        assert overruled(said, [refused], HUB) is None
        assert overruled(replace(said, status=ConsentStatus.REVOKED), [refused], PANTRY) is None


class TestBeforeItExists:
    def test_r1_her_yes_is_recorded_with_fields_and_receiver(self) -> None:
        given().when(record_consent()).then(SAID_YES)

    def test_r1_a_no_is_an_answer_and_needs_neither(self) -> None:
        said_no = ConsentRecorded(agreed=False, how=How.SPOKEN, on=TODAY, fields=())
        given().when(record_consent(agreed=False, fields=(), recipient=None)).then(said_no)

    @pytest.mark.parametrize(
        ("changed", "slug"),
        [
            ({"on": TODAY + timedelta(days=1)}, "date-in-future"),
            ({"on": TODAY - timedelta(days=732)}, "consent-too-long-ago"),
            ({"on": date(1900, 1, 1), "agreed": False}, "consent-too-long-ago"),
            ({"expires": TODAY - timedelta(days=1)}, "expires-before-it-begins"),
            ({"recipient": None}, "consent-names-nobody"),
            ({"fields": ()}, "consent-names-no-field"),
        ],
    )
    def test_r2_a_yes_to_nobody_or_nothing_or_another_day_is_refused(
        self, changed: dict[str, object], slug: str
    ) -> None:
        given().when(record_consent(**changed)).then_refused(Unfit, slug)

    def test_what_she_said_two_years_ago_is_written_down_still(self) -> None:
        on = TODAY - timedelta(days=731)
        given().when(record_consent(on=on)).then(SAID_YES.model_copy(update={"on": on}))


class TestWhenRecorded:
    history = (Happened(SAID_YES, NOON, CLINIC),)

    def test_r12_the_same_again_is_nothing_new(self) -> None:
        given(*self.history).when(record_consent()).then_nothing()

    def test_another_answer_under_the_same_id_is_refused(self) -> None:
        given(*self.history).when(record_consent(agreed=False)).then_refused(Conflict, "consent-already-recorded")

    def test_a_fact_of_another_entity_is_not_passed_over(self) -> None:
        with pytest.raises(ForeignFact):
            consent.fold((Happened(DisclosureRecorded(kind=DisclosureKind.LETTER), NOON, CLINIC),))


class TestCovers:
    @pytest.mark.parametrize(
        ("changed", "covered"),
        [
            ({}, True),
            ({"agreed": False}, False),
            ({"recipient": HUB}, False),
            ({"category": FOOD}, True),
            ({"category": Category.DOULA}, False),
            ({"recipient": None, "category": FOOD}, True),
            ({"recipient": None, "category": Category.DOULA}, False),
            ({"fields": FIELDS[:-1]}, False),
            ({"on": TODAY + timedelta(days=1)}, False),
            ({"expires": TODAY}, True),
            ({"expires": TODAY - timedelta(days=1)}, False),
        ],
    )
    def test_r2_a_referral_is_covered_by_its_receiver_or_its_category(
        self, changed: dict[str, object], covered: bool
    ) -> None:
        assert covers(agreement(**changed).consent, PANTRY, FOOD, FIELDS, on=TODAY) is covered

    @pytest.mark.parametrize(
        ("changed", "covered"),
        [
            ({}, True),
            ({"category": FOOD}, True),
            ({"recipient": None, "category": FOOD}, False),
            ({"recipient": HUB}, False),
        ],
    )
    def test_r1_a_handoff_is_covered_by_its_receiver_alone(self, changed: dict[str, object], covered: bool) -> None:
        assert covers(agreement(**changed).consent, PANTRY, None, FIELDS, on=TODAY) is covered

    def test_r1_a_field_that_she_did_not_name_is_not_covered(self) -> None:
        wanted = (*FIELDS, GivenField.ADDRESS)
        assert not covers(agreement().consent, PANTRY, FOOD, wanted, on=TODAY)
        assert covers(agreement().consent, PANTRY, FOOD, (), on=date(2030, 1, 1))


class TestDisclosure:
    command = RecordDisclosure(agency=PANTRY, at=NOON, kind=DisclosureKind.GIVEN_FIELDS, referral=REFERRAL)
    rules = Rules(disclosure.decide, disclosure.fold)

    def test_r1_what_was_shown_is_accounted_for_once(self) -> None:
        recorded = DisclosureRecorded(kind=DisclosureKind.GIVEN_FIELDS, referral=REFERRAL)
        self.rules.given().when(self.command).then(recorded)

    def test_r6_it_has_the_class_of_what_it_belongs_to(self) -> None:
        command = RecordDisclosure(
            agency=PANTRY,
            at=NOON,
            kind=DisclosureKind.LETTER,
            consent=CONSENT,
            referral=REFERRAL,
            restricted=RestrictedClass.IPV,
        )
        recorded = DisclosureRecorded(
            kind=DisclosureKind.LETTER, consent=CONSENT, referral=REFERRAL, restricted=RestrictedClass.IPV
        )
        self.rules.given().when(command).then(recorded)

    def test_r1_its_stream_is_one_for_person_client_kind_consent_class_sources_and_hour(self) -> None:
        look = RecordDisclosure(agency=PANTRY, at=NOON, kind=DisclosureKind.TIMELINE)
        first = disclosure_id(CLIENT, "staff-1", look)
        assert first == disclosure_id(CLIENT, "staff-1", replace(look, at=later(hours=0.99)))
        others = {
            disclosure_id(CLIENT, "staff-1", replace(look, at=later(hours=1))),
            disclosure_id(CLIENT, "staff-2", look),
            disclosure_id(CLIENT, "staff-1", replace(look, agency=HUB)),
            disclosure_id(CLIENT, "staff-1", replace(look, kind=DisclosureKind.LETTER)),
            disclosure_id(CLIENT, "staff-1", replace(look, consent=CONSENT)),
            disclosure_id(CLIENT, "staff-1", replace(look, restricted=RestrictedClass.PART_2)),
            disclosure_id(CLIENT, "staff-1", replace(look, sources=(CLINIC,))),
            disclosure_id(CONSENT, "staff-1", look),
        }
        assert len(others | {first}) == 9

    def test_a_fact_of_another_entity_is_not_passed_over(self) -> None:
        with pytest.raises(ForeignFact):
            disclosure.fold((Happened(SAID_YES, NOON, CLINIC),))
