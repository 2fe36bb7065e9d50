"""Needs and screenings over HTTP: what was found, the referral that is offered, and what stays in the vault (R6)."""

from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
import pytest

from contracts.registry import encode
from services.referrals.domain.catalogue import StoredFact
from services.referrals.publishing import CARE_TOPIC, RESTRICTED_TOPIC, contract_event, topic_of
from services.referrals.store.mapper import FactMapper
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, MET, Given, in_days, when

DOULA_NEEDED = {"category": "doula", "result": "positive"}
WHY = {"reason": "It was another client"}


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


def screened(caller: Caller, client: str, **said: Any) -> dict[str, Any]:
    return caller.done(f"/v1/clients/{client}/screenings", said)


class TestNeed:
    def test_r12_a_need_is_known_once_until_it_ends(self, given: Given, north: Caller) -> None:
        address = f"/v1/clients/{given.client()}/needs"
        first = when(north.post(address, {"category": "doula"})).then(201, status="identified", category="doula")
        again = when(north.post(address, {"category": "doula"})).then(200, need=first["need"], version=1)
        path = f"/v1/needs/{again['need']}"
        for _ in range(2):
            when(north.post(f"{path}/resolve", {"how": "served"})).then(200, status="resolved", how="served", version=2)
        when(north.post(f"{path}/resolve", {"how": "not_wanted"})).then_problem(409, "need-already-ended")
        new = when(north.post(address, {"category": "doula"})).then(201, status="identified")
        assert new["need"] != first["need"]
        assert [each["need"] for each in north.seen(address)["items"]] == [new["need"], first["need"]]
        assert north.seen(path)["status"] == "resolved"

    def test_r14_a_need_that_should_never_have_been_written_is_named_by_nothing_more(
        self, given: Given, north: Caller
    ) -> None:
        client = given.client()
        need = north.done(f"/v1/clients/{client}/needs", {"category": "doula"})["need"]
        when(north.post(f"/v1/needs/{need}/entered-in-error", WHY)).then(200, status="entered_in_error", version=2)
        when(north.post(f"/v1/clients/{client}/contacts", MET | {"need": need})).then_problem(404, "not-found")

    def test_a_referral_and_a_contact_name_a_need_that_exists(self, given: Given, north: Caller) -> None:
        client, other = given.client(), given.client()
        need = north.done(f"/v1/clients/{client}/needs", {"category": "doula"})["need"]
        referral = given.sent(client, need=need)
        assert north.seen(referral.path)["history"][0]["detail"]["need"] == need
        assert "need" not in given.receiver.seen(referral.path)["history"][0]["detail"]
        contact = north.done(f"/v1/clients/{client}/contacts", MET | {"need": need})["contact"]
        assert north.seen(f"/v1/contacts/{contact}")["need"] == need
        for nothing in ("a" * 26, north.done(f"/v1/clients/{other}/needs", {"category": "doula"})["need"]):
            body = {"client": client, "to": DOULA, "category": "doula", "consent": AGREED, "need": nothing}
            when(north.post("/v1/referrals", body)).then_problem(404, "not-found")
            when(north.post(f"/v1/clients/{client}/contacts", MET | {"need": nothing})).then_problem(404, "not-found")

    def test_r6_what_is_for_a_restricted_need_is_restricted(
        self, given: Given, north: Caller, service: Service
    ) -> None:
        client = given.client()
        need = north.done(f"/v1/clients/{client}/needs", {"category": "intimate-partner-violence"})["need"]
        given.sent(client, need=need)
        north.done(f"/v1/clients/{client}/contacts", MET | {"need": need})
        assert kinds(service, "need.identified.v1", "referral.sent.v1", "contact.recorded.v1") == {"ipv"}


def kinds(service: Service, *topics: str) -> set[str | None]:
    """The restricted classes of the latest fact of each of these types."""
    query = (
        "SELECT DISTINCT ON (topic) convert_from(state, 'UTF8')::jsonb ->> 'restricted' FROM stored_events"
        " WHERE topic = ANY (%s) ORDER BY topic, notification_id DESC"
    )
    with psycopg.connect(service.databases.dsn("referrals")) as store:
        return {row[0] for row in store.execute(query, [list(topics)]).fetchall()}


