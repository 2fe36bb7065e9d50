"""Serving: one uvicorn process on a TCP port and, where named, a Unix socket, until it is told to stop."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from services.runtime.garbage import settle
from services.runtime.http.protocol import Protocol


class Server(uvicorn.Server):
    """Uvicorn that freezes what start-up made: full collections (28-43 ms otherwise) stay small, young ones few."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        settle()


def server(app: ASGIApp, *, graceful_seconds: int = 10) -> Server:
    """A server for `app`; call `serve(app, ...)` unless a test wants to hold it."""
    config = uvicorn.Config(
        app,
        loop="uvloop",
        http=Protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=graceful_seconds,
        backlog=2048,
    )
    return Server(config)


def serve(app: ASGIApp, *, host: str, port: int, unix: Path | None = None) -> None:
    """Serves until SIGTERM or SIGINT. Raises OSError where the port is taken. The Unix socket is ours alone (0600)."""
    with listening(host, port, unix) as sockets, asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(server(app).serve(sockets))


@contextlib.contextmanager
def listening(host: str, port: int, unix: Path | None = None) -> Iterator[list[socket.socket]]:
    """Listening sockets, closed and unlinked at the end. A socket file that a killed process left is replaced."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sockets = [socket.socket(family, socket.SOCK_STREAM)]
    try:
        sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sockets[0].bind((host, port))
        if unix is not None:
            unix.unlink(missing_ok=True)
            sockets.append(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM))
            sockets[1].bind(os.fspath(unix))
            unix.chmod(0o600)
        yield sockets
    finally:
        for each in sockets:
            each.close()
        if unix is not None:
            unix.unlink(missing_ok=True)


def _loop() -> asyncio.AbstractEventLoop:
    import uvloop  # noqa: PLC0415 - not there on Windows, where the default loop serves

    return uvloop.new_event_loop()
