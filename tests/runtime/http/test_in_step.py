"""What comes together takes each step together, where it says so."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from services.runtime.http.call import in_step

Taken = list[tuple[str, str]]


async def test_a_step_is_taken_by_all_before_any_goes_on() -> None:
    async def command(name: str, taken: Taken) -> None:
        for step in ("read", "decide", "write"):
            taken.append((step, name))
            await in_step()

    assert await _together(command) == [(step, name) for step in ("read", "decide", "write") for name in "abc"]


async def test_without_it_each_runs_to_its_end() -> None:
    async def command(name: str, taken: Taken) -> None:
        for step in ("read", "decide", "write"):
            taken.append((step, name))

    assert await _together(command) == [(step, name) for name in "abc" for step in ("read", "decide", "write")]


async def _together(command: Callable[[str, Taken], Coroutine[Any, Any, None]]) -> Taken:
    taken: Taken = []
    await asyncio.gather(*(command(name, taken) for name in "abc"))
    return taken
