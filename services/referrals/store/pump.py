"""Owns the queue in front of one connection: callers wait, one task serves whoever waits together, without a timer."""

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Generic, Protocol, Self, TypeVar

from services.referrals.domain.frozen import frozen
from services.referrals.store.line import Line
from services.runtime.postgres import Overloaded, Unavailable, is_busy, is_outage

T = TypeVar("T")
R = TypeVar("R")

Serve = Callable[[Line, Sequence[T]], Awaitable[Sequence[R]]]
Touches = Callable[[T], frozenset[object]]

NOTHING: Final[frozenset[object]] = frozenset()
TURNS: Final = 12
"""Turns of the event loop from a request's arrival until it asks: it is read, parsed, begun, decided, one at a time."""


class Served(Protocol):
    """Told of every batch: how many were served together, how long it took (seconds), how many wait."""

    def __call__(self, size: int, seconds: float, waiting: int) -> None: ...


@frozen
class Limits:
    """`batch`: most that are served together. `queue`: most that wait. `seconds`: longest that one waits to be served.

    `waves`: 1 where callers come over a network, whose other work goes on meanwhile; 2 where they do nothing else, so
    that one half is decided while the other is on its way. `outage`: how long (seconds) callers wait for a server that
    is away before they are told so. `closing`: how long a pump that is closed may take to serve who still waits.
    """

    batch: int = 64
    waves: int = 1
    queue: int = 1024
    seconds: float = 20.0
    outage: float = 2.0
    closing: float = 10.0


@dataclass(slots=True, eq=False)
class _Request(Generic[T, R]):
    item: T
    answer: asyncio.Future[R]
    expires: float

    def fail(self, error: Exception) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class Pump(Generic[T, R]):
    """Asks `serve` for many items at once; items that touch the same thing are never in one batch, and keep order.

    When the server goes away in the middle, the batch is asked again on the next connection: `serve` has to bear that.
    A batch that raises anything else is asked again one by one, so that one item's mistake is its own.
    """

    def __init__(
        self,
        line: Line,
        serve: Serve[T, R],
        *,
        limits: Limits,
        touches: Touches[T] | None = None,
        served: Served | None = None,
    ) -> None:
        self._line = line
        self._serve = serve
        self._limits = limits
        self._touches = touches
        self._served = served
        self._queue: deque[_Request[T, R]] = deque()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._away_since: float | None = None
        self._closing = False
        self._served_last = 0
        self._quiet_since = -math.inf

    async def ask(self, item: T) -> R:
        """The answer to one item.

        Raises `Overloaded` when too many wait or it waited too long, `Unavailable` when the server is away.
        """
        loop = asyncio.get_running_loop()
        if len(self._queue) >= self._limits.queue:
            raise Overloaded
        now = loop.time()
        if self._given_up(now) or self._closing or self._task is None or self._task.done():
            raise Unavailable
        request: _Request[T, R] = _Request(item, loop.create_future(), now + self._limits.seconds)
        self._queue.append(request)
        self._wake.set()
        return await request.answer

    @property
    def quiet_seconds(self) -> float:
        """How long nobody asked; 0 while anybody waits or is being served."""
        return 0.0 if self._queue or self._served_last else asyncio.get_running_loop().time() - self._quiet_since

    @property
    def waiting(self) -> int:
        """How many wait and are not being served yet."""
        return len(self._queue)

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._run())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait({self._task}, timeout=self._limits.closing)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        batch: list[_Request[T, R]] = []
        try:
            while not self._closing:
                self._served_last, self._quiet_since = 0, asyncio.get_running_loop().time()
                await self._wake.wait()
                self._wake.clear()
                while self._queue:
                    await self._gather()
                    await self._connect()
                    if batch := self._take():
                        self._served_last = len(batch)
                        await self._answer(batch)
        finally:
            self._queue.extendleft(batch)
            self._fail_all(Unavailable())
            await self._line.drop()

    async def _gather(self) -> None:
        """Whoever is on the way joins the batch that is taken next; with nobody there it takes no time."""
        seen = 0
        while seen < len(self._queue) < self._limits.batch:
            seen = len(self._queue)
            for _ in range(TURNS):
                await asyncio.sleep(0)

    async def _connect(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                await self._line.connect()
            except Unavailable as error:
                self._away_since = self._away_since or loop.time()
                if self._given_up(loop.time()):
                    self._fail_all(error)
                await self._line.rest()
            else:
                self._away_since = None
                return

    def _given_up(self, now: float) -> bool:
        return self._away_since is not None and now - self._away_since >= self._limits.outage

    def _take(self) -> list[_Request[T, R]]:
        now = asyncio.get_running_loop().time()
        batch: list[_Request[T, R]] = []
        later: list[_Request[T, R]] = []
        taken: set[object] = set()
        about = len(self._queue) + self._served_last  # who was just answered will be back
        most = min(self._limits.batch, -(-about // self._limits.waves))
        while self._queue and len(batch) < most:
            request = self._queue.popleft()
            if request.answer.done():
                continue
            if now > request.expires:
                request.fail(Overloaded())
                continue
            touches = self._touches(request.item) if self._touches else NOTHING
            (batch if taken.isdisjoint(touches) else later).append(request)
            taken |= touches
        self._queue.extendleft(reversed(later))
        return batch

    async def _answer(self, batch: list[_Request[T, R]]) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            answers = await self._serve(self._line, [request.item for request in batch])
        except Exception as error:
            await self._failed(batch, error)
            return
        for request, answer in zip(batch, answers, strict=True):
            if not request.answer.done():
                request.answer.set_result(answer)
        if self._served is not None:
            self._served(len(batch), loop.time() - began, len(self._queue))

    async def _failed(self, batch: list[_Request[T, R]], error: Exception) -> None:
        if is_outage(error) or self._line.closed:
            self._queue.extendleft(reversed(batch))
            await self._line.drop()
        elif is_busy(error):
            self._queue.extendleft(reversed(batch))
            await self._line.rest()
        elif len(batch) == 1:
            batch[0].fail(error)
        else:
            for number, each in enumerate(batch):
                await self._answer([each])
                if self._line.closed:
                    self._queue.extend(batch[number + 1 :])
                    break

    def _fail_all(self, error: Exception) -> None:
        while self._queue:
            self._queue.popleft().fail(error)
