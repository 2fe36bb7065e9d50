"""A part that is down: what needs it answers 503 and says when to come back, and recovers without a restart."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest
from psycopg import sql

from services.referrals.vault import wrapping
from services.referrals.vault.keys import root_key
from tests.condition import until
from tests.fix_servers import Databases
from tests.plain import PLAIN
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, DOULA, Given, when


@pytest.fixture
def given(north: Caller, doulas: Caller) -> Given:
    return Given(north, doulas)


@contextmanager
def away(databases: Databases, name: str) -> Iterator[None]:
    """One database takes no connection and ends those it has, as a server does that is stopped."""
    database = f"{name}_{databases.suffix}"
    with psycopg.connect(databases.server.dsn(), autocommit=True) as owner:
        owner.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(database)))
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])
        try:
            yield
        finally:
            owner.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(database)))


class TestTheEventStore:
    def test_503_and_back_without_a_restart(self, given: Given, north: Caller, service: Service) -> None:
        client = given.client()
        body = {"client": client, "to": DOULA, "category": "doula", "consent": AGREED}
        key = uuid4().hex
        with away(service.databases, "referrals"):
            answer = north.post("/v1/referrals", body, key=key)
            when(answer).then_problem(503, "unavailable")
            assert int(answer.headers["retry-after"]) >= 1
            assert httpx.get(f"{service.url}/health/live", verify=PLAIN).status_code == 200
            until(lambda: httpx.get(f"{service.url}/health/ready", verify=PLAIN).status_code == 503)
            when(north.get("/v1/work")).then_problem(503, "unavailable")
        first = until(lambda: _if_good(north.post("/v1/referrals", body, key=key)))
        # It writes again before it reads again, each over a connection of its own: the first answer may be waited for.
        assert until(lambda: _if_good(north.post("/v1/referrals", body, key=key))) == first
        until(lambda: httpx.get(f"{service.url}/health/ready", verify=PLAIN).status_code == 200)


class TestTheVault:
    def test_by_reference_goes_on_and_what_was_typed_waits(
        self, given: Given, north: Caller, doulas: Caller, service: Service
    ) -> None:
        client, other = given.client(), given.client()
        body = {"client": client, "to": DOULA, "category": "doula", "consent": AGREED}
        noted = body | {"client": other, "note": "Rings twice"}
        with away(service.databases, "identity"):
            sent = north.done("/v1/referrals", body)["referral"]
            with ThreadPoolExecutor() as at_once:  # each of them waits for the vault as long as anybody does
                waiting = [
                    at_once.submit(north.post, "/v1/referrals", noted),
                    at_once.submit(north.post, "/v1/clients", {"names": [{"given": "Testa"}]}),
                    at_once.submit(doulas.get, f"/v1/referrals/{sent}/given"),
                ]
                assert north.seen(f"/v1/referrals/{sent}")["client"]["name"] is None
            for answer in waiting:
                when(answer.result()).then_problem(503, "unavailable")
        until(lambda: _if_good(north.post("/v1/referrals", noted)))
        found = until(lambda: _if_good(doulas.get(f"/v1/referrals/{sent}/given")))
        assert found["fields"]["name"].startswith("Testa Sample-")

    def test_a_missing_key_is_named_and_no_other_is_made(
        self, given: Given, north: Caller, doulas: Caller, service: Service, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(wrapping, "TRUSTED_SECONDS", 0.0)
        given.sent()
        body = {"names": [{"given": "Testa"}]}
        with keys_taken(service) as (names, others):
            for replaced in (False, True):
                if replaced:
                    others()
                answer = north.post("/v1/clients", body)
                when(answer).then_problem(503, "unavailable")
                assert answer.json()["part"] in names
                assert int(answer.headers["retry-after"]) >= 1
                assert doulas.seen("/v1/work")["items"]
        north.done("/v1/clients", body)


@contextmanager
def keys_taken(service: Service) -> Iterator[tuple[set[str], Callable[[], None]]]:
    """The months' key files are not there: what they are called, and what puts other keys in their place."""
    paths = {path: path.with_suffix(".aside") for path in service.keys.glob("kek-*.key")}

    def others() -> None:
        driver = wrapping.FileKeys(service.keys, root_key(service.keys), service.clock)
        for path in paths:
            asyncio.run(driver.make(path.stem.removeprefix("kek-")))

    for path, aside in paths.items():
        path.rename(aside)
    try:
        yield {path.stem for path in paths}, others
    finally:
        for path, aside in paths.items():
            aside.replace(path)


def _if_good(answer: httpx.Response) -> dict[str, Any]:
    """The body of a good answer; empty, so not yet true, for any other."""
    body: dict[str, Any] = answer.json()
    return body if answer.is_success else {}
