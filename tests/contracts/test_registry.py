"""Events become the same bytes each time, and readers pass over what is younger than themselves."""

import json
from collections.abc import Mapping
from datetime import UTC, date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.canonical import canonical_json
from contracts.events.contact import ContactRecordedV1, UnitsV1
from contracts.events.event import Published
from contracts.events.referral import ReferralSentV1
from contracts.registry import EVENTS, BadEvent, UnknownEvent, decode, encode

SENT: Mapping[str, Any] = {
    "referral": "0194a000-0000-7000-8000-000000000001",
    "from_agency": "example-clinic-north",
    "to_agency": "example-food-pantry",
    "to_channel": "system",
    "service": "weekly-food-boxes",
    "category": "food-insecurity",
    "mode": "direct",
    "priority": "routine",
}

PUBLISHED = {
    "client": "registered demographics_stated linked unlinked outreach_paused outreach_resumed no_further_contact "
    "no_further_contact_corrected",
    "consent": "entered_in_error recorded changed revoked expired",
    "episode": "entered_in_error opened age_band_stated dated prenatal_care_started lost resumed superseded closed "
    "taken_back",
    "referral": "sent received accepted declined waitlisted redirected service_started completed not_completed "
    "cancellation_requested cancelled expired acknowledged attested taken_back entered_in_error",
    "appointment": "booked rescheduled attended no_show cancelled taken_back entered_in_error",
    "contact": "planned recorded amended cancelled taken_back entered_in_error",
    "handoff": "proposed client_agreed client_declined offered accepted declined withdrawn expired failed introduced "
    "completed taken_back entered_in_error",
    "responsibility": "assigned left",
    "birth": "recorded",
    "postpartum_visit": "recorded",
    "need": "screened identified resolved entered_in_error",
    "screening": "recorded entered_in_error",
    "feedback": "asked answered",
    "disclosure": "recorded",
    "agency": "stated",
    "service": "stated",
    "capacity": "stated",
}
"""The closed list of what is published, as the interface page and rule R6 give it; all of it in version 1."""


def event(kind: type[Published]) -> st.SearchStrategy[Published]:
    """Any event of a kind; its agencies are slugs."""
    slugs = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True)
    fields: dict[str, st.SearchStrategy[Any]] = {}
    fields |= {name: slugs for name in ("from_agency", "to_agency", "service", "agency") if name in kind.model_fields}
    if "due_at" in kind.model_fields:
        fields["due_at"] = st.datetimes(timezones=st.just(UTC))
    listed = {"zips": st.just(("937",)), "languages": st.just(("es",)), "type": st.just("clinic")}
    fields |= {name: each for name, each in listed.items() if name in kind.model_fields}
    shaped = {"other": r"[a-z2-7]{26}", "language": r"[a-z]{2,3}", "county": r"[a-z]{3,9}", "zip_group": r"[a-z]{3,9}"}
    fields |= {
        name: st.from_regex(pattern, fullmatch=True) for name, pattern in shaped.items() if name in kind.model_fields
    }
    if "units" in kind.model_fields:
        fields["units"] = st.just(())
    return st.builds(kind, **fields)


def test_only_what_the_interface_lists_is_published() -> None:
    listed = {f"{entity}.{name}.v1" for entity, names in PUBLISHED.items() for name in names.split()}
    assert set(EVENTS) <= listed


@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
def test_fields_are_declared_in_the_order_of_their_bytes(kind: type[Published]) -> None:
    assert list(kind.model_fields) == sorted(kind.model_fields)


def test_fields_of_parts_too() -> None:
    assert list(UnitsV1.model_fields) == sorted(UnitsV1.model_fields)


@settings(max_examples=15, deadline=None)
@pytest.mark.parametrize("kind", EVENTS.values(), ids=list(EVENTS))
@given(data=st.data())
def test_an_event_is_canonical_json_and_comes_back_as_it_was(kind: type[Published], data: st.DataObject) -> None:
    told = data.draw(event(kind))
    encoded = encode(told)
    assert encoded == canonical_json(json.loads(encoded))
    assert decode(kind.TYPE, encoded) == told


def test_what_is_none_is_left_out() -> None:
    assert b"need" not in encode(ReferralSentV1.model_validate_json(json.dumps(SENT)))


def test_canonical_json_sorts_at_every_depth_and_keeps_letters() -> None:
    assert canonical_json({"b": 1, "a": {"d": "ñ", "c": None}}) == '{"a":{"c":null,"d":"ñ"},"b":1}'.encode()
    with pytest.raises(ValueError, match="Out of range float"):
        canonical_json(float("nan"))


def test_a_type_younger_than_the_reader_is_unknown_and_no_error() -> None:
    assert decode("referral.praised.v1", b"{}") == UnknownEvent("referral.praised.v1")


def test_a_field_younger_than_the_reader_is_passed_over() -> None:
    read = decode("referral.sent.v1", json.dumps({**SENT, "younger": 1}).encode())
    assert read == decode("referral.sent.v1", json.dumps(SENT).encode())


def test_a_code_younger_than_the_reader_is_unknown() -> None:
    younger = {**SENT, "category": "moon-landing"}
    read = decode("referral.sent.v1", json.dumps(younger).encode())
    assert isinstance(read, ReferralSentV1)
    assert read.category == "unknown"


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"from_agency": "Mara Example, 559 555 0142"}, "from_agency"),
        ({"referral": "Mara Example"}, "referral"),
        ({"priority": "Mara Example"}, "priority"),
        ({"service": 7}, "service"),
    ],
)
def test_bad_data_are_named_by_place_and_never_shown(changed: dict[str, object], place: str) -> None:
    with pytest.raises(BadEvent) as raised:
        decode("referral.sent.v1", json.dumps({**SENT, **changed}).encode())
    assert str(raised.value) == f"referral.sent.v1: {place}"
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"null", b"\xff"])
def test_what_is_no_object_is_bad(data: bytes) -> None:
    with pytest.raises(BadEvent):
        decode("client.registered.v1", data)


def test_the_writer_cannot_add_a_field() -> None:
    with pytest.raises(ValueError, match="extra_forbidden"):
        ContactRecordedV1.model_validate({"name": "Mara Example"})


def test_a_writer_cannot_change_an_event() -> None:
    told = EVENTS["episode.opened.v1"].model_validate({"episode": UUID(int=1), "identified_on": date(2026, 8, 4)})
    with pytest.raises(ValueError, match="frozen"):
        told.episode = UUID(int=2)  # type: ignore[attr-defined]  # that is what must fail
