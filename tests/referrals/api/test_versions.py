"""Versions over the API: every read that shows one takes `min_version`, and waits for it (interface.md section 3)."""

import typing
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest

from deploy.openapi import documents
from services.referrals.api.routers import ROUTERS
from services.runtime.http import LeanRoute, Reply
from tests.condition import until
from tests.days import ago
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, MET, TO_NORTH, Given, in_days, when

DOCUMENT = documents()["referrals"]["paths"]
READS = {
    route.path: route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, LeanRoute) and "GET" in (route.methods or ())
}
VERSIONED = sorted(
    path for path, route in READS.items() if typing.get_origin(typing.get_type_hints(route.entry)["return"]) is Reply
)


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.fixture
def addresses(given: Given, north: Caller, service: Service) -> Mapping[str, Callable[[], str]]:
    """One thing of the caller's own of each kind that has a version."""
    backbone = service.caller(None, "backbone", subject="bo-muster")

    def episode() -> str:
        return str(north.done(f"/v1/clients/{given.client()}/episodes")["episode"])

    def contact() -> str:
        return str(north.done(f"/v1/clients/{given.client()}/contacts", MET)["contact"])

    def draft() -> str:
        return f"/v1/referrals/{north.done('/v1/referrals', {'draft': True})['referral']}/draft"

    def need() -> str:
        return str(north.done(f"/v1/clients/{given.client()}/needs", {"category": "doula"})["need"])

    def check() -> str:
        wish = {"category": "home_visiting", "to": ["chw-hub-care-coordination"]}
        return str(north.done("/v1/capacity-checks", wish)["check"])

    def feedback() -> str:
        path = f"{given.completed().path}/feedback"
        north.done(f"{path}/ask")
        return path

    def offer() -> str:
        id = f"service-{uuid4().hex[:12]}"
        said = {"agency": "example-doula-network", "service": id, "name": "Sample support", "category": "stress"}
        backbone.done("/v1/directory/services", said)
        return id

    return {
        "/v1/appointments/{appointment}": lambda: given.booked().path,
        "/v1/capacity-checks/{check}": lambda: f"/v1/capacity-checks/{check()}",
        "/v1/clients/{client}": lambda: f"/v1/clients/{given.client()}",
        "/v1/clients/{client}/demographics": lambda: f"/v1/clients/{given.client()}/demographics",
        "/v1/clients/{client}/timeline": lambda: f"/v1/clients/{given.client()}/timeline",
        "/v1/consents/{consent}": lambda: f"/v1/consents/{given.consent(given.client())}",
        "/v1/contacts/{contact}": lambda: f"/v1/contacts/{contact()}",
        "/v1/directory/agencies/{agency}": lambda: "/v1/directory/agencies/example-behavioral-health",
        "/v1/directory/services/{service}": lambda: f"/v1/directory/services/{offer()}",
        "/v1/episodes/{episode}": lambda: f"/v1/episodes/{episode()}",
        "/v1/handoffs/{handoff}": lambda: given.proposed().path,
        "/v1/needs/{need}": lambda: f"/v1/needs/{need()}",
        "/v1/referrals/{referral}": lambda: given.sent().path,
        "/v1/referrals/{referral}/draft": draft,
        "/v1/referrals/{referral}/feedback": feedback,
    }


def test_every_read_with_a_version_takes_min_version_and_no_other_does() -> None:
    taking = {
        path
        for path, item in DOCUMENT.items()
        if "min_version" in {parameter["name"] for parameter in item.get("get", {}).get("parameters", ())}
    }
    assert taking == set(VERSIONED)


def test_each_has_a_case_here(addresses: Mapping[str, Callable[[], str]]) -> None:
    assert sorted(addresses) == VERSIONED


@pytest.mark.parametrize("path", VERSIONED)
def test_the_version_that_stands_is_answered_at_once(
    north: Caller, addresses: Mapping[str, Callable[[], str]], path: str
) -> None:
    address = addresses[path]()
    for etag in ('"1"', "1", 'W/"1"'):
        answer = north.get(address, params={"min_version": etag})
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    when(north.get(address, params={"min_version": "soon"})).then_malformed("/query/min_version")


