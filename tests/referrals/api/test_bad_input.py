"""Bad input to the service itself: each a problem of a stable type that repeats nothing, never a 500."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.condition import until
from tests.days import SAID_ON, ago
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


def test_an_unknown_field_is_told_which_are_known_there(north: Caller) -> None:
    """By their names, in the branch that was meant: never the name that was typed."""
    said = {"prioritty": "urgent", "to": {"agency": "a", "service": "b", "servise": "c"}, CANARY: 1}
    errors = when(north.post("/v1/referrals", said)).then_problem(422, "malformed")["errors"]
    told = {each["pointer"]: each["message"] for each in errors if each["code"] == "unknown_field"}
    assert told["/to"] == "A field that is not known here. Is service meant? Known: agency, service."
    assert "Known: draft, client, identity, to, category, " in told[""]
    assert CANARY not in str(errors)
    assert any("Is priority meant?" in each["message"] for each in errors)


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
        ({"birth_date": "1899-12-31"}, "/birth_date", "greater_than_equal"),
        ({"birth_date": "0001-01-01"}, "/birth_date", "greater_than_equal"),
        ({"phones": ["559 555 0142", 5]}, "/phones/1", "string_type"),
        ({"phones": [CANARY[:40]]}, "/phones/0", "string_pattern_mismatch"),
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


UNSEEN = ("Tes\u200bta", "Tes\a", "Tes\nta", "Tes\tta", "Testa \u202eatseT", "\u2066Testa\u2069", "Tes\u200fta",
          "\ufeffTesta", "Tes\u00adta", "Tes\x85ta", "Tes\u2028ta", "Testa\U000e0041", "Tes\x7fta",
          "\u061cTesta")  # fmt: skip
LINES = (
    ("/names/0/given", lambda text: {"names": [{"given": text}]}),
    ("/names/0/family", lambda text: {"names": [{"given": "Testa", "family": text}]}),
    ("/address/line", lambda text: {"address": {"line": text}}),
    ("/address/city", lambda text: {"address": {"city": text}}),
    ("/mrn", lambda text: {"mrn": text}),
)


@pytest.mark.parametrize(("pointer", "more"), LINES)
def test_what_cannot_be_seen_stands_in_no_line(
    north: Caller, pointer: str, more: Callable[[str], dict[str, Any]]
) -> None:
    for text in UNSEEN:
        answer = north.post("/v1/clients", {"names": [{"given": "Testa"}]} | more(text))
        when(answer).then_malformed(pointer, "unseen_character")
    for nothing in ("\u200d", "\u200c \u200d", "\u3164", "\u2800\ufe0f", " \u2003 "):
        answer = north.post("/v1/clients", {"names": [{"given": "Testa"}]} | more(nothing))
        when(answer).then_malformed(pointer, "string_too_short")


@pytest.mark.parametrize("name", ["👩🏽\u200d⚕️", "क्\u200dष", "می\u200cخواهم", "e\u0301", "Thuỷ", "עִבְרִית", "ᏣᎳᎩ"])
def test_what_joins_or_adorns_letters_is_kept(north: Caller, name: str) -> None:
    client = north.done("/v1/clients", {"names": [{"given": name}], "address": {"line": name}})["client"]
    seen = north.seen(f"/v1/clients/{client}/identity")
    assert (seen["names"][0]["given"], seen["address"]["line"]) == (name, name)


def test_notes_have_lines(given: Given, north: Caller) -> None:
    text = "Rings twice\nor not\tat all"
    note = north.done("/v1/notes", {"client": given.client(), "text": text})["note"]
    assert north.seen(f"/v1/notes/{note}")["text"] == text


def test_nobody_is_searched_by_what_cannot_be_seen(north: Caller) -> None:
    when(north.post("/v1/clients/search", {"text": "Tes\u202eta"})).then_malformed("/text", "unseen_character")


PHONES = ("5550142", "559.555.0142", "(559) 555-0142", "+1 (559) 555-0142", "+52 1 55 1234 5678", "559/555/0142 x12",
          "559\u2011555\u20110142", "555-0142 ext. 7", "555 0142, Ext 7", "+15595550142;ext=12", "555 0142 #7",
          "+123456789012345")  # fmt: skip
NO_PHONES = ("abc", "", "911", "555-014", "12345678901234567", "5595550142 5595550143", "call 559 555 0142",
             "559 555 0142 after six", "+1+559 555 0142", "559 555 0142 x", "559 555 0142 x1234567",
             "\u0665\u0665\u0665\u0660\u0661\u0664\u0662", "-------")  # fmt: skip


@pytest.mark.parametrize("phone", PHONES)
def test_a_phone_is_kept_as_it_was_written(north: Caller, phone: str) -> None:
    client = north.done("/v1/clients", {"names": [{"given": "Testa"}], "phones": [phone]})["client"]
    assert north.seen(f"/v1/clients/{client}/identity")["phones"] == [phone]


@pytest.mark.parametrize("phone", NO_PHONES)
def test_what_nobody_can_dial_is_no_phone(north: Caller, phone: str) -> None:
    answer = north.post("/v1/clients", {"names": [{"given": "Testa"}], "phones": [phone]})
    when(answer).then_malformed("/phones/0", "string_pattern_mismatch")


class TestDays:
    """No date lies before 1900, in the future, or before her birth as the caller's own agency knows it."""

    OLD = ("0001-01-01", "1899-12-31")

    @pytest.fixture
    def born(self, given: Given) -> str:
        return given.client(birth_date="1996-02-29")

    @pytest.mark.parametrize(
        ("on", "code"),
        [
            *((day, "greater_than_equal") for day in OLD),
            ("1996-02-28", "before_birth"),
            ("2200-01-01", "in_the_future"),
        ],
    )
    def test_a_pregnancy_is_known_since_a_day_of_her_life(self, born: str, north: Caller, on: str, code: str) -> None:
        answer = north.post(f"/v1/clients/{born}/episodes", {"identified_on": on})
        when(answer).then_malformed("/identified_on", code)
        assert "1996" not in answer.text
        assert north.seen(f"/v1/clients/{born}/episodes")["items"] == []

    @pytest.mark.parametrize(
        ("on", "code"),
        [
            *((day, "greater_than_equal") for day in OLD),
            ("1900-01-01", "consent-too-long-ago"),
            ("1996-02-28", "consent-too-long-ago"),
            ("2200-01-01", "in_the_future"),
        ],
    )
    def test_she_agrees_on_a_day_of_her_life(self, given: Given, born: str, north: Caller, on: str, code: str) -> None:
        said = AGREED | {"on": on}
        recorded = north.post(f"/v1/clients/{born}/consents", said | {"recipient": "example-doula-network"})
        when(recorded).then_malformed("/on", code)
        body = {"to": DOULA, "category": "doula", "consent": said}
        when(north.post("/v1/referrals", body | {"client": born})).then_malformed("/consent/on", code)
        identity = {"names": [{"given": "Testa"}], "birth_date": "1996-02-29"}
        when(north.post("/v1/referrals", body | {"identity": identity})).then_malformed("/consent/on", code)
        north.done(f"/v1/clients/{born}/episodes")
        handoff = given.proposed(born)
        agreed = north.post(f"{handoff.path}/client-agrees", {"consent": said})
        when(agreed).then_malformed("/consent/on", code)

    def test_the_day_of_her_birth_is_one_and_where_nobody_knows_it_no_day_is_refused(self, given: Given) -> None:
        birthday, before = (datetime.now(UTC).date() - timedelta(days=days) for days in (90, 91))
        child = given.client(birth_date=birthday.isoformat())
        given.consent(child, on=birthday.isoformat())
        given.consent(given.client(), on=before.isoformat())
        said = AGREED | {"on": before.isoformat()}
        recorded = given.sender.post(f"/v1/clients/{child}/consents", said | {"recipient": "example-doula-network"})
        when(recorded).then_malformed("/on", "before_birth")
        body = {"to": DOULA, "category": "doula", "consent": said, "client": child}
        when(given.sender.post("/v1/referrals", body)).then_malformed("/consent/on", "before_birth")

    def test_a_receiver_that_has_not_accepted_does_not_learn_her_birth_date_by_trying(
        self, given: Given, doulas: Caller
    ) -> None:
        """R1: what she gave for a referral is read as given, and written down."""
        birthday, before = ((datetime.now(UTC).date() - timedelta(days=days)).isoformat() for days in (90, 91))
        child = given.client(birth_date=birthday)
        sent = given.sent(child, consent=AGREED | {"fields": ["name", "birth_date"], "on": birthday})
        path = f"/v1/clients/{sent.theirs}/consents"
        said = AGREED | {"recipient": "sample-wic-office-east", "on": before}
        when(doulas.post(path, said)).then_problem(409, "wrong-state")
        doulas.done(f"{sent.path}/accept")
        until(lambda: doulas.post(path, said).status_code == 422)

    def test_a_contact_is_on_a_day_of_her_life(self, given: Given, born: str, north: Caller) -> None:
        path = f"/v1/clients/{born}/contacts"
        answer = north.post(path, MET | {"at": "1996-02-28T12:00:00-08:00"})
        when(answer).then_malformed("/at", "before_birth")
        assert "1996" not in answer.text
        late = "1996-02-29T07:59:00Z"  # the evening before, where she is
        when(north.post(path, MET | {"at": late})).then_malformed("/at", "before_birth")
        born_on = MET | {"at": "1996-02-29T08:00:00Z"}
        when(north.post(path, born_on)).then_malformed("/at", "contact-too-long-ago")

    @pytest.mark.parametrize("on", [SAID_ON, None], ids=["then", "today"])
    @pytest.mark.parametrize("birth", [ago(700), ago(8 * 365), "1950-01-01"], ids=["baby", "seven", "old"])
    def test_a_pregnancy_is_of_a_woman_of_an_age_for_it(
        self, given: Given, north: Caller, birth: str, on: str | None
    ) -> None:
        client = given.client(birth_date=birth)
        path = f"/v1/clients/{client}/episodes"
        answer = north.post(path, {"identified_on": on} if on else {})
        when(answer).then_malformed("/identified_on", "age-not-possible")
        assert not [part for part in (birth[:4], "birth_date") if part in answer.text]
        assert north.seen(path)["items"] == []

    @pytest.mark.parametrize("birth", ["2013-01-01", "1966-01-01", None])
    def test_who_is_very_young_or_old_is_believed(self, given: Given, north: Caller, birth: str | None) -> None:
        client = given.client(**({"birth_date": birth} if birth else {}))
        when(north.post(f"/v1/clients/{client}/episodes")).then(201)

    def test_what_is_planned_is_planned_for_soon(self, given: Given, doulas: Caller) -> None:
        soon, late = ((datetime.now(UTC) + timedelta(days=days)).date().isoformat() for days in (640, 650))
        for thing in (given.sent(), given.offered()):
            for on in ("9999-12-31", late):
                when(doulas.post(f"{thing.path}/accept", {"on": on})).then_malformed("/on", "too_far_ahead")
            when(doulas.post(f"{thing.path}/accept", {"on": "1900-01-01"})).then_malformed("/on", "too_far_back")
            when(doulas.post(f"{thing.path}/accept", {"on": soon})).then(200)

    @pytest.mark.parametrize("on", OLD)
    def test_what_is_planned_is_no_old_day(self, given: Given, doulas: Caller, on: str) -> None:
        sent, handoff = given.sent(), given.offered()
        for path in (sent.path, handoff.path):
            when(doulas.post(f"{path}/accept", {"on": on})).then_malformed("/on", "greater_than_equal")


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
        ({"expires": "1899-12-31"}, "/expires"),
    ],
)
def test_a_consent_that_is_not_well_formed(given: Given, north: Caller, more: dict[str, Any], pointer: str) -> None:
    body = AGREED | {"recipient": "example-doula-network"} | more
    when(north.post(f"/v1/clients/{given.client()}/consents", body)).then_malformed(pointer)


