"""Versions over the API: every read that shows one takes `min_version`, and waits for it (interface.md section 3)."""

import typing
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.openapi import documents
from services.referrals.main import ROUTERS
from services.runtime.http import LeanRoute, Reply
from tests.condition import until
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import MET, Given, when

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
def addresses(given: Given, north: Caller) -> Mapping[str, Callable[[], str]]:
    """One thing of the caller's own of each kind that has a version."""

    def episode() -> str:
        return str(north.done(f"/v1/clients/{given.client()}/episodes")["episode"])

    def contact() -> str:
        return str(north.done(f"/v1/clients/{given.client()}/contacts", MET)["contact"])

    return {
        "/v1/clients/{client}": lambda: f"/v1/clients/{given.client()}",
        "/v1/clients/{client}/timeline": lambda: f"/v1/clients/{given.client()}/timeline",
        "/v1/consents/{consent}": lambda: f"/v1/consents/{given.consent(given.client())}",
        "/v1/contacts/{contact}": lambda: f"/v1/contacts/{contact()}",
        "/v1/episodes/{episode}": lambda: f"/v1/episodes/{episode()}",
        "/v1/handoffs/{handoff}": lambda: given.proposed().path,
        "/v1/referrals/{referral}": lambda: given.sent().path,
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
        when(answer).then_problem(503, "unavailable")
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
        shown = []
        for agency, client in ((north, accepted.client), (doulas, accepted.theirs)):
            answer = agency.post(f"/v1/clients/{client}/episodes", {"identified_on": "2026-03-01"})
            read = agency.get(answer.headers["location"])
            assert read.headers["etag"] == answer.headers["etag"] == '"1"'
            shown.append(when(read).then(200, client=client, identified_on="2026-03-01", version=1))
        assert shown[0].keys() == shown[1].keys()
