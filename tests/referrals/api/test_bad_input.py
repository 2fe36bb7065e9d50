"""Bad input to the service itself: each a problem of a stable type that repeats nothing, never a 500."""

from typing import Any
from uuid import uuid4

import pytest

from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import AGREED, DOULA, MET, Given, when

CANARY = f"Xanthippe{uuid4().hex}"
JSON = {"Content-Type": "application/json"}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.mark.parametrize(
    ("content", "status", "slug"),
    [
        (b"", 422, "malformed"),
        (b"{", 422, "malformed"),
        (b"null", 422, "malformed"),
        (b"[]", 422, "malformed"),
        (b"\xff\xfe", 422, "malformed"),
        (b'{"names": [{"given": "\\ud800"}]}', 422, "malformed"),
        (b'{"names": ' + b"[" * 5000 + b"]" * 5000 + b"}", 422, "malformed"),
        (b" " * 2_000_000, 413, "too-large"),
    ],
    ids=["empty", "cut off", "null", "list", "no utf-8", "half a character", "deep", "2 MB"],
)
def test_a_body_that_is_none(north: Caller, content: bytes, status: int, slug: str) -> None:
    when(north.ask("POST", "/v1/clients", content=content, headers=JSON)).then_problem(status, slug)


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({CANARY: CANARY}, "", "unknown_field"),
        ({"names": [{"given": CANARY + "\0"}]}, "/names/0/given", "nul_character"),
        ({"names": []}, "/names", "too_short"),
        ({"names": [{}]}, "/names/0", "value_error"),
        ({"names": [{"given": CANARY, "nick": CANARY}]}, "/names/0", "unknown_field"),
        ({"names": CANARY}, "/names", "tuple_type"),
        ({"birth_date": CANARY}, "/birth_date", None),
        ({"birth_date": "2200-01-01"}, "/birth_date", "in_the_future"),
        ({"birth_date": 19990506}, "/birth_date", None),
        ({"phones": [CANARY[:40], 5]}, "/phones/1", "string_type"),
        ({"address": {"zip": CANARY}}, "/address/zip", "string_pattern_mismatch"),
        ({"language": "a" * 300}, "/language", "string_pattern_mismatch"),
        ({"medi_cal_cin": CANARY}, "/medi_cal_cin", "string_pattern_mismatch"),
        ({"mrn": ""}, "/mrn", "string_too_short"),
    ],
)
def test_an_identity_that_is_not_well_formed_is_pointed_at_and_not_repeated(
    north: Caller, more: dict[str, Any], pointer: str, code: str | None
) -> None:
    answer = north.post("/v1/clients", {"names": [{"given": "Testa"}]} | more)
    when(answer).then_malformed(pointer, code)
    assert CANARY not in answer.text


def test_names_are_what_people_are_called(north: Caller) -> None:
    for name in ("🤰🏽", "Ñandú Õunapuu", "O’Brien-Ngũgĩ", "李", "\\u0000"):
        client = north.done("/v1/clients", {"names": [{"given": name}]})["client"]
        assert north.seen(f"/v1/clients/{client}/identity")["names"] == [{"given": name, "family": None}]


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"at": "2200-01-01T00:00:00Z"}, "/at", None),
        ({"at": "2199-01-01T00:00:00Z"}, "/at", "in_the_future"),
        ({"at": "2026-01-01T00:00:00"}, "/at", "timezone_aware"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "/at", None),
        ({"mode": "telepathy"}, "/mode", "enum"),
        ({"duration_min": "90"}, "/duration_min", "int_type"),
        ({"duration_min": -1}, "/duration_min", "greater_than_equal"),
        ({"met": "yes"}, "/met", "bool_type"),
        ({"units": [{"kind": "ride", "count": 0}]}, "/units/0/count", "greater_than_equal"),
        ({"referral": "not-an-id"}, "/referral", "uuid_parsing"),
    ],
)
def test_a_contact_that_is_not_well_formed(
    given: Given, north: Caller, more: dict[str, Any], pointer: str, code: str | None
) -> None:
    when(north.post(f"/v1/clients/{given.client()}/contacts", MET | more)).then_malformed(pointer, code)


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"on": "2200-01-01"}, "/on"),
        ({"recipient": "nobody"}, "/recipient"),
        ({"recipient": None}, "/recipient"),
        ({"fields": []}, "/fields"),
        ({"fields": ["shoe_size"]}, "/fields/0"),
        ({"expires": "2025-01-01"}, "/expires"),
    ],
)
def test_a_consent_that_is_not_well_formed(given: Given, north: Caller, more: dict[str, Any], pointer: str) -> None:
    body = AGREED | {"recipient": "example-doula-network"} | more
    when(north.post(f"/v1/clients/{given.client()}/consents", body)).then_malformed(pointer)


@pytest.mark.parametrize("key", ["", "ä", "a" * 256, "two words"])
def test_a_key_that_is_none(given: Given, north: Caller, key: str) -> None:
    body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": AGREED}
    answer = north.post("/v1/referrals", body, headers={"Idempotency-Key": key.encode()})
    when(answer).then_malformed("/header/Idempotency-Key")


@pytest.mark.parametrize("path", ["/v1/clients/%00", "/v1/clients/..", "/v1/referrals/1", "/v1/handoffs/None", "/v1/x"])
def test_an_address_of_nothing(north: Caller, path: str) -> None:
    when(north.get(path)).then_problem(404, "not-found")


def test_a_handle_of_the_right_form_that_means_nothing(north: Caller) -> None:
    when(north.get(f"/v1/clients/{'a' * 26}")).then_problem(404, "not-found")
    when(north.post("/v1/notes", {"client": "a" * 26, "text": "x"})).then_problem(404, "not-found")


def test_another_method_says_which(north: Caller) -> None:
    answer = north.ask("DELETE", "/v1/referrals")
    when(answer).then_problem(405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"


def test_another_media_type(north: Caller) -> None:
    answer = north.ask("POST", "/v1/clients", content=b"names=Testa", headers={"Content-Type": "text/plain"})
    when(answer).then_problem(415, "unsupported-media-type")
