"""An answer that is whole goes out in one write, any other as uvicorn does it; what is unreadable is a problem."""

import asyncio
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from services.gateway.main import public_document
from services.runtime.http import create_app
from services.runtime.http import protocol as protocol_of
from services.runtime.http.problem import METHODS
from services.runtime.http.protocol import Protocol
from services.runtime.http.serve import server
from tests.condition import eventually, steady


class Answering:
    """An app whose every answer is `said`; `failed` counts what the server refused to send of it."""

    def __init__(self, said: Callable[[Any], Awaitable[None]]) -> None:
        self.said = said
        self.failed = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        try:
            await self.said(send)
        except RuntimeError:
            self.failed += 1
            raise


def begun(*more: tuple[bytes, bytes], length: int) -> dict[str, Any]:
    """The head of an answer."""
    return {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % length), *more]}


def whole(*more: tuple[bytes, bytes], body: bytes = b"body", length: int = 4) -> Callable[[Any], Awaitable[None]]:
    """An answer in one piece."""

    async def said(send: Any) -> None:
        await send(begun(*more, length=length))
        await send({"type": "http.response.body", "body": body})

    return said


class Recorded:
    """A transport that only notes what it was told."""

    def __init__(self) -> None:
        self.told: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.closed = True

    def is_closing(self) -> bool:
        return self.closed

    def get_extra_info(self, name: str) -> None:
        return None

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


def connected(app: Answering) -> tuple[Protocol, Recorded]:
    """A connection to an app, and what is written on it."""
    serving, recorded = server(app), Recorded()
    serving.config.load()
    protocol = Protocol(serving.config, serving.server_state, {})
    protocol.connection_made(cast(asyncio.Transport, recorded))
    return protocol, recorded


ASKED = b"GET /a%20b?c HTTP/1.1\r\nHost: x\r\n"


