"""The simulator calls the public API as a polite agency's system would: patient, never doubled."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from contracts.initiative import load_initiatives
from deploy.local.issuer import DevelopmentIssuer
from deploy.simulator.county import County
from deploy.simulator.public_api import TRIES, Away, PublicApi, Refused
from deploy.simulator.requests import Request

FRESNO = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")["fresno-ptbi"]
NOW = datetime(2026, 11, 17, 17, tzinfo=UTC)
CALL = Request("example-clinic-north", "/v1/clients", {"names": []})
PROBLEM = {"type": "/problems/wrong-state"}


class Answers:
    """A server that gives the answers it was told to give, and remembers what it was asked."""

    def __init__(self) -> None:
        self.planned: list[tuple[int, Mapping[str, Any], Mapping[str, str]]] = []
        self.asked: list[Mapping[str, str]] = []
        self.paused: list[float] = []

    def then(self, status: int, body: Mapping[str, Any] | None = None, **headers: str) -> "Answers":
        self.planned.append((status, body or {}, {name.replace("_", "-"): text for name, text in headers.items()}))
        return self

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.headers))
        status, body, headers = self.planned.pop(0)
        return web.json_response(dict(body), status=status, headers=headers)

    async def pause(self, seconds: float) -> None:
        self.paused.append(seconds)


@pytest.fixture
def answers() -> Answers:
    return Answers()


@pytest.fixture
async def api(answers: Answers, tmp_path: Path) -> AsyncIterator[PublicApi]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answers.answer)
    issuer = DevelopmentIssuer("http://127.0.0.1:1", tmp_path, {"CLOSEKNIT_ENVIRONMENT": "development"})
    county = County(FRESNO, NOW, NOW + timedelta(days=400))
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        yield PublicApi(session, str(server.make_url("/")), issuer, county, chance=Random(1), sleep=answers.pause)


async def test_an_answer_comes_back(api: PublicApi, answers: Answers) -> None:
    answers.then(201, {"client": "a"})
    assert await api.call(CALL, "key-1") == {"client": "a"}
    assert answers.asked[0]["Idempotency-Key"] == "key-1"
    assert answers.paused == []


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_what_is_busy_is_asked_again_after_the_time_it_names_under_the_same_key(
    api: PublicApi, answers: Answers, status: int
) -> None:
    answers.then(status, Retry_After="7").then(201, {"client": "a"})
    assert await api.call(CALL, "key-1") == {"client": "a"}
    assert [asked["Idempotency-Key"] for asked in answers.asked] == ["key-1", "key-1"]
    assert 7 <= answers.paused[0] <= 9


async def test_pauses_grow_and_end(api: PublicApi, answers: Answers) -> None:
    for _ in range(TRIES):
        answers.then(503)
    with pytest.raises(Away):
        await api.call(CALL, "key-1")
    assert answers.paused[-1] > answers.paused[0]
    assert max(answers.paused) <= 60


async def test_a_token_that_is_not_taken_is_made_anew(api: PublicApi, answers: Answers) -> None:
    answers.then(401, {"type": "/problems/not-signed-in"}).then(200, {"state": "received"})
    assert await api.call(CALL, "key-1") == {"state": "received"}
    first, second = (asked["Authorization"] for asked in answers.asked)
    assert first != second


async def test_a_refusal_is_told_and_not_repeated(api: PublicApi, answers: Answers) -> None:
    answers.then(409, PROBLEM)
    assert await api.call(CALL, "key-1") == Refused(409, "wrong-state")
    assert len(answers.asked) == 1


async def test_nobody_there_is_away(answers: Answers, tmp_path: Path, unused_tcp_port: int) -> None:
    issuer = DevelopmentIssuer("http://127.0.0.1:1", tmp_path, {"CLOSEKNIT_ENVIRONMENT": "development"})
    county = County(FRESNO, NOW, NOW + timedelta(days=400))
    async with aiohttp.ClientSession() as session:
        url = f"http://127.0.0.1:{unused_tcp_port}"
        api = PublicApi(session, url, issuer, county, chance=Random(1), sleep=answers.pause)
        with pytest.raises(Away):
            await api.call(CALL, "key-1")
    assert len(answers.paused) == TRIES