def test_a_yes_to_nothing_is_pointed_at_where_it_stands(given: Given, north: Caller) -> None:
    said = AGREED | {"fields": []}
    body = {"client": given.client(), "to": DOULA, "category": "doula", "consent": said}
    when(north.post("/v1/referrals", body)).then_malformed("/consent/fields", "consent-names-no-field")
    agreed = north.post(f"{given.proposed().path}/client-agrees", {"consent": said})
    when(agreed).then_malformed("/consent/fields", "consent-names-no-field")
    no = north.post("/v1/referrals", body | {"consent": said | {"agreed": False}})
    when(no).then_problem(403, "consent-does-not-cover")


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
    assert answer.headers["allow"] == "GET, HEAD, POST"


def test_another_media_type(north: Caller) -> None:
    answer = north.ask("POST", "/v1/clients", content=b"names=Testa", headers={"Content-Type": "text/plain"})
    when(answer).then_problem(415, "unsupported-media-type")


@pytest.mark.parametrize(
    ("wrong", "slug"),
    [
        ({"consent": None}, "consent-missing"),
        ({"consent": AGREED | {"agreed": False}}, "consent-does-not-cover"),
        ({"category": "wic"}, "malformed"),
    ],
)
def test_r21_who_was_refused_is_nobody_and_holds_no_number(north: Caller, wrong: dict[str, Any], slug: str) -> None:
    family, number = f"Muestra{uuid4().hex[:12]}", f"MRN-{uuid4().hex[:8]}"
    said = {"to": DOULA, "category": "doula", "consent": AGREED}
    slip = {"names": [{"given": "Tesat", "family": family}], "mrn": number}
    for _again in range(2):
        refused = north.post("/v1/referrals", said | {"identity": slip} | wrong)
        assert refused.json()["type"] == f"/problems/{slug}"
    assert north.done("/v1/clients/search", {"text": family})["items"] == []
    right = {"names": [{"given": "Testa", "family": family}], "mrn": number}
    sent = when(north.post("/v1/referrals", said | {"identity": right})).then(201)
    (found,) = north.done("/v1/clients/search", {"text": family})["items"]
    assert found["client"] == sent["client"]


def test_r21_whom_no_event_names_is_not_found(north: Caller) -> None:
    family = f"Muestra{uuid4().hex[:12]}"
    said = {"to": DOULA, "category": "doula", "consent": AGREED, "identity": {"names": [{"family": family}]}}
    when(north.post("/v1/referrals", said | {"supersedes": str(uuid4())})).then_problem(404, "not-found")
    assert north.done("/v1/clients/search", {"text": family})["items"] == []
    north.done("/v1/referrals", said)
    assert len(north.done("/v1/clients/search", {"text": family})["items"]) == 1
