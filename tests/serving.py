"""Serves several HTTP apps of the house in one thread beside a test."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from starlette.types import ASGIApp

from services.runtime.http.serve import Server, server
from tests.condition import eventually

SECONDS = 30


@contextlib.contextmanager
def served(
    apps: list[tuple[ASGIApp, socket.socket]], run: Callable[[Coroutine[Any, Any, None]], None] = asyncio.run
) -> Iterator[None]:
    """Each app on its listener, until the end of the context; `run` runs the loop of all of them."""
    servers = [(server(app, graceful_seconds=1), listener) for app, listener in apps]
    started = threading.Event()
    thread = threading.Thread(target=lambda: run(_serve(servers, started)), daemon=True)
    thread.start()
    assert started.wait(SECONDS), "the house did not come up"
    try:
        yield
    finally:
        for each, _ in servers:
            each.should_exit = True
        thread.join(SECONDS)
        assert not thread.is_alive()


async def _serve(servers: list[tuple[Server, socket.socket]], started: threading.Event) -> None:
    tasks = [asyncio.create_task(each.serve([listener])) for each, listener in servers]
    await eventually(lambda: all(each.started or task.done() for (each, _), task in zip(servers, tasks, strict=True)))
    started.set()
    await asyncio.gather(*tasks)
