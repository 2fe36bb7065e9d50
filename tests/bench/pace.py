"""Owns how a bench keeps writers busy for a time: on one event loop or a thread each, every latency noted."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import uvloop

from services.runtime.garbage import settle

Once = Callable[[], Coroutine[Any, Any, object]]


@dataclass
class Round:
    """What one shape did in one round: commands a second, and how long each took (seconds)."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)


async def measured(once: Once, writers: int, seconds: float, into: Round) -> None:
    """`writers` that each do the next command when the last is durable, for a time."""
    latencies: list[float] = []
    until = time.perf_counter() + seconds

    async def work() -> None:
        while (began := time.perf_counter()) < until:
            await once()
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(writers)))
    into.rates.append(len(latencies) / (time.perf_counter() - began))
    into.latencies += latencies


def in_threads(once: Callable[[], Once], writers: int, seconds: float, into: Round) -> None:
    """The same, each writer in a thread with a loop of its own: for shapes that block."""
    parts = [Round() for _ in range(writers)]
    threads = [
        threading.Thread(target=lambda part=part: asyncio.run(measured(once(), 1, seconds, part))) for part in parts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    into.rates.append(sum(part.rates[0] for part in parts))
    for part in parts:
        into.latencies += part.latencies


def looped(work: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop, with the collector settled, as a service has it."""
    settle()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work)
