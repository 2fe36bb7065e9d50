"""Stored facts have one stable name each, and no room for text that somebody typed."""

import re

import pytest
from pydantic import ValidationError

from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.contact import ContactRecorded
from services.referrals.domain.fact import Fact
from services.referrals.domain.referral import ReferralAccepted, ReferralSent
from tests.invented import referral_history, send


def every_fact(kind: type[Fact] = Fact) -> set[type[Fact]]:
    """Every kind that the services define; tests make some of their own."""
    below = {each for child in kind.__subclasses__() for each in ({child} | every_fact(child))}
    return {each for each in below if each.__module__.startswith("services.") and "TYPE" in vars(each)}


def test_every_kind_of_fact_is_in_the_catalogue_under_its_own_name() -> None:
    assert set(FACTS.values()) == every_fact()
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+\.v[1-9]", name) for name in FACTS)


@pytest.mark.parametrize("kind", FACTS.values())
def test_a_fact_has_no_field_for_free_text(kind: type[Fact]) -> None:
    schema = kind.model_json_schema()
    for name, field in (schema.get("properties", {}) | schema.get("$defs", {})).items():
        for each in field.get("anyOf", [field]):
            if each.get("type") == "string":
                assert each.keys() & {"format", "enum", "const", "pattern"}, name


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("to_agency", "Mara Example, 559 555 0142"),
        ("service", "a doula for Mara"),
        ("reason_code", "she fled her husband"),
        ("identifier", "Mara Example"),
        ("name", "Mara Example"),
    ],
)
def test_typed_text_does_not_fit_into_a_referral(field: str, value: str) -> None:
    (happened,) = referral_history(send())
    with pytest.raises(ValidationError):
        ReferralSent.model_validate(happened.fact.model_dump() | {field: value})


def test_typed_text_does_not_fit_into_an_answer_or_a_contact() -> None:
    with pytest.raises(ValidationError):
        ReferralAccepted(person="Mara Example")
    with pytest.raises(ValidationError):
        ContactRecorded.model_validate_json('{"mode":"phone","outcome":"completed","met":true,"tags":["Mara"]}')


def test_a_fact_cannot_be_changed() -> None:
    (happened,) = referral_history(send())
    with pytest.raises(ValidationError):
        happened.fact.service = "other"  # type: ignore[attr-defined]  # that is what must fail