@pytest.mark.parametrize("path", VERSIONED)
def test_head_answers_as_get_does_without_a_body(
    north: Caller, addresses: Mapping[str, Callable[[], str]], path: str
) -> None:
    address = addresses[path]()
    whole, head = north.get(address), north.ask("HEAD", address)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", whole.headers["etag"])
    assert head.headers["content-length"] == str(len(whole.content))
    assert north.get(address).json().keys() == whole.json().keys()


def test_a_version_that_does_not_come_is_503_with_a_time_to_come_back(
    north: Caller, addresses: Mapping[str, Callable[[], str]]
) -> None:
    asked = [addresses[path]() for path in VERSIONED]
    with ThreadPoolExecutor(len(asked)) as pool:
        answers = list(pool.map(lambda address: north.get(address, params={"min_version": '"99"'}), asked))
    for answer in answers:
        when(answer).then_problem(503, "version-not-here")
        assert int(answer.headers["retry-after"]) >= 1


def test_a_version_that_comes_meanwhile_is_waited_for(given: Given, north: Caller, doulas: Caller) -> None:
    for _ in range(3):
        sent = given.sent()
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(north.get, sent.path, params={"min_version": '"2"'})
            until(waiting.running)
            doulas.done(f"{sent.path}/receive")
            when(waiting.result()).then(200, state="received", version=2)


def test_what_has_no_version_takes_none(given: Given, north: Caller) -> None:
    when(north.get(f"/v1/clients/{given.client()}/identity?min_version=1")).then_malformed("/query")


