"""What is written in one turn of the loop goes out at once: in order, all of it, and never after the end."""

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any, cast

import pytest

from services.gateway.main import public_document
from services.runtime.http import create_app
from services.runtime.http.one_write import MOST_HELD, OneWrite
from services.runtime.http.problem import METHODS
from services.runtime.http.serve import server
from tests.condition import eventually, steady


class Recorded:
    """A transport that only notes what it was told."""

    def __init__(self) -> None:
        self.told: list[bytes | str] = []
        self.closing = False

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.told.append("closed")

    def is_closing(self) -> bool:
        return self.closing


def both() -> tuple[Recorded, OneWrite]:
    recorded = Recorded()
    return recorded, OneWrite(cast(asyncio.Transport, recorded))


async def test_head_and_body_are_one_write() -> None:
    recorded, transport = both()
    for count, number in enumerate((b"1", b"2"), start=1):
        transport.write(b"head" + number)
        transport.write(b"body" + number)
        await eventually(lambda count=count: len(recorded.told) == count)
    assert recorded.told == [b"head1body1", b"head2body2"]


async def test_many_bytes_do_not_wait() -> None:
    recorded, transport = both()
    transport.write(b"head")
    transport.write(large := b"x" * MOST_HELD)
    assert recorded.told == [b"head" + large]
    transport.write(b"end")
    await eventually(lambda: len(recorded.told) > 1)
    assert recorded.told == [b"head" + large, b"end"]


async def test_an_answer_that_is_whole_does_not_wait_for_the_next_turn() -> None:
    recorded, transport = both()
    transport.write(b"head")
    transport.write(b"body")
    transport.flush()
    assert recorded.told == [b"headbody"]
    assert await steady(lambda: len(recorded.told)) == 1


async def test_what_was_written_goes_before_the_end_and_nothing_after() -> None:
    recorded, transport = both()
    transport.write(b"last")
    transport.close()
    assert recorded.told == [b"last", "closed"]
    recorded.closing = True
    transport.write(b"late")
    await steady(lambda: len(recorded.told))
    assert recorded.told == [b"last", "closed"]
    assert transport.is_closing()


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

    async def app(scope: Any, receive: Any, send: Any) -> None:
        nonlocal poured
        if scope["type"] == "lifespan":
            for _ in range(2):
                await send({"type": f"{(await receive())['type']}.complete"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % length)]})
        for piece in body:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            poured += 1
        await send({"type": "http.response.body"})

    length = 9_000 * pieces
    answer = await told(app, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", lambda: poured)
    assert answer.partition(b"\r\n\r\n")[2] == b"".join(body)
