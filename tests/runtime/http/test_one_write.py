"""What is written in one turn of the loop goes out at once: in order, all of it, and never after the end."""

import asyncio
import socket
from typing import Any, cast

import pytest

from services.runtime.http.one_write import MOST_HELD, OneWrite
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
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        serving = server(app, graceful_seconds=1)
        task = asyncio.ensure_future(serving.serve([listener]))
        await eventually(lambda: serving.started)
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await steady(lambda: poured)  # a slow reader: it begins when the other side can write no more
        answer = await asyncio.wait_for(reader.read(), 10)
        writer.close()
        serving.should_exit = True
        await task
    assert answer.partition(b"\r\n\r\n")[2] == b"".join(body)