async def test_a_whole_answer_is_one_write() -> None:
    protocol, recorded = connected(Answering(whole((b"x-thing", b"t"))))
    for number in (1, 2):
        protocol.data_received(ASKED + b"\r\n")
        await eventually(lambda number=number: len(recorded.told) == number)
    assert recorded.told == [b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nx-thing: t\r\n\r\nbody"] * 2
    assert not recorded.closed


async def test_requests_that_come_at_once_are_answered_in_order() -> None:
    numbers = iter(b"1234")

    async def said(send: Any) -> None:
        await whole(body=b"%c" % next(numbers), length=1)(send)

    protocol, recorded = connected(Answering(said))
    protocol.data_received((ASKED + b"\r\n") * 4)
    await eventually(lambda: len(recorded.told) == 4)
    assert [each[-1:] for each in recorded.told] == [b"1", b"2", b"3", b"4"]


@pytest.mark.parametrize(
    ("asked", "more"),
    [
        (ASKED + b"Connection: close\r\n", ()),
        (ASKED.replace(b"1.1", b"1.0"), ()),
        (ASKED, ((b"connection", b"close"),)),
        (ASKED + b"Connection: close\r\n", ((b"connection", b"close"),)),
    ],
    ids=["caller", "1.0", "app", "both"],
)
async def test_the_last_answer_of_a_connection_is_one_write_too(
    asked: bytes, more: tuple[tuple[bytes, bytes], ...]
) -> None:
    """Who still writes when we close is reset, and may not see what comes in a second piece."""
    protocol, recorded = connected(Answering(whole(*more)))
    protocol.data_received(asked + b"\r\n")
    await eventually(lambda: recorded.closed)
    assert recorded.told == [b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nbody"]


@pytest.mark.parametrize(
    ("asked", "said", "answered", "closed"),
    [
        (ASKED, whole((b"connection", b"a, close")), b"connection: a, close\r\n\r\nbody", True),
        (ASKED, whole((b"Connection", b"Close")), b"connection: Close\r\n\r\nbody", True),
        (ASKED.replace(b"GET", b"HEAD"), whole(body=b""), b"content-length: 4\r\n\r\n", False),
        (ASKED, whole((b"transfer-encoding", b"chunked")), b"chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n", False),
    ],
    ids=["ends, among others", "ends, in capitals", "HEAD", "chunks"],
)
async def test_what_is_no_plain_answer_is_as_uvicorn_does_it(
    asked: bytes, said: Callable[[Any], Awaitable[None]], answered: bytes, closed: bool
) -> None:
    protocol, recorded = connected(Answering(said))
    protocol.data_received(asked + b"\r\n")
    await eventually(lambda: b"".join(recorded.told).endswith(answered))
    assert recorded.closed is closed


@pytest.mark.parametrize(
    "said",
    [
        whole((b"x-thing", b"t\r\nset-cookie: a=b")),
        whole((b"x-thing", b"t\nu")),
        whole((b"x-thing", b"t\0")),
        whole((b"x-thing\r\nset-cookie", b"t")),
        whole((b"x thing", b"t")),
        whole(length=3),
        whole(length=5),
    ],
    ids=["lines", "line feed", "NUL", "lines in a name", "no name", "longer", "shorter"],
)
async def test_no_answer_of_another_shape_than_it_says(said: Callable[[Any], Awaitable[None]]) -> None:
    app = Answering(said)
    protocol, recorded = connected(app)
    protocol.data_received(ASKED + b"\r\n")
    await eventually(lambda: app.failed == 1)
    await eventually(lambda: recorded.closed)
    assert b"set-cookie" not in b"".join(recorded.told)


async def test_an_answer_that_breaks_off_looks_like_none() -> None:
    async def said(send: Any) -> None:
        await send(begun(length=4))
        raise RuntimeError

    protocol, recorded = connected(Answering(said))
    protocol.data_received(ASKED + b"\r\n")
    await eventually(lambda: recorded.closed)
    assert not recorded.told


async def told(app: Any, said: bytes, progress: Callable[[], int] = lambda: 0) -> bytes:
    """All that comes back on one connection to a served app."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        serving = server(app, graceful_seconds=1)
        task = asyncio.ensure_future(serving.serve([listener]))
        await eventually(lambda: serving.started)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(said)
        await steady(progress)  # a slow reader: it begins when the other side can write no more
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        serving.should_exit = True
        await task
    return answer


@pytest.mark.parametrize(
    ("said", "status", "slug"),
    [
        (b"FOO /v1/referrals HTTP/1.1\r\nHost: x\r\n\r\n", 501, "method-not-allowed"),
        (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 501, "method-not-allowed"),
        (b"GET / HTTP/9.9.9\r\n\r\n", 400, "malformed"),
        (b"GET / HTTP/1.1\r\nCanary Name: x\r\n\r\n", 400, "malformed"),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400, "malformed"),
    ],
    ids=["unknown method", "small letters", "version", "header", "TLS"],
)
async def test_what_the_parser_refuses_is_a_problem(said: bytes, status: int, slug: str) -> None:
    head, _, body = (await told(create_app("thing", routers=[]), said)).partition(b"\r\n\r\n")
    start, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ") for line in lines)
    assert start.split(" ")[:2] == ["HTTP/1.1", str(status)]
    assert (headers["content-type"], headers["connection"]) == ("application/problem+json", "close")
    assert headers["content-length"] == str(len(body))
    found = json.loads(body)
    assert (found["type"], found["status"]) == (f"/problems/{slug}", status)
    assert found["instance"] == f"urn:uuid:{headers['x-request-id']}"
    assert headers.get("allow") == ("DELETE, GET, HEAD, PATCH, POST, PUT" if status == 501 else None)
    assert "Canary" not in body.decode()


def test_the_methods_that_it_says_are_those_of_the_document() -> None:
    taken = {method.upper() for item in public_document()["paths"].values() for method in item}
    assert taken | {"HEAD"} == set(METHODS)


async def test_a_method_that_is_known_and_not_taken_says_which() -> None:
    said = b"TRACE /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    head, _, body = (await told(create_app("thing", routers=[]), said)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 ")
    assert b"allow: GET, HEAD" in head
    assert json.loads(body)["type"] == "/problems/method-not-allowed"


@pytest.mark.parametrize("pieces", [1, 3, 400])
async def test_an_answer_in_pieces_comes_whole_and_in_order(pieces: int) -> None:
    body = [bytes([number % 251]) * 9_000 for number in range(pieces)]

    poured = 0

    async def pour(send: Any) -> None:
        nonlocal poured
        await send(begun(length=9_000 * pieces))
        for piece in body:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            poured += 1
        await send({"type": "http.response.body"})

    answer = await told(Answering(pour), b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", lambda: poured)
    assert answer.partition(b"\r\n\r\n")[2] == b"".join(body)


@pytest.mark.parametrize(
    ("pieces", "ends"),
    [((), True), ((ASKED,), True), ((ASKED, b"X-More: x\r\n"), True), ((ASKED + b"\r\n",), False)],
    ids=["nothing", "half a head", "a line now and then", "a whole head"],
)
async def test_a_head_that_does_not_come_in_time_ends_its_connection(
    monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, ...], *, ends: bool
) -> None:
    monkeypatch.setattr(protocol_of, "SLOWEST_HEAD", 0.05)
    protocol, recorded = connected(Answering(whole()))
    for piece in pieces:
        protocol.data_received(piece)
    if ends:
        await eventually(lambda: recorded.closed)
        assert recorded.told == []
    else:
        await eventually(lambda: len(recorded.told) == 1)
        assert protocol._late is None


async def test_a_second_head_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol_of, "SLOWEST_HEAD", 0.05)
    protocol, recorded = connected(Answering(whole()))
    protocol.data_received(ASKED + b"\r\n")
    await eventually(lambda: len(recorded.told) == 1)
    protocol.data_received(ASKED)
    await eventually(lambda: recorded.closed)
    assert len(recorded.told) == 1
