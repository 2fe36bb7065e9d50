"""Owns the connections to the services behind: one keep-alive pool each, over a Unix socket where there is one."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from starlette.types import Message, Receive

from services.gateway.passage.hop import Answer, Hop, NoAnswer
from services.gateway.passage.upload import Upload

SAFE = frozenset({"GET", "HEAD"})
READY = b"GET /health/ready HTTP/1.1\r\nHost: %b\r\n\r\n"
OK = 200


@dataclass(frozen=True, slots=True)
class Patience:
    """How long things may take, in seconds."""

    connect: float = 2.0
    # Longer than the 30 s that a command may live, so that the service and not the gateway says how it ended.
    answer: float = 35.0
    # As long as a service behind waits for a file that comes slowly, and for its answer.
    upload: float = 95.0
    # Shorter than the 75 s after which a service closes an idle connection, so that we never post into a closing one.
    idle: float = 30.0
    # Shorter than what asks the gateway for its health waits, so that a service that hangs is told of.
    health: float = 1.5
    # One look a second at all connections, instead of a timer for each request.
    sweep: float = 1.0


class Pool:
    """Keep-alive connections to one service: as many as there are requests under way, the last used first."""

    def __init__(self, socket: Path | None, address: str, patience: Patience) -> None:
        """Needs a running event loop. `address` names the service, and leads to it where there is no socket."""
        parts = urlsplit(address)
        self.host = parts.netloc.encode()
        self._socket = socket
        self._where = (parts.hostname or "", parts.port or 80)
        self._patience = patience
        self._loop = asyncio.get_running_loop()
        self._hops: set[Hop] = set()
        self._idle: list[Hop] = []
        self._timer: asyncio.TimerHandle | None = None

    async def ask(self, method: str, wire: bytes, receive: Receive) -> Answer:
        """The answer to a request. Raises OSError (NoAnswer, TimeoutError, what connecting raises), Disconnected.

        A connection that is known to be closed is never written to. When one closes after we wrote and before a byte
        of the answer came, its last state cannot be known: the service may have closed it while idle, or it may have
        read the request, done it and died. So only what changes nothing is asked again (RFC 9110 section 9.2.2), once
        and on a new connection; a POST never, its caller repeats it with the same Idempotency-Key.
        """
        bodiless = method == "HEAD"
        if (hop := self._waiting()) is not None:
            try:
                return await hop.ask(wire, receive, until=self._loop.time() + self._patience.answer, bodiless=bodiless)
            except NoAnswer as error:
                if not error.unheard or method not in SAFE:
                    raise
        hop = await self._connected()
        return await hop.ask(wire, receive, until=self._loop.time() + self._patience.answer, bodiless=bodiless)

    async def upload(self, method: str, head: bytes, upload: Upload) -> Answer:
        """The answer to a request whose body follows as it comes. Raises as `ask`.

        Its connection is used for nothing else: an answer may come before all of the body is out, and what is missing
        of that would be taken for the beginning of the next request.
        """
        await upload.check()
        hop = await self._connected(once=True)
        pumping = self._loop.create_task(upload.pump(hop))
        try:
            until = self._loop.time() + self._patience.upload
            answer = await hop.ask(head, upload.receive, until=until, bodiless=method == "HEAD")
        finally:
            pumping.cancel()
        return answer

    async def is_ready(self) -> bool:
        """Whether the service answers, and says that it has what it needs."""
        try:
            async with asyncio.timeout(self._patience.health):
                answer = await self.ask("GET", READY % self.host, _stays)
        except OSError:
            return False
        if answer.rest is not None:
            answer.rest.abort()
        return answer.status == OK

    def close(self) -> None:
        """Ends every connection; what is under way is not answered."""
        if self._timer is not None:
            self._timer.cancel()
        for hop in self._hops:
            hop.abort()
        self._hops.clear()
        self._idle.clear()

    def _waiting(self) -> Hop | None:
        while self._idle:
            hop = self._idle.pop()
            if not hop.is_closing:
                return hop
        return None

    async def _connected(self, *, once: bool = False) -> Hop:
        made = self._hop_for_once if once else self._hop
        async with asyncio.timeout(self._patience.connect):
            if self._socket is not None:
                _, hop = await self._loop.create_unix_connection(made, str(self._socket))
            else:
                _, hop = await self._loop.create_connection(made, *self._where)
        self._hops.add(hop)
        if self._timer is None:
            self._timer = self._loop.call_later(self._patience.sweep, self._sweep)
        return hop

    def _hop(self) -> Hop:
        return Hop(self._take_back)

    def _hop_for_once(self) -> Hop:
        return Hop(Hop.abort)

    def _take_back(self, hop: Hop) -> None:
        hop.until = self._loop.time() + self._patience.idle
        self._idle.append(hop)

    def _sweep(self) -> None:
        now = self._loop.time()
        for hop in self._hops:
            hop.swept(now)
        self._hops = {hop for hop in self._hops if not hop.is_closing}
        self._idle = [hop for hop in self._idle if not hop.is_closing]
        self._timer = self._loop.call_later(self._patience.sweep, self._sweep) if self._hops else None


async def _stays() -> Message:
    """A caller that does not go away."""
    gone: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
    return await gone


class Upstreams:
    """A pool for each service by name. Opened when the gateway starts, closed when it stops."""

    def __init__(self, addresses: Mapping[str, tuple[Path | None, str]], patience: Patience | None = None) -> None:
        self._addresses = addresses
        self._patience = patience or Patience()
        self._pools: dict[str, Pool] = {}

    def open(self) -> None:
        """Needs a running event loop."""
        self._pools = {name: Pool(*where, self._patience) for name, where in self._addresses.items()}

    def of(self, service: str) -> Pool:
        return self._pools[service]

    async def ready(self) -> dict[str, bool]:
        """Whether each service is ready, all asked at once."""
        found = await asyncio.gather(*(pool.is_ready() for pool in self._pools.values()))
        return dict(zip(self._pools, found, strict=True))

    def close(self) -> None:
        for pool in self._pools.values():
            pool.close()
        self._pools.clear()