class TestScreening:
    def test_what_is_positive_is_a_need_and_the_referral_is_offered(self, given: Given, north: Caller) -> None:
        client = given.client()
        found = screened(north, client, instrument="hunger_vital_sign", result="positive")
        (need,) = found["needs"]
        assert (need["category"], need["status"]) == ("food-insecurity", "identified")
        assert need["screening"] == found["screenings"][0]["screening"]
        assert found["offers"] == [{"client": client, "category": "food-insecurity", "need": need["need"]}]
        again = screened(north, client, instrument="hunger_vital_sign", result="positive")
        assert [each["need"] for each in again["needs"]] == [need["need"]]
        assert len(north.seen(f"/v1/clients/{client}/needs")["items"]) == 1

    def test_one_of_years_ago_was_mistyped(self, given: Given, north: Caller) -> None:
        address = f"/v1/clients/{given.client()}/screenings"
        body = {"instrument": "hunger_vital_sign", "result": "negative"}
        long_ago = (datetime.now(UTC) - timedelta(days=400)).isoformat()
        when(north.post(address, body | {"at": long_ago})).then_malformed("/at", "screening-too-long-ago")
        when(north.post(address, body | {"at": (datetime.now(UTC) - timedelta(days=200)).isoformat()})).then(201)

    @pytest.mark.parametrize("result", ["negative", "declined"])
    def test_what_is_not_positive_is_no_need(self, given: Given, north: Caller, result: str) -> None:
        client = given.client()
        found = screened(north, client, instrument="epds", result=result)
        assert (found["needs"], found["offers"]) == ([], [])
        (listed,) = north.seen(f"/v1/clients/{client}/screenings")["items"]
        assert listed["results"] == [{"category": "behavioral_health", "result": result}]

    def test_r6_prapare_keeps_its_safety_questions_apart(self, given: Given, north: Caller, service: Service) -> None:
        domains = [
            {"category": "food-insecurity", "result": "positive"},
            {"category": "stress", "result": "negative"},
            {"category": "intimate-partner-violence", "result": "positive"},
        ]
        found = screened(north, given.client(), instrument="prapare", domains=domains)
        assert [each["instrument"] for each in found["screenings"]] == ["prapare", "prapare_safety"]
        assert [each["category"] for each in found["needs"]] == ["food-insecurity", "intimate-partner-violence"]
        assert kinds(service, "screening.recorded.v1", "need.identified.v1") == {"ipv"}
        assert kinds(service, "need.screened.v1") == {None}

    def test_r6_a_score_is_in_the_vault_and_nowhere_else(self, given: Given, north: Caller, service: Service) -> None:
        client = given.client()
        (recorded,) = screened(north, client, instrument="phq_9", result="positive", score=27)["screenings"]
        assert north.seen(f"/v1/notes/{recorded['score']}")["text"] == "27"
        with psycopg.connect(service.databases.dsn("referrals")) as store:
            ((state,),) = store.execute(
                "SELECT convert_from(state, 'UTF8') FROM stored_events WHERE topic = 'screening.recorded.v1'"
                " ORDER BY notification_id DESC LIMIT 1"
            ).fetchall()
        assert "27" not in state.replace("-", "").split('"score":"')[0]

    @pytest.mark.parametrize(
        ("said", "pointer"),
        [
            ({"instrument": "epds"}, "/result"),
            ({"instrument": "epds", "result": "positive", "score": 31}, "/score"),
            ({"instrument": "phq_2", "result": "positive", "score": 7}, "/score"),
            ({"instrument": "ipv", "result": "positive", "score": 1}, "/score"),
            ({"instrument": "epds", "result": "declined", "score": 1}, "/score"),
            ({"instrument": "prapare", "result": "positive"}, "/result"),
            ({"instrument": "prapare"}, "/domains"),
            (
                {"instrument": "prapare", "domains": [{"category": "doula", "result": "positive"}]},
                "/domains/0/category",
            ),
            ({"instrument": "prapare_safety", "result": "positive"}, "/instrument"),
            ({"instrument": "epds", "result": "9"}, "/result"),
            ({"instrument": "epds", "result": "negative", "items": [1, 2]}, ""),
        ],
    )
    def test_what_an_instrument_cannot_say_is_pointed_at(
        self, given: Given, north: Caller, said: dict[str, Any], pointer: str
    ) -> None:
        when(north.post(f"/v1/clients/{given.client()}/screenings", said)).then_malformed(pointer)

    def test_r14_in_error_it_takes_the_open_needs_that_it_found_with_it(self, given: Given, north: Caller) -> None:
        client = given.client()
        found = screened(north, client, instrument="hunger_vital_sign", result="positive")
        path = f"/v1/screenings/{found['screenings'][0]['screening']}/entered-in-error"
        for _ in range(2):
            when(north.post(path, WHY)).then(200, entered_in_error=True)
        (need,) = north.seen(f"/v1/clients/{client}/needs")["items"]
        assert need["status"] == "entered_in_error"

    def test_r9_a_key_gives_the_first_answer_again(self, given: Given, north: Caller) -> None:
        address, key = f"/v1/clients/{given.client()}/screenings", str(uuid4())
        body = {"instrument": "phq_2", "result": "positive", "score": 3}
        first, second = (north.post(address, body, key=key) for _ in range(2))
        assert (first.status_code, second.status_code) == (201, 201)
        assert all(first.json()[part] == second.json()[part] for part in ("client", "screenings", "offers"))
        assert second.headers["idempotent-replay"] == "true"


