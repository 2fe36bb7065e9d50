"""Coded reasons: real codes are taken, and no number that somebody could be called or known by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from services.referrals.domain import handoff, referral
from services.referrals.domain.code import is_code, is_loinc, is_snomed_ct_concept
from services.referrals.domain.fact import CodedReason
from services.referrals.domain.refusal import Unfit
from tests.invented import propose, send
from tests.scenario import Rules

CONCEPTS = {
    "77386006": "pregnancy",
    "73211009": "diabetes mellitus",
    "38341003": "hypertensive disorder",
    "840539006": "COVID-19",
    "1119302008": "acute disease caused by SARS-CoV-2",
    "100005": "SNOMED RT concept, the shortest",
    "900000000000207008": "core metadata concept, the longest",
    "731000124108": "of the extension of the United States",
    "10989121108": "of an extension, the shortest: an example of the specification",
    "1290989121103": "of an extension, another example",
}
NO_CONCEPTS = {
    "77386007": "another check digit",
    "77836006": "two digits changed places",
    "100014": "a description (partition 01)",
    "1290023401015": "the same, longer",
    "100022": "a relationship (partition 02)",
    "1290000001117": "a description of an extension (partition 11)",
    "077386006": "a leading zero",
    "100": "too short",
    "5550108": "partition 10 without a namespace",
    "1000000000000000001": "too long",
    "": "nothing",
    "٧٧٣٨٦٠٠٦": "digits of another script",
    "77386006\n": "more than the code",
}
PHONES = ("5595550142", "15595550142", "5595550100", "5550142", "4155550199", "2095551003", "555010", "525512345678")
LOINC = ("88121-9", "82810-3", "11884-4", "21112-8", "2345-7", "44261-6")
NO_LOINC = ("88121-8", "88211-9", "555-1", "0-0", "5550142-1", "555-0142", "-9", "1234-", "12345678-9")


@pytest.mark.parametrize("code", CONCEPTS, ids=CONCEPTS.get)
def test_concepts_of_snomed_ct(code: str) -> None:
    assert is_snomed_ct_concept(code)
    assert is_code(code)


@pytest.mark.parametrize("code", NO_CONCEPTS, ids=NO_CONCEPTS.get)
def test_what_is_no_concept(code: str) -> None:
    assert not is_snomed_ct_concept(code)
    assert not is_code(code)


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_number_is_no_code(phone: str) -> None:
    assert not is_code(phone)


@given(st.from_regex(r"1?[2-9][0-9]{2}[2-9][0-9]{6}", fullmatch=True))
def test_nothing_that_dials_in_north_america_is_a_code_whatever_its_last_digit(number: str) -> None:
    assert not any(is_code(number[:-1] + digit) for digit in "0123456789")


@given(st.sampled_from(sorted(CONCEPTS)), st.data())
def test_a_wrong_digit_or_two_that_changed_places_are_always_seen(code: str, data: st.DataObject) -> None:
    """What the check digit of Verhoeff is for."""
    at = data.draw(st.integers(0, len(code) - 1))
    wrong = code[:at] + data.draw(st.sampled_from("0123456789")) + code[at + 1 :]
    turned = code[:at] + code[at + 1 : at + 2] + code[at] + code[at + 2 :]
    assert all(each == code or not is_snomed_ct_concept(each) for each in (wrong, turned))


@pytest.mark.parametrize("code", LOINC)
def test_numbers_of_loinc(code: str) -> None:
    assert is_loinc(code)
    assert is_code(code)


@pytest.mark.parametrize("code", NO_LOINC)
def test_what_is_no_number_of_loinc(code: str) -> None:
    assert not is_code(code)


@pytest.mark.parametrize("code", ["Z59.41", "O09.90", "Z3A.08", "Z34"])
def test_icd_10_cm_has_a_form_and_no_check(code: str) -> None:
    assert is_code(code)


@pytest.mark.parametrize("code", ["5595550142", "77386007", "88121-8"])
def test_no_command_states_what_is_no_code(code: str) -> None:
    Rules(referral.decide, referral.fold).given().when(send(reason_code=code)).then_refused(Unfit, "no-such-code")
    Rules(handoff.decide, handoff.fold).given().when(propose(reason_code=code)).then_refused(Unfit, "no-such-code")


@pytest.mark.parametrize("code", ["5595550142", *CONCEPTS, *LOINC, "Z59.41"])
def test_what_was_stored_before_codes_were_checked_can_be_read(code: str) -> None:
    assert TypeAdapter(CodedReason).validate_python(code) == code
