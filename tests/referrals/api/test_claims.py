"""Claims over the API: "I do it", given back, taken over; who sees them; they expire and stay stored only (R15)."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import Given, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@pytest.fixture
def rosa(service: Service) -> Caller:
    """A colleague at the doulas."""
    return service.caller("example-doula-network", subject="rosa-muster")


@pytest.fixture
def manager(service: Service) -> Caller:
    return service.caller("example-doula-network", "agency_admin", subject="ada-sample")


@pytest.fixture
def moved(service: Service) -> Iterator[Service]:
    yield service
    service.clock.ahead = timedelta(0)


def claim_in(caller: Caller, id: str, **query: str) -> object:
    """The claim of a thing on the caller's work list; fails where it is not on it."""
    item = caller.work(id, **query)
    assert item is not None, "not on the list"
    return item["claim"]


class TestClaim:
    def test_who_claims_it_is_said_on_the_list_and_the_same_again_is_nothing_new(
        self, given: Given, doulas: Caller, rosa: Caller
    ) -> None:
        sent = given.sent()
        assert claim_in(doulas, sent.id) is None
        claimed = when(doulas.post(f"/v1/work/{sent.id}/claim")).then(200, id=sent.id)["claim"]
        assert (claimed["person"], claimed["mine"], claimed["until"] > claimed["since"]) == ("dora-muster", True, True)
        again = doulas.post(f"/v1/work/{sent.id}/claim")
        assert (when(again).then(200)["claim"], again.headers["etag"]) == (claimed, '"1"')
        assert claim_in(rosa, sent.id) == claimed | {"mine": False}
        assert sent.sender.seen(sent.path)["version"] == 1

    def test_a_colleague_who_was_first_is_said_and_can_be_relieved(
        self, given: Given, doulas: Caller, rosa: Caller
    ) -> None:
        path = f"/v1/work/{given.sent().id}"
        doulas.done(f"{path}/claim")
        for step in ("claim", "release"):
            when(rosa.post(f"{path}/{step}")).then_problem(409, "work-already-claimed", stands="claimed")
        assert when(rosa.post(f"{path}/take-over")).then(200)["claim"]["person"] == "rosa-muster"
        assert when(rosa.post(f"{path}/release")).then(200)["claim"] is None
        assert when(doulas.post(f"{path}/claim")).then(200)["claim"]["mine"] is True

    def test_of_two_at_once_one_does_it(self, given: Given, doulas: Caller, rosa: Caller) -> None:
        path = f"/v1/work/{given.sent().id}/claim"
        with ThreadPoolExecutor(2) as both:
            answers = list(both.map(lambda caller: caller.post(path), (doulas, rosa)))
        assert sorted(answer.status_code for answer in answers) == [200, 409]

    def test_r15_it_expires_and_is_over_with_the_step(self, given: Given, moved: Service, rosa: Caller) -> None:
        sent = given.sent()
        given.receiver.done(f"/v1/work/{sent.id}/claim")
        moved.clock.ahead = timedelta(days=6)
        assert claim_in(rosa, sent.id) is None
        assert when(rosa.post(f"/v1/work/{sent.id}/claim")).then(200)["claim"]["mine"] is True
        rosa.done(f"{sent.path}/accept")
        assert claim_in(rosa, sent.id) is None

    def test_the_list_shows_mine_others_and_what_nobody_does(self, given: Given, doulas: Caller, rosa: Caller) -> None:
        mine, theirs, free = (given.sent().id for _ in range(3))
        doulas.done(f"/v1/work/{mine}/claim")
        rosa.done(f"/v1/work/{theirs}/claim")

        def shown(whose: str) -> set[str]:
            return {each["id"] for each in doulas.listed("/v1/work", claimed=whose)} & {mine, theirs, free}

        assert (shown("mine"), shown("others"), shown("nobody")) == ({mine}, {theirs}, {free})
        before = doulas.seen("/v1/work?limit=1")["counts"]["mine"]
        doulas.done(f"/v1/work/{free}/claim")
        assert doulas.seen("/v1/work?limit=1")["counts"]["mine"] == before + 1

    def test_the_wrong_side_and_what_waits_for_nothing(self, given: Given, north: Caller, doulas: Caller) -> None:
        sent = given.sent()
        when(north.post(f"/v1/work/{sent.id}/claim")).then_problem(403, "wrong-side")
        declined = given.declined()
        north.done(f"{declined.path}/acknowledge")
        when(north.post(f"/v1/work/{declined.id}/claim")).then_problem(409, "nothing-waits")
        when(doulas.post("/v1/work/01a205e3-72ed-712b-a1e7-19c1e9790459/claim")).then_problem(404, "not-found")

    def test_r9_the_same_key_gives_the_first_answer(self, given: Given, doulas: Caller) -> None:
        path = f"/v1/work/{given.sent().id}"
        first = doulas.post(f"{path}/claim", key="claim-once")
        doulas.done(f"{path}/release")
        again = doulas.post(f"{path}/claim", key="claim-once")
        assert (again.headers["idempotent-replay"], again.headers["etag"]) == ("true", first.headers["etag"])
        assert when(again).then(200)["claim"] == first.json()["claim"]


