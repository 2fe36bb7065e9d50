"""The way through to a service behind that breaks off, and for a caller who does: what each sees of the other."""

import asyncio
import contextlib
import io
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
from starlette.types import Message

from services.gateway.passage.access_log import AccessLog
from services.gateway.passage.request import Request
from services.gateway.passage.table import Table
from services.gateway.passage.through import Passage
from services.gateway.passage.upstreams import Upstreams
from services.runtime.auth import IssuerKeys, Verifier
from services.runtime.http.problem import Problem
from services.runtime.http.serve import server
from services.runtime.telemetry import Telemetry
from tests.condition import eventually, steady
from tests.gateway.behind import FINE, OK, QUICK, Act, Behind, breaks, hangs_up, listening, says, stays, stays_silent

pytestmark = pytest.mark.slow  # real time-outs run out

OPEN = {"operationId": "list_initiatives", "x-closeknit-service": "referrals"}
DOCUMENT = {"paths": {"/v1/initiatives": {"get": OPEN, "post": OPEN}}}
BEGUN = OK + b"transfer-encoding: chunked\r\n\r\n4\r\nfine\r\n"


@dataclass
class Front:
    """A passage that really listens."""

    port: int
    passage: Passage
    accessed: io.BytesIO

    async def connect(self, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        return reader, writer

    async def say(self, method: str = "GET", more: bytes = b"") -> bytes:
        """All bytes of the answer until the gateway closes the connection."""
        length = b"Content-Length: 0\r\n" if method == "POST" else b""
        line = f"{method} /v1/initiatives HTTP/1.1\r\nHost: x\r\nConnection: close\r\n".encode()
        reader, writer = await self.connect(line + length + more + b"\r\n")
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        return answer


@contextlib.asynccontextmanager
async def front_of(behind: Behind, path: Path | None) -> AsyncIterator[Front]:
    async with listening(behind, path) as where, fronting(where) as front:
        yield front


@contextlib.asynccontextmanager
async def fronting(where: tuple[Path | None, str]) -> AsyncIterator[Front]:
    upstreams = Upstreams({"referrals": where}, QUICK)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            await passage(scope, receive, send)
        else:
            for _ in range(2):
                kind = (await receive())["type"]
                await send({"type": f"{kind}.complete"})

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        verifier = Verifier("http://issuer", IssuerKeys(nobody))
        log = AccessLog(accessed := io.BytesIO())
        passage = Passage(
            Table(DOCUMENT),
            upstreams,
            verifier,
            initiatives=(),
            telemetry=Telemetry.off(),
            access_log=log,
            trace_ratio=0.0,
        )
        front = Front(listener.getsockname()[1], passage, accessed)
        upstreams.open()
        serving = server(app, graceful_seconds=1)
        task = asyncio.ensure_future(serving.serve([listener]))
        await eventually(lambda: serving.started)
        try:
            yield front
        finally:
            upstreams.close()
            serving.should_exit = True
            await task
            log.flush()


async def nobody() -> dict[str, Any]:
    return {}


async def unheard(_: Message) -> None: ...


def unavailable(answer: bytes) -> bool:
    head, _, body = answer.partition(b"\r\n\r\n")
    named = b"application/problem+json" in head and b"\r\nretry-after: 2" in head.lower()
    return head.startswith(b"HTTP/1.1 503 ") and named and orjson.loads(body)["type"] == "/problems/unavailable"


@pytest.mark.parametrize(
    "act",
    [hangs_up(), hangs_up(OK + b"content-length: 9\r\n\r\nfine"), hangs_up(OK), says(b"nonsense\r\n\r\n")],
    ids=["nothing", "half a body", "half a head", "nonsense"],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_does_not_come_whole_is_503(path: Path | None, method: str, act: Act) -> None:
    async with front_of(behind := Behind(act), path) as front:
        assert unavailable(await front.say(method))
        assert len(behind.heard) == 1


async def test_nobody_there_is_503(tmp_path: Path) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        for where in (tmp_path / "missing.sock", ""), (None, f"http://127.0.0.1:{bound.getsockname()[1]}"):
            async with fronting(where) as front:
                assert unavailable(await front.say())
                assert unavailable(await front.say("POST"))


async def test_a_command_that_got_no_answer_is_not_repeated(path: Path | None) -> None:
    behind = Behind(says(FINE), hangs_up(), says(FINE))
    async with front_of(behind, path) as front:
        await front.say("POST")
        assert unavailable(await front.say("POST"))
        assert len(behind.heard) == 2


async def test_a_begun_answer_without_its_end_does_not_look_whole(path: Path | None) -> None:
    async with front_of(Behind(hangs_up(BEGUN)), path) as front:
        answer = await front.say()
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"4\r\nfine\r\n" in answer
        assert not answer.endswith(b"0\r\n\r\n")
    async with front_of(Behind(says(BEGUN, b"0\r\n\r\n")), path) as front:
        assert (await front.say()).endswith(b"4\r\nfine\r\n0\r\n\r\n")


async def test_a_begun_answer_of_a_length_falls_short_of_it() -> None:
    async with front_of(Behind(breaks(OK + b"content-length: 500000\r\n\r\n" + b"x" * 400_000)), None) as front:
        head, _, body = (await front.say()).partition(b"\r\n\r\n")
        assert b"content-length: 500000" in head
        assert len(body) < 500_000


async def test_no_content_stays_so(path: Path | None) -> None:
    async with front_of(Behind(says(b"HTTP/1.1 204 No Content\r\netag: a\r\n\r\n")), path) as front:
        head, _, body = (await front.say()).partition(b"\r\n\r\n")
        assert (head[:13], body) == (b"HTTP/1.1 204 ", b"")
        assert b"x-content-type-options: nosniff" in head
        assert b"transfer-encoding" not in head


@pytest.mark.parametrize("act", [stays_silent, says(BEGUN)], ids=["before an answer", "in the middle of one"])
async def test_a_caller_who_goes_away_is_told_as_such(path: Path | None, act: Act) -> None:
    async with front_of(behind := Behind(act), path) as front:
        _, writer = await front.connect(b"GET /v1/initiatives HTTP/1.1\r\nHost: x\r\n\r\n")
        await eventually(lambda: behind.heard)
        assert (len(behind.heard), await steady(lambda: behind.closed)) == (1, 0)
        writer.close()
        await eventually(lambda: behind.closed)
    assert orjson.loads(front.accessed.getvalue())["status"] == 499


async def test_an_answer_that_cannot_be_handed_on_frees_the_connection(path: Path | None) -> None:
    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            raise RuntimeError("the server is going down")

    scope = {"method": "GET", "path": "/v1/initiatives", "query_string": b"", "headers": []}
    async with front_of(behind := Behind(says(BEGUN)), path) as front:
        with pytest.raises(RuntimeError):
            await front.passage(scope, stays, send)
        await eventually(lambda: behind.closed == 1)


async def test_a_slow_caller_holds_the_service_behind_back(path: Path | None) -> None:
    async def pours(behind: Behind, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"content-length: 67108864\r\n\r\n")
        for _ in range(1024):
            writer.write(b"x" * 65_536)
            await writer.drain()
            behind.sent += 65_536

    async with front_of(behind := Behind(pours), path) as front:
        reader, writer = await front.connect(b"GET /v1/initiatives HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert await steady(lambda: behind.sent) < 32_000_000, "what nobody reads piled up in the gateway"
        async with asyncio.timeout(20):
            assert len((await reader.read()).partition(b"\r\n\r\n")[2]) == 67_108_864
        writer.close()


@pytest.mark.parametrize("value", [b"a\rX-Role: b", b"a\nX-Role: b", b"a\r\n X-Role: b", b"a\0b"])
async def test_one_header_never_becomes_two(path: Path | None, value: bytes) -> None:
    async with front_of(behind := Behind(says(FINE)), path) as front:
        assert (await front.say("GET", b"If-Match: " + value + b"\r\n")).startswith(b"HTTP/1.1 400 ")
        assert behind.heard == []
        assert (await front.say("GET", b"If-Match: a\t b\r\n")).startswith(b"HTTP/1.1 200 ")
        assert b"\r\nIf-Match: a\t b\r\n" in behind.heard[0]


@pytest.mark.parametrize(
    ("name", "value", "path"),
    [
        (b"authorization", b"Bearer a\r\nX-Role: operator", "/v1/work"),
        (b"idempotency-key", b"a\nX-Role: operator", "/v1/work"),
        (b"if-none-match", b"a\0", "/v1/work"),
        (b"accept", b"*/*", "/v1/work HTTP/1.1\r\nX-Role: operator\r\n"),
        (b"accept", b"*/*", "/v1/work /v1/me"),
    ],
)
def test_nor_where_no_parser_stood_before(name: bytes, value: bytes, path: str) -> None:
    scope = {"path": path, "query_string": b"a=b"}
    with pytest.raises(Problem, match="malformed"):
        Request(scope, {name: value}, stays, unheard, "00").wire("GET", b"behind", None)
    good = Request(scope | {"path": "/v1/work"}, {b"accept": b"*/*", b"cookie": b"a"}, stays, unheard, "00")
    head = b"GET /v1/work?a=b HTTP/1.1\r\nHost: behind\r\ntraceparent: 00\r\nAccept: */*\r\n"
    assert good.wire("GET", b"behind", None) == head + b"\r\n"
    assert good.wire("GET", b"behind", b"{}") == head + b"Content-Length: 2\r\n\r\n{}"
