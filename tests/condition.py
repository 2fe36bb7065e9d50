"""Owns waiting for something to become true, instead of sleeping."""

import asyncio
import contextlib
import inspect
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


def until(true: Callable[[], T], seconds: float = 20.0, every: float = 0.02) -> T:
    """Return what `true` gives as soon as it counts as true; AssertionError when it does not in time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := true()):
        assert time.monotonic() < deadline, f"it did not become true within {seconds:.0f} s"
        pause.wait(every)
    return found


async def eventually(
    true: Callable[[], object] | Callable[[], Awaitable[object]], seconds: float = 30.0, every: float = 0.01
) -> None:
    """The same on an event loop; `true` may be a coroutine function."""
    deadline = time.monotonic() + seconds
    while not (await found if inspect.isawaitable(found := true()) else found):
        assert time.monotonic() < deadline, f"it did not become true within {seconds:.0f} s"
        await _look_again(every)


async def steady(value: Callable[[], T], looks: int = 20, every: float = 0.01) -> T:
    """What `value` gives once it was the same at so many looks in a row: whatever moved it has stopped."""
    seen, same = value(), 0
    while same < looks:
        await _look_again(every)
        before, seen = seen, value()
        same = same + 1 if seen == before else 0
    return seen


async def _look_again(every: float) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(every):
            await asyncio.get_running_loop().create_future()