RESTRICTED_WORDS = (
    *("intimate", "behavioral", "substance", "contraception", "epds", "phq", '"ipv"', "prapare_safety", "score"),
)


def test_r6_nothing_restricted_is_ever_on_the_ordinary_log(
    given: Given, north: Caller, doulas: Caller, service: Service
) -> None:
    """Every way to write about it, and every later fact of it: on care.restricted.v1 alone, and named nowhere else."""
    client = given.client()
    screened(north, client, instrument="epds", result="positive", score=22)
    screened(north, client, instrument="phq_9", result="declined")
    domains = [{"category": each, "result": "positive"} for each in ("food-insecurity", "intimate-partner-violence")]
    (_, safety) = screened(north, client, instrument="prapare", domains=domains)["screenings"]
    need = north.done(f"/v1/clients/{client}/needs", {"category": "substance_use_treatment"})["need"]
    for tagged in ({"tags": ["contraception"]}, {"need": need}):
        contact = north.done(f"/v1/clients/{client}/contacts", MET | tagged)["contact"]
        north.done(f"/v1/contacts/{contact}/amend", {"mode": "phone", "outcome": "missed"})
        north.done(f"/v1/contacts/{contact}/take-back")
        north.done(f"/v1/contacts/{contact}/entered-in-error", WHY)
        body = {"mode": "phone", "planned_for": in_days(180)} | tagged
        plan = north.done(f"/v1/clients/{client}/contact-plan", body)["contact"]
        north.done(f"/v1/contacts/{plan}/cancel", {"outcome": "cancelled_by_client"})
    referral = given.sent(client, need=need)
    doulas.done(f"{referral.path}/accept")
    members = [{"client": referral.theirs, "attended": True, "referral": referral.id}]
    doulas.done("/v1/group-sessions", {"members": members})
    north.done(f"/v1/needs/{need}/resolve", {"how": "served"})
    north.done(f"/v1/needs/{need}/entered-in-error", WHY)
    north.done(f"/v1/screenings/{safety['screening']}/entered-in-error", WHY)
    told = published_of(service, referral.id)
    hidden = {stream for topic, stream, _ in told if topic == RESTRICTED_TOPIC}
    assert len(hidden) > 10
    care = [(stream, value) for topic, stream, value in told if topic == CARE_TOPIC]
    assert {stream for stream, _ in care}.isdisjoint(hidden)
    for _, value in care:
        assert not any(str(stream) in value for stream in hidden), value
        assert not any(word in value for word in RESTRICTED_WORDS), value
    apart = "".join(value for topic, _, value in told if topic == RESTRICTED_TOPIC)
    assert '"result":"positive"' in apart
    assert "score" not in apart


def published_of(service: Service, referral: str) -> list[tuple[str, UUID, str]]:
    """What is published of the client of a referral: the topic, the stream, and the value."""
    query = (
        "SELECT topic, originator_id, state FROM stored_events WHERE client_id ="
        " (SELECT client_id FROM stored_events WHERE originator_id = %s LIMIT 1)"
    )
    mapper, found = FactMapper(), []
    with psycopg.connect(service.databases.dsn("referrals")) as store:
        for topic, stream, state in store.execute(query, [referral]).fetchall():
            fact = cast(StoredFact, mapper.decode(topic, bytes(state)))
            event = contract_event(fact, stream, lambda _: "a" * 26)
            if event is not None:
                found.append((topic_of(fact), stream, encode(event).decode()))
    return found
