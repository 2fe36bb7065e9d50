"""The queue in front of a connection: who is on the way joins the batch, and nobody waits for who is not."""

import asyncio
from collections.abc import Sequence

import pytest

from services.referrals.store.line import Line
from services.referrals.store.pump import TURNS, Limits, Pump
from services.runtime.http.call import in_step


class OpenLine(Line):
    """A connection that is always there, and that nothing is asked over."""

    @property
    def closed(self) -> bool:
        return False

    async def connect(self) -> None:
        return None

    async def drop(self) -> None:
        return None


@pytest.mark.parametrize(
    ("arrivals", "most", "batches"),
    [
        ((0, 0, 0), 64, [[0, 1, 2]]),
        ((0, TURNS - 1), 64, [[0, 1]]),
        ((0, TURNS - 1, 2 * TURNS - 2), 64, [[0, 1, 2]]),  # each joined while the one before was waited for
        ((0, 4 * TURNS), 64, [[0], [1]]),
        ((0, 1, 2, 3), 2, [[0, 1], [2, 3]]),
    ],
)
async def test_who_is_on_the_way_joins_the_batch(
    arrivals: tuple[int, ...], most: int, batches: list[list[int]]
) -> None:
    served: list[list[int]] = []

    async def serve(line: Line, items: Sequence[int]) -> Sequence[int]:
        served.append(list(items))
        return items

    async def arrives(number: int, turns: int, pump: Pump[int, int]) -> int:
        for _ in range(turns):
            await in_step()
        return await pump.ask(number)

    line = OpenLine("postgresql://127.0.0.1/none", "test", [])
    async with Pump[int, int](line, serve, limits=Limits(batch=most)) as pump:
        asked = [arrives(number, turns, pump) for number, turns in enumerate(arrivals)]
        assert await asyncio.gather(*asked) == list(range(len(arrivals)))
    assert served == batches