class TestManager:
    def test_r22_an_administrator_sees_everyones(self, given: Given, service: Service, manager: Caller) -> None:
        leaver = service.caller("example-doula-network", subject="lena-leaving")
        ids = {given.sent().id for _ in range(2)}
        for id in ids:
            leaver.done(f"/v1/work/{id}/claim")
        seen = manager.seen("/v1/claims")["items"]
        assert {each["id"] for each in seen} >= ids
        assert all("client" not in each for each in seen)

    def test_another_agencys_claims_are_its_own(self, given: Given, service: Service, doulas: Caller) -> None:
        sent = given.sent()
        doulas.done(f"/v1/work/{sent.id}/claim")
        north = service.caller("example-clinic-north", "agency_admin")
        assert sent.id not in {each["id"] for each in north.seen("/v1/claims")["items"]}

    def test_a_claim_is_on_no_timeline(self, given: Given, doulas: Caller) -> None:
        sent = given.accepted()
        doulas.done(f"/v1/work/{sent.id}/claim")
        told = doulas.seen(f"/v1/clients/{sent.theirs}/timeline")["entries"]
        assert {each["type"] for each in told} & {"claim.made.v1"} == set()
        assert "referral.accepted.v1" in {each["type"] for each in told}


class TestSearch:
    def test_referrals_are_found_by_the_clients_name_in_the_body(self, given: Given, north: Caller) -> None:
        client = given.client(names=[{"given": "Testa", "family": "Suchbar-Muster"}])
        sent, other = given.sent(client), given.sent()
        found = when(north.post("/v1/referrals/search", {"text": "suchbar"})).then(200)["items"]
        assert [each["referral"] for each in found] == [sent.id]
        assert other.id not in {each["referral"] for each in found}
        for narrowed, hits in (
            ({"box": "outbox"}, 1),
            ({"box": "inbox"}, 0),
            ({"category": "doula", "status": ["sent"]}, 1),
            ({"category": "food-insecurity"}, 0),
            ({"overdue": True}, 0),
            ({"status": ["accepted"]}, 0),
        ):
            body = {"text": "suchbar", **narrowed}
            assert len(when(north.post("/v1/referrals/search", body)).then(200)["items"]) == hits, narrowed

    def test_nobody_finds_anothers(self, given: Given, doulas: Caller) -> None:
        given.sent(given.client(names=[{"given": "Testa", "family": "Verborgen-Muster"}]))
        assert when(doulas.post("/v1/referrals/search", {"text": "verborgen"})).then(200)["items"] == []

    def test_a_box_is_narrowed_by_need(self, given: Given, north: Caller) -> None:
        given.sent()
        boxes = {need: north.listed("/v1/referrals", box="outbox", category=need) for need in ("doula", "lactation")}
        assert {each["category"] for each in boxes["doula"]} == {"doula"}
        assert boxes["lactation"] == []
