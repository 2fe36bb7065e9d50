"""The head of a request has a size: who sends more is told so, and no more of it is read or kept."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from services.runtime.http import create_app
from services.runtime.http import protocol as protocol_of
from services.runtime.http.protocol import LARGEST_HEAD, MOST_HEADERS
from services.runtime.http.wire import DROPPED_BYTES
from tests.condition import eventually
from tests.runtime.http.test_protocol import ASKED, Answering, connected, told, whole

PIECES = [LARGEST_HEAD * 4, LARGEST_HEAD, 1_000]


def lines(number: int, size: int = 1) -> bytes:
    return b"".join(b"x-%d: %s\r\n" % (each, b"y" * size) for each in range(number))


def of_size(size: int) -> bytes:
    """A head that counts so many bytes."""
    address, host, name = len(b"/a%20b?c"), len(b"hostx") + 4, len(b"x-long") + 4
    return ASKED + b"x-long: " + b"y" * (size - address - host - name) + b"\r\n\r\n"


def cut(said: bytes, size: int) -> Iterator[bytes]:
    return (said[start : start + size] for start in range(0, len(said), size))


TAKEN = {"as large as may be": of_size(LARGEST_HEAD), "as many": ASKED + lines(MOST_HEADERS - 1) + b"\r\n"}
REFUSED = {
    "a byte more": of_size(LARGEST_HEAD + 1),
    "one more": ASKED + lines(MOST_HEADERS) + b"\r\n",
    "one header": ASKED + lines(1, 5_000_000) + b"\r\n",
    "very many": ASKED + lines(20_000) + b"\r\n",
    "the address": b"GET /" + b"a" * 500_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "no end": ASKED + b"x-long: " + b"y" * 500_000,
    "nothing but line ends": b"\r\n" * 500_000,
}


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("head", TAKEN)
async def test_a_head_within_its_size_is_taken_however_it_comes(head: str, piece: int) -> None:
    protocol, recorded = connected(Answering(whole()))
    for number in (1, 2):
        for each in cut(TAKEN[head], piece):
            protocol.data_received(each)
        await eventually(lambda number=number: len(recorded.told) == number)
    assert all(each.startswith(b"HTTP/1.1 200 ") for each in recorded.told)


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("head", REFUSED)
async def test_a_head_beyond_its_size_is_refused_however_it_comes(
    monkeypatch: pytest.MonkeyPatch, head: str, piece: int
) -> None:
    monkeypatch.setattr(protocol_of, "DROPPED_SECONDS", 0.05)
    protocol, recorded = connected(Answering(whole()))
    for each in cut(REFUSED[head], piece):
        protocol.data_received(each)
    (answer,) = recorded.told
    start, _, body = answer.partition(b"\r\n\r\n")
    assert start.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"connection: close" in start
    assert json.loads(body)["type"] == "/problems/head-too-large"
    await eventually(lambda: recorded.closed)


async def test_what_comes_after_it_is_neither_kept_nor_read_for_ever() -> None:
    protocol, recorded = connected(Answering(whole()))
    sent = 0
    while not recorded.closed:
        protocol.data_received(ASKED + b"x-long: " + b"y" * LARGEST_HEAD)
        sent += LARGEST_HEAD
        kept = len(protocol.url) + sum(len(name) + len(value) for name, value in protocol.headers)
        assert kept <= 2 * LARGEST_HEAD
        assert sent < DROPPED_BYTES + 10 * LARGEST_HEAD
    assert len(recorded.told) == 1


async def test_nothing_follows_while_an_earlier_request_is_not_answered() -> None:
    answered = asyncio.Event()

    async def late(send: Any) -> None:
        await answered.wait()
        await whole()(send)

    protocol, recorded = connected(Answering(late))
    protocol.data_received(ASKED + b"\r\n" + REFUSED["one header"])
    assert recorded.closed
    answered.set()


CHUNKED = ASKED.replace(b"GET", b"POST") + b"Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n"


@pytest.mark.parametrize(
    "more",
    [b"0\r\nx-long: " + b"y" * 500_000, b"0\r\n" + lines(20_000, 20), b"4;" + b"y" * 500_000],
    ids=["a trailer", "trailers", "an extension"],
)
async def test_what_trails_a_body_or_its_chunks_has_the_size_of_a_head(more: bytes) -> None:
    protocol, recorded = connected(Answering(whole()))
    for each in cut(CHUNKED + more, LARGEST_HEAD):
        protocol.data_received(each)
    assert recorded.closed
    assert b" 431 " in recorded.told[-1]


async def test_a_trailer_is_no_header() -> None:
    protocol, recorded = connected(Answering(whole()))
    protocol.data_received(CHUNKED)
    scope = protocol.scope
    protocol.data_received(b"0\r\nAuthorization: Bearer a.b.c\r\n\r\n")
    await eventually(lambda: len(recorded.told) == 1)
    assert [name for name, _ in scope["headers"]] == [b"host", b"transfer-encoding"]


async def test_a_large_body_is_no_head_and_another_request_may_follow_at_once() -> None:
    said = ASKED.replace(b"GET", b"POST") + b"Content-Length: 3000000\r\n\r\n" + b"\r\n" * 1_500_000
    protocol, recorded = connected(Answering(whole()))
    for each in cut(said + ASKED + b"\r\n", LARGEST_HEAD * 4):
        protocol.data_received(each)
    await eventually(lambda: len(recorded.told) == 2)
    assert all(each.startswith(b"HTTP/1.1 200 ") for each in recorded.told)


async def test_who_still_writes_sees_the_answer() -> None:
    answer = await told(create_app("thing", routers=[]), REFUSED["one header"])
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert answer.endswith(b"}")
