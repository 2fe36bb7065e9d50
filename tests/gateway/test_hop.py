"""The hop to a service behind that answers as HTTP allows: whole, in chunks, until it closes, without a body."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from starlette.types import Message

from services.gateway.passage.upload import Upload
from tests.condition import steady
from tests.gateway.behind import FINE, GET, OK, Behind, ask, hangs_up, pieces, pool_to, says, stays


async def test_one_connection_serves_one_request_after_the_other(path: Path | None) -> None:
    behind = Behind(says(FINE))
    async with pool_to(behind, path) as pool:
        for _ in range(5):
            assert await ask(pool) == (200, {b"content-length": b"4"}, b"fine")
        assert (behind.connections, behind.heard) == (1, [GET] * 5)


async def test_requests_at_once_have_a_connection_each(path: Path | None) -> None:
    behind = Behind(says(b"", FINE, every=0.1))
    async with pool_to(behind, path) as pool:
        assert {body for _, _, body in await asyncio.gather(*(ask(pool) for _ in range(20)))} == {b"fine"}
        assert behind.connections == 20
        await ask(pool)
        assert behind.connections == 20


async def test_an_answer_before_the_end_of_an_upload_leaves_nothing_for_the_next_request(path: Path | None) -> None:
    behind, answered = Behind(says(FINE)), asyncio.Event()

    async def caller() -> Message:
        await answered.wait()
        return {"type": "http.request", "body": b"the rest", "more_body": True}

    async with pool_to(behind, path) as pool:
        head = b"POST /v1/notes HTTP/1.1\r\nHost: behind\r\ntransfer-encoding: chunked\r\n\r\n"
        assert (await pool.upload("POST", head, Upload(caller, {}))).body == b"fine"
        answered.set()
        assert (await ask(pool))[2] == b"fine"
        assert (behind.heard, behind.connections) == ([head, GET], 2)


@pytest.mark.parametrize(
    ("answer", "headers", "body"),
    [
        (OK + b"transfer-encoding: chunked\r\n\r\n2\r\nfi\r\n2;x=y\r\nne\r\n0\r\nx-late: 1\r\n\r\n", {}, b"fine"),
        (b"HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n" + FINE, {b"content-length": b"4"}, b"fine"),
        (b"HTTP/1.1 204 No Content\r\netag: a\r\n\r\n", {b"etag": b"a"}, b""),
        (b"HTTP/1.1 304 Not Modified\r\netag: a\r\ncontent-length: 99\r\n\r\n", {b"etag": b"a"}, b""),
        (OK + b"Content-Length: 0\r\nSet-Cookie: a=b\r\nServer: x\r\n\r\n", {b"content-length": b"0"}, b""),
    ],
    ids=["chunked", "after an interim answer", "no content", "not modified", "empty"],
)  # fmt: skip
@pytest.mark.parametrize("cut", ["at once", "by the byte"])
async def test_an_answer_is_whole_and_its_connection_serves_again(
    path: Path | None, answer: bytes, headers: dict[bytes, bytes], body: bytes, cut: str
) -> None:
    cuts = [answer] if cut == "at once" else [answer[at : at + 1] for at in range(len(answer))]
    behind = Behind(says(*cuts, every=0.001), says(FINE))
    async with pool_to(behind, path) as pool:
        _, found, came = await ask(pool)
        assert (found, came) == (headers, body)
        assert (await ask(pool))[2] == b"fine"
        assert behind.connections == 1


@pytest.mark.parametrize(
    "act",
    [
        hangs_up(OK + b"\r\nfi", b"ne"),
        says(OK + b"connection: close\r\ncontent-length: 4\r\n\r\nfine"),
        says(b"HTTP/1.0 200 OK\r\ncontent-length: 4\r\n\r\nfine"),
        hangs_up(OK + b"connection: close\r\ntransfer-encoding: chunked\r\n\r\n", b"4\r\nfine\r\n0\r\n\r\n"),
    ],
    ids=["until it closes", "closing", "of the old kind", "closing in chunks"],
)
async def test_an_answer_that_ends_its_connection_is_whole(path: Path | None, act: Any) -> None:
    behind = Behind(act, says(FINE))
    async with pool_to(behind, path) as pool:
        assert (await ask(pool))[2] == b"fine"
        assert (await ask(pool))[2] == b"fine"
        assert behind.connections == 2


async def test_head_has_no_body_whatever_it_declares(path: Path | None) -> None:
    behind = Behind(says(OK + b"content-length: 99\r\n\r\n"), says(FINE))
    async with pool_to(behind, path) as pool:
        assert await ask(pool, "HEAD") == (200, {b"content-length": b"99"}, b"")
        assert (await ask(pool))[2] == b"fine"


@pytest.mark.parametrize("size", [262_144, 262_145, 5_000_000])
async def test_a_large_answer_comes_whole(path: Path | None, size: int) -> None:
    body = bytes(range(251)) * (size // 251 + 1)
    behind = Behind(says(OK + b"content-length: %d\r\n\r\n" % size + body[:size]))
    async with pool_to(behind, path) as pool:
        answer = await pool.ask("GET", GET, stays)
        assert (answer.rest is None) == (size == 262_144)
        assert answer.body + b"".join([piece async for piece in pieces(answer)]) == body[:size]
        await ask(pool)
        assert behind.connections == 1


async def test_a_slow_reader_holds_the_service_behind_back(path: Path | None) -> None:
    async def pours(behind: Behind, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"content-length: 33554432\r\n\r\n")
        for _ in range(512):
            writer.write(b"x" * 65_536)
            await writer.drain()
            behind.sent += 65_536

    behind = Behind(pours)
    async with pool_to(behind, path) as pool:
        answer = await pool.ask("GET", GET, stays)
        assert await steady(lambda: behind.sent) < 8_000_000, "what nobody reads piled up here"
        assert sum([len(piece) async for piece in pieces(answer)]) == 33_554_432
        assert behind.sent == 33_554_432


async def test_a_large_request_goes_out_whole(path: Path | None) -> None:
    body = b"x" * 1_000_000
    wire = b"POST / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n" + body
    behind = Behind(says(FINE))
    async with pool_to(behind, path) as pool:
        assert (await pool.ask("POST", wire, stays)).body == b"fine"
        assert behind.heard == [wire]
