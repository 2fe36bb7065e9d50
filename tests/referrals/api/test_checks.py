"""R2 over HTTP: "any service that has room" is asked without a client, and the first yes is named first."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, Given, when

BIRTH, HUBS, FAMILY = "doula-network-birth-support", "chw-hub-care-coordination", "family-center-home-visits"
ASK = {"category": "home_visiting", "to": [HUBS, FAMILY], "language": "es", "area": "937"}


@pytest.fixture
def family(service: Service) -> Caller:
    return service.caller("specimen-family-center")


def asked(north: Caller, **more: Any) -> str:
    id = when(north.post("/v1/capacity-checks", ASK | more)).then(201)["check"]
    return f"/v1/capacity-checks/{id}"


def waiting(caller: Caller, path: str) -> list[dict[str, Any]]:
    return [
        each
        for each in caller.listed("/v1/work")
        if each["kind"] == "check" and each["check"] == path.rsplit("/", maxsplit=1)[-1]
    ]


def test_r2_the_asked_agencies_answer_and_the_first_yes_comes_first(north: Caller, hub: Caller, family: Caller) -> None:
    path = asked(north)
    for each in (hub, family):
        [item] = waiting(each, path)
        assert (item["waits_for"], item["client"], item["category"]) == ("answer", None, "home_visiting")
    mine = hub.seen(path)
    assert (mine["mine"], [each["service"] for each in mine["questions"]]) == (False, [HUBS])
    when(family.post(f"{path}/answers", {"service": "family-center-home-visits", "answer": "yes"})).then(200)
    when(hub.post(f"{path}/answers", {"service": HUBS, "answer": "yes", "from_on": "2199-01-01"})).then(200)
    seen = north.seen(path)
    assert [(each["service"], each["answer"], each["first"]) for each in seen["questions"]] == [
        ("family-center-home-visits", "yes", True),
        (HUBS, "yes", False),
    ]
    assert (waiting(hub, path), waiting(family, path)) == ([], [])
    assert {each["waits_for"] for each in waiting(north, path)} == {"send"}
    when(north.post(f"{path}/close")).then(200)
    assert waiting(north, path) == []


def room(caller: Caller) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in caller.listed("/v1/directory/services") if each["service"] == HUBS)
    return {name: found[name] for name in ("room", "room_from", "waitlist_length", "room_age_days") if name in found}


@pytest.mark.parametrize(
    ("before", "said", "stands"),
    [
        (None, {"answer": "yes"}, {"room": "open", "room_from": None}),
        (None, {"answer": "yes", "from_on": "2199-01-01"}, {"room": "full", "room_from": "2199-01-01"}),
        (None, {"answer": "no"}, {"room": "full", "room_from": None}),
        ({"room": "waitlist", "waitlist_length": 4}, {"answer": "no"}, {"room": "waitlist", "waitlist_length": 4}),
        ({"room": "waitlist", "waitlist_length": 4}, {"answer": "yes"}, {"room": "open", "waitlist_length": None}),
    ],
)
def test_r2_r15_what_is_answered_is_what_the_directory_says_of_room(
    north: Caller, hub: Caller, before: dict[str, Any] | None, said: dict[str, Any], stands: dict[str, Any]
) -> None:
    entry = f"/v1/directory/services/{HUBS}"
    stated = before or {"room": "not_known"}
    headers = {"If-Match": hub.get(entry).headers["etag"]}
    when(hub.ask("PUT", f"{entry}/capacity", json=stated, headers=headers)).then(200)
    path = asked(north)
    when(hub.post(f"{path}/answers", {"service": HUBS} | said)).then(200)
    found = north.seen(entry)
    assert {name: found[name] for name in stands} == stands
    assert found["room_age_days"] == 0
    version = found["version"]
    when(hub.post(f"{path}/answers", {"service": HUBS} | said)).then(200)
    assert north.seen(entry)["version"] == version


def test_r2_it_carries_no_client(north: Caller, hub: Caller) -> None:
    for more in ({"client": "a" * 26}, {"note": "Nora"}, {"area": "93706"}):
        assert north.post("/v1/capacity-checks", ASK | more).status_code == 422
    told = hub.get(asked(north)).text
    assert "client" not in told


def test_r12_the_same_again_is_nothing_and_another_answer_is_told_what_stands(north: Caller, hub: Caller) -> None:
    path = asked(north)
    first = when(hub.post(f"{path}/answers", {"service": HUBS, "answer": "no"})).then(200)
    again = when(hub.post(f"{path}/answers", {"service": HUBS, "answer": "no"})).then(200)
    assert first["version"] == again["version"]
    when(hub.post(f"{path}/answers", {"service": HUBS, "answer": "yes"})).then_problem(409, "check-already-answered")


def test_r16_sides(north: Caller, hub: Caller, doulas: Caller, abroad: Caller) -> None:
    path = asked(north)
    when(north.post(f"{path}/answers", {"service": HUBS, "answer": "yes"})).then_problem(403, "wrong-side")
    when(hub.post(f"{path}/close")).then_problem(403, "wrong-side")
    when(hub.post(f"{path}/answers", {"service": "family-center-home-visits", "answer": "yes"})).then_problem(
        404, "not-found"
    )
    for stranger in (doulas, abroad):
        when(stranger.get(path)).then_problem(404, "not-found")
    when(north.post(f"{path}/close")).then(200)
    when(hub.post(f"{path}/answers", {"service": HUBS, "answer": "yes"})).then_problem(409, "check-closed")


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"to": ["nobody-offers-it"]}, "/to"),
        ({"to": [BIRTH]}, "/category"),
        ({"to": []}, "/to"),
    ],
)
def test_what_cannot_be_asked_is_pointed_at(north: Caller, more: dict[str, Any], pointer: str) -> None:
    answer = north.post("/v1/capacity-checks", ASK | more)
    assert when(answer).then(422)["errors"][0]["pointer"] == pointer


def test_r22_a_paused_agency_is_not_asked(service: Service, north: Caller) -> None:
    backbone = service.caller(None, "backbone")
    path = "/v1/directory/agencies/specimen-family-center"
    backbone.done(f"{path}/pause")
    try:
        when(north.post("/v1/capacity-checks", ASK)).then_problem(409, "agency-not-receiving")
    finally:
        backbone.done(f"{path}/activate")


def test_the_same_key_asks_once(north: Caller, hub: Caller) -> None:
    first, again = (north.post("/v1/capacity-checks", ASK, key="check-once-0001") for _ in range(2))
    assert (first.json(), again.headers["idempotent-replay"]) == (again.json(), "true")
    assert len(waiting(hub, f"/v1/capacity-checks/{first.json()['check']}")) == 1


class TestSentFrom:
    def yes(self, north: Caller, hub: Caller, family: Caller, **more: Any) -> str:
        """A check to which both said yes, the family center first."""
        path = asked(north, **more)
        family.done(f"{path}/answers", {"service": FAMILY, "answer": "yes"})
        hub.done(f"{path}/answers", {"service": HUBS, "answer": "yes"})
        return path

    def test_r2_sending_closes_the_check_that_it_came_of(
        self, north: Caller, hub: Caller, family: Caller, service: Service
    ) -> None:
        path = self.yes(north, hub, family)
        body = {"client": Given(north, hub).client(), "to": {"agency": "sample-county-chw-hub", "service": HUBS},
                "category": "home_visiting", "consent": AGREED | {"fields": ["name"]},
                "check": path.rpartition("/")[2]}  # fmt: skip
        when(hub.post("/v1/referrals", body)).then_problem(404, "not-found")
        when(north.post("/v1/referrals", body | {"check": str(uuid4())})).then_problem(404, "not-found")
        assert {each["state"] for each in north.seen(path)["questions"]} == {"yes"}
        sent = when(north.post("/v1/referrals", body, key=f"sent-from-{path}")).then(201)["referral"]
        again = when(north.post("/v1/referrals", body, key=f"sent-from-{path}")).then(201)["referral"]
        assert sent == again
        assert {each["state"] for each in north.seen(path)["questions"]} == {"closed"}
        assert waiting(north, path) == []
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            rows = store.execute(
                "SELECT client_id = %s, causation_id FROM stored_events WHERE topic = 'check.closed.v1'"
                " AND client_id = %s ORDER BY notification_id", [body["check"], body["check"]],
            ).fetchall()  # fmt: skip
        assert [(own, cause is None) for own, cause in rows] == [(True, True), (True, False)]

    def test_r2_a_draft_keeps_it(self, north: Caller, hub: Caller, family: Caller) -> None:
        path = self.yes(north, hub, family)
        body = {"draft": True, "client": Given(north, hub).client(), "category": "home_visiting",
                "to": {"agency": "sample-county-chw-hub", "service": HUBS}, "check": path.rpartition("/")[2],
                "consent": AGREED | {"fields": ["name"]}}  # fmt: skip
        draft = when(north.post("/v1/referrals", body)).then(201)["referral"]
        assert {each["state"] for each in north.seen(path)["questions"]} == {"yes"}
        when(north.post(f"/v1/referrals/{draft}/send")).then(200)
        assert {each["state"] for each in north.seen(path)["questions"]} == {"closed"}

    def test_r2_of_several_the_rule_of_the_hub_suggests_one(self, north: Caller, hub: Caller, family: Caller) -> None:
        path = self.yes(north, hub, family)
        seen = north.seen(path)
        assert (seen["rule"], [each["service"] for each in seen["questions"] if each["suggested"]]) == (
            "first_yes",
            [FAMILY],
        )
        theirs = hub.seen(path)
        assert (theirs["rule"], theirs["questions"][0]["suggested"]) == (None, False)
        one = asked(north)
        hub.done(f"{one}/answers", {"service": HUBS, "answer": "yes"})
        assert (north.seen(one)["rule"], any(each["suggested"] for each in north.seen(one)["questions"])) == (
            None,
            False,
        )
