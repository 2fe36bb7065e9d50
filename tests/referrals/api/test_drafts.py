"""Drafts over the API: kept in the vault, saved on their version, sent under their own id, no events (R10, R9)."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.referrals.api.draft_shapes import DraftFields
from services.referrals.api.sending import SendReferral
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, when

TYPED = {"given": ["Lia"], "phone": ["555 what"], "fields": ["name", "phones"]}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def drafted(caller: Caller, **fields: Any) -> str:
    """A draft with these fields; its path."""
    return f"/v1/referrals/{caller.done('/v1/referrals', {'draft': True, **fields})['referral']}"


def patch(caller: Caller, path: str, version: int | None, **fields: Any) -> Any:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    return caller.ask("PATCH", path, json=fields, headers=headers)


def events_of(service: Service) -> int:
    with psycopg.connect(service.databases.dsn("referrals")) as connection:
        row = connection.execute("SELECT count(*) FROM stored_events").fetchone()
    return int(row[0]) if row else -1


def test_a_draft_takes_every_field_of_a_referral() -> None:
    assert set(DraftFields.model_fields) - {"typed"} == set(SendReferral.model_fields) - {"draft"}


def test_r10_a_draft_needs_nothing_and_is_no_event(service: Service, north: Caller) -> None:
    before = events_of(service)
    answer = north.post("/v1/referrals", {"draft": True, "typed": TYPED})
    made = when(answer).then(201, state="draft", version=1, client=None, fields={"typed": TYPED})
    assert answer.headers["location"] == f"/v1/referrals/{made['referral']}/draft"
    assert made["kept_until"][:10] > made["saved_at"][:10]
    assert when(north.get(answer.headers["location"])).then(200) == made
    assert events_of(service) == before


def test_r10_it_is_open_to_the_agency_and_to_no_other(service: Service, given: Given, north: Caller) -> None:
    client = given.client(names=[{"given": "Testa", "family": "Entwurf-Muster"}])
    path = drafted(north, client=client, to=DOULA, category="doula")
    colleague = service.caller("example-clinic-north", subject="greta-example")
    lines = {each["referral"]: each for each in colleague.listed("/v1/referrals", box="drafts")}
    line = lines[path.rpartition("/")[2]]
    assert (line["client"]["name"], line["to"]["agency"], line["category"], line["state"], line["sent_at"]) == (
        "Testa Entwurf-Muster", "example-doula-network", "doula", "draft", None,
    )  # fmt: skip
    assert path.rpartition("/")[2] not in {
        each["referral"] for box in ("inbox", "outbox") for each in north.listed("/v1/referrals", box=box)
    }
    for other in (given.receiver, service.caller("example-bay-clinic", initiative="expecting-justice-sf")):
        when(other.get(f"{path}/draft")).then_problem(404, "not-found")
        when(other.post(f"{path}/send")).then_problem(404, "not-found")
        when(other.ask("DELETE", path)).then_problem(404, "not-found")
        when(patch(other, path, 1)).then_problem(404, "not-found")
        assert path.rpartition("/")[2] not in {each["referral"] for each in other.listed("/v1/referrals", box="drafts")}


def test_it_is_saved_on_the_version_that_was_read(north: Caller) -> None:
    path = drafted(north, category="doula", typed=TYPED)
    when(patch(north, path, None, category="lactation")).then_problem(428, "precondition-required")
    saved = when(patch(north, path, 1, category="lactation", typed=None)).then(200, version=2)
    assert saved["fields"] == {"category": "lactation"}
    when(patch(north, path, 1, category="doula")).then_problem(412, "precondition-failed", version=2)
    when(patch(north, path, 2, nobody="knows")).then_malformed("", "unknown_field")


def test_r10_it_is_sent_as_it_stands_under_its_own_id(given: Given, north: Caller, doulas: Caller) -> None:
    client = given.client()
    path = drafted(north, client=client, to=DOULA, category="doula", consent=AGREED, note="Rings twice", typed=TYPED)
    sent = north.post(f"{path}/send", key="send-draft-once")
    body = when(sent).then(200, state="sent", version=1)
    assert f"/v1/referrals/{body['referral']}" == path == sent.headers["location"]
    assert doulas.seen(path)["state"] == "sent"
    when(north.get(f"{path}/draft")).then_problem(404, "not-found")
    again = north.post(f"{path}/send", key="send-draft-once")
    assert (again.status_code, again.headers["idempotent-replay"]) == (200, "true")
    when(north.post(f"{path}/send")).then(200, state="sent", version=1)
    when(doulas.post(f"{path}/send")).then_problem(404, "not-found")


def test_r10_what_it_lacks_is_said_and_the_draft_stays(north: Caller) -> None:
    path = drafted(north, category="doula", typed=TYPED)
    errors = when(north.post(f"{path}/send")).then_problem(422, "malformed")["errors"]
    assert "/to" in {error["pointer"] for error in errors}
    assert north.seen(f"{path}/draft")["fields"]["typed"] == TYPED


def test_r1_a_draft_without_her_yes_is_not_sent(given: Given, north: Caller) -> None:
    path = drafted(north, client=given.client(), to=DOULA, category="doula")
    when(north.post(f"{path}/send")).then_problem(403, "consent-missing")
    assert north.seen(f"{path}/draft")["version"] == 1


def test_it_is_thrown_away(north: Caller) -> None:
    path = drafted(north, category="doula")
    when(north.ask("DELETE", path, headers={"If-Match": '"7"'})).then_problem(412, "precondition-failed")
    when(north.ask("DELETE", path)).then(200, referral=path.rpartition("/")[2])
    when(north.ask("DELETE", path)).then_problem(404, "not-found")


def test_what_was_sent_is_no_draft(given: Given, north: Caller) -> None:
    sent = given.sent()
    when(patch(north, sent.path, 1, category="doula")).then_problem(404, "not-found")
    when(north.ask("DELETE", sent.path)).then_problem(404, "not-found")
    assert north.seen(sent.path)["state"] == "sent"


def test_r9_the_same_key_makes_one_draft(north: Caller) -> None:
    body = {"draft": True, "category": "doula"}
    first, again = (north.post("/v1/referrals", body, key="draft-once") for _ in range(2))
    assert when(first).then(201)["referral"] == when(again).then(201)["referral"]
    assert again.headers["idempotent-replay"] == "true"
    other = north.post("/v1/referrals", body | {"category": "lactation"}, key="draft-once")
    when(other).then_problem(422, "idempotency-key-reused")


def test_r10_after_14_days_it_is_gone(service: Service, north: Caller) -> None:
    path = drafted(north, category="doula")
    service.clock.ahead = timedelta(days=13, hours=23)
    try:
        assert north.seen(f"{path}/draft")["version"] == 1
        service.clock.ahead = timedelta(days=14, seconds=1)
        when(north.get(f"{path}/draft")).then_problem(404, "not-found")
    finally:
        service.clock.ahead = timedelta(0)


def test_r10_the_list_says_whom_a_draft_describes(service: Service, north: Caller) -> None:
    lia = drafted(north, identity={"names": [{"given": "Lia", "family": "Entwurf-Sample"}]}).rpartition("/")[2]
    nobody = drafted(north, category="doula").rpartition("/")[2]
    lines = {each["referral"]: each["described"] for each in north.listed("/v1/referrals", box="drafts")}
    assert (lines[lia], lines[nobody]) == ("Lia Entwurf-Sample", None)