class TestSingleThings:
    def test_a_contact_is_read_by_who_recorded_it(self, given: Given, doulas: Caller) -> None:
        accepted = given.accepted()
        contact = given.contact(accepted, duration_min=40, tags=["doula"], note="Rings twice")
        seen = doulas.seen(f"/v1/contacts/{contact}")
        assert (seen["contact"], seen["client"], seen["referral"]) == (contact, accepted.theirs, accepted.id)
        assert (seen["mode"], seen["met"], seen["duration_min"], seen["tags"]) == ("home_visit", True, 40, ["doula"])
        assert doulas.seen(f"/v1/notes/{seen['note']}")["text"] == "Rings twice"

    def test_a_consent_is_read_by_who_recorded_it(self, given: Given, north: Caller) -> None:
        client = given.client()
        consent = given.consent(client)
        (listed,) = north.seen(f"/v1/clients/{client}/consents")["items"]
        assert north.seen(f"/v1/consents/{consent}") == listed
        assert (listed["client"], listed["recipient"], listed["version"]) == (client, "example-doula-network", 1)

    def test_r4_a_pregnancy_is_read_by_both_its_openers_alike(
        self, given: Given, north: Caller, doulas: Caller
    ) -> None:
        accepted = given.accepted()
        shown, known = [], ago(200)
        for agency, client in ((north, accepted.client), (doulas, accepted.theirs)):
            answer = agency.post(f"/v1/clients/{client}/episodes", {"identified_on": known})
            read = agency.get(answer.headers["location"])
            assert read.headers["etag"] == answer.headers["etag"] == '"1"'
            shown.append(when(read).then(200, client=client, identified_on=known, version=1))
        assert shown[0].keys() == shown[1].keys()


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without when its history was recorded, which is known once it is read again."""
    history = [{**event, "recorded_at": None} for event in answer.get("history", ())]
    return answer | ({"history": history} if history else {})


class TestWhatMakesSomethingNew:
    """If-Match with a command that makes something new: none of it stands yet, so nothing is made."""

    @pytest.fixture
    def commands(self, given: Given) -> Mapping[str, tuple[str, dict[str, Any]]]:
        client, expecting = given.client(), given.pregnant()
        to_north = Given(given.receiver, given.sender).accepted(**TO_NORTH)
        sending = {"to": DOULA, "category": "doula", "consent": AGREED}
        identity = {"names": [{"given": "Testa", "family": uuid4().hex}]}
        proposal = {"to": "example-doula-network", "domain": "doula", "kind": "cold", "note": "Rings twice"}
        return {
            "register_client": ("/v1/clients", identity),
            "send_referral": ("/v1/referrals", sending | {"client": client}),
            "send_referral by identity": ("/v1/referrals", sending | {"identity": identity}),
            "record_consent": (f"/v1/clients/{client}/consents", AGREED | {"recipient": "example-doula-network"}),
            "record_contact": (f"/v1/clients/{client}/contacts", MET | {"note": "Rings twice"}),
            "open_episode": (f"/v1/clients/{client}/episodes", {}),
            "propose_handoff": (f"/v1/clients/{expecting}/handoffs", proposal),
            "create_note": ("/v1/notes", {"client": client, "text": "Rings twice"}),
            "ask_for_room": ("/v1/capacity-checks", {"category": "doula", "to": [DOULA["service"]]}),
            "plan_contact": (f"/v1/clients/{client}/contact-plan", {"mode": "phone", "planned_for": in_days(3)}),
            "identify_need": (f"/v1/clients/{client}/needs", {"category": "doula"}),
            "plan_safe_contact": (f"/v1/clients/{client}/safe-contact-plan", {"modes": ["phone"]}),
            "record_screening": (
                f"/v1/clients/{client}/screenings",
                {"instrument": "hunger_vital_sign", "result": "negative"},
            ),
            "record_group_session": ("/v1/group-sessions", {"members": [{"client": client, "attended": True}]}),
            "ask_about_handoff": (f"{given.offered().path}/questions", {"text": "Which day?"}),
            "ask_about_referral": (f"{given.sent().path}/questions", {"text": "Which day?"}),
            "book_appointment": (f"{to_north.path}/appointments", {"due_at": in_days(3)}),
        }

    def test_each_of_them_has_a_case(self, commands: Mapping[str, object]) -> None:
        making = {
            path["post"]["operationId"]
            for path in DOCUMENT.values()
            if "201" in path.get("post", {}).get("responses", ()) and "staff" in path["post"]["x-roles"]
        }
        another_each_time = {"give_access_code"}  # the one before opens nothing any more
        assert {name.partition(" ")[0] for name in commands} == making - another_each_time

    def test_a_code_is_not_given_where_a_version_is_asked_for(self, given: Given) -> None:
        path = f"/v1/clients/{given.client()}/access-codes"
        when(given.sender.post(path, {}, headers={"If-Match": "*"})).then_problem(412, "precondition-failed")
        assert given.sender.post(path, {}).status_code == 201

    @pytest.mark.parametrize("tags", ['"0"', '"1"', "*", '"1", "2"'])
    def test_it_makes_nothing_and_gives_the_first_answer_alone(
        self, north: Caller, commands: Mapping[str, tuple[str, dict[str, Any]]], tags: str
    ) -> None:
        for path, body in commands.values():
            key, again = uuid4().hex, {"If-Match": tags}
            when(north.post(path, body, headers=again)).then_problem(412, "precondition-failed")
            when(north.post(path, body, key=key, headers=again)).then_problem(412, "precondition-failed")
            first = when(north.post(path, body, key=key)).then(201)
            second = north.post(path, body, key=key, headers=again)
            assert untimed(when(second).then(201)) == untimed(first)
            assert second.headers["idempotent-replay"] == "true"

    def test_a_pregnancy_that_is_open_stands(self, given: Given, north: Caller) -> None:
        path = f"/v1/clients/{given.pregnant()}/episodes"
        when(north.post(path, headers={"If-Match": '"1"'})).then(200)

    def test_reads_do_not_say_that_they_take_it(self) -> None:
        taking = {
            (path, method)
            for path, item in DOCUMENT.items()
            for method, operation in item.items()
            if "if-match" in {parameter["name"] for parameter in operation.get("parameters", ())}
        }
        assert "get" not in {method for _, method in taking}
        assert "post" in {method for _, method in taking}
        assert ("/v1/referrals/{referral}/accept", "post") in taking
