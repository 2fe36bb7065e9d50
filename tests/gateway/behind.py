"""A service behind that keeps to no rule: raw bytes by script over a real socket, and what it heard and saw closed."""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from starlette.types import Message, Receive

from services.gateway.passage.hop import Answer
from services.gateway.passage.upstreams import Patience, Pool
from tests.condition import eventually

OK = b"HTTP/1.1 200 OK\r\n"
FINE = OK + b"content-length: 4\r\n\r\nfine"
GET = b"GET / HTTP/1.1\r\nHost: behind\r\n\r\n"
QUICK = Patience(connect=0.3, answer=10.0, idle=10.0, sweep=0.05)

Act = Callable[["Behind", asyncio.StreamWriter], Awaitable[None]]


def says(*pieces: bytes, every: float = 0.02) -> Act:
    """Answers piece by piece, `every` so many seconds, and stays: slowness is what is tried here."""

    async def act(_: "Behind", writer: asyncio.StreamWriter) -> None:
        for number, piece in enumerate(pieces):
            await asyncio.sleep(every if number else 0)
            writer.write(piece)
            await writer.drain()

    return act


def hangs_up(*pieces: bytes) -> Act:
    """Says something, or nothing, and closes the connection."""

    async def act(behind: "Behind", writer: asyncio.StreamWriter) -> None:
        await says(*pieces)(behind, writer)
        writer.close()

    return act


def breaks(*pieces: bytes) -> Act:
    """Says something and resets a TCP connection, as a machine does that goes down."""

    async def act(behind: "Behind", writer: asyncio.StreamWriter) -> None:
        await says(*pieces)(behind, writer)
        held: socket.socket = writer.get_extra_info("socket")
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    return act


async def stays_silent(_: "Behind", __: asyncio.StreamWriter) -> None:
    """Reads the request and does nothing."""


async def stays() -> Message:
    """A caller that does not go away."""
    return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]


async def ask(pool: Pool, method: str = "GET", receive: Receive = stays) -> tuple[int, dict[bytes, bytes], bytes]:
    """Status, headers and all of the body, as one reads who takes what comes."""
    answer = await pool.ask(method, GET, receive)
    return answer.status, dict(answer.headers), answer.body + b"".join([piece async for piece in pieces(answer)])


async def pieces(answer: Answer) -> AsyncIterator[bytes]:
    while answer.rest is not None and (piece := await answer.rest.piece()):
        yield piece


class Behind:
    """One act for each request; the last is repeated."""

    def __init__(self, *acts: Act) -> None:
        self.acts = list(acts)
        self.heard: list[bytes] = []
        self.connections = self.closed = self.sent = 0
        self.writers: list[asyncio.StreamWriter] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
                self.heard.append(head + await reader.readexactly(length))
                await (self.acts.pop(0) if len(self.acts) > 1 else self.acts[0])(self, writer)
        self.closed += 1
        writer.close()


@contextlib.asynccontextmanager
async def listening(behind: Behind, path: Path | None) -> AsyncIterator[tuple[Path | None, str]]:
    """Where it listens, as the settings would say: a Unix socket, or a port of the loopback address."""
    where: tuple[Path | None, str]
    if path is not None:
        server: asyncio.Server = await asyncio.start_unix_server(behind.serve, path)
        where = (path, "http://127.0.0.1:1")
    else:
        server = await asyncio.start_server(behind.serve, "127.0.0.1", 0)
        where = (None, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield where
    finally:
        server.close()
        for writer in behind.writers:
            writer.transport.abort()
        await server.wait_closed()
        await eventually(lambda: behind.closed == behind.connections)


@contextlib.asynccontextmanager
async def pool_to(behind: Behind, path: Path | None, patience: Patience = QUICK) -> AsyncIterator[Pool]:
    """A pool to it, closed at the end."""
    async with listening(behind, path) as where:
        pool = Pool(*where, patience)
        try:
            yield pool
        finally:
            pool.close()
