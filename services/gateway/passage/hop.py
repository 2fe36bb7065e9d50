"""Owns one connection to a service behind: a request goes out in one write, its answer comes in whole or in pieces."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import httptools
from starlette.types import Receive

from services.runtime.http.wire import Disconnected

Headers = list[tuple[bytes, bytes]]

WHOLE = 262_144  # an answer of a declared length up to so many bytes is handed on in one piece
MOST_WAITING = 65_536  # bytes that a slow reader may leave here before the service behind has to wait
INTERIM, WITHOUT_BODY = range(100, 200), frozenset({204, 304})
# Nothing hop-by-hop comes back (RFC 9110 section 7.6.1), nor what a service says of itself.
KEPT_BACK = frozenset(
    {
        b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"te", b"trailer",
        b"transfer-encoding", b"upgrade", b"server", b"date", b"set-cookie",
    }
)  # fmt: skip


class NoAnswer(ConnectionError):
    """A service behind did not answer to the end. `unheard`: it closed the connection before a byte of an answer."""

    def __init__(self, why: str, *, unheard: bool = False) -> None:
        super().__init__(why)
        self.unheard = unheard


@dataclass(slots=True)
class Answer:
    """An answer as it may go on. `rest` is where the pieces of its body come from; None: `body` is all of it."""

    status: int
    headers: Headers
    body: bytes = b""
    rest: "Hop | None" = None


class Hop(asyncio.Protocol):
    """One keep-alive connection, which answers one request at a time and gives itself back when it has.

    An answer with a length above `WHOLE`, in chunks or until the connection closes is streamed, unless all of it came
    at once. `until` is when `swept` may end it: an idle one because it is idle, a busy one because it is late.
    """

    def __init__(self, free: Callable[["Hop"], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._free = free
        self._parser = httptools.HttpResponseParser(self)
        self._asked: asyncio.Future[Answer] | None = None
        self._watch: asyncio.Task[None] | None = None
        self.until = 0.0
        self._room = asyncio.Event()
        self._room.set()

    @property
    def is_closing(self) -> bool:
        return self._transport.is_closing()

    async def ask(self, wire: bytes, receive: Receive, *, until: float, bodiless: bool = False) -> Answer:
        """The answer to a request's bytes; `bodiless` for HEAD. `receive` tells when the caller goes away.

        Raises NoAnswer, TimeoutError, Disconnected, and then the connection is closed.
        """
        if self.is_closing:
            raise NoAnswer("the connection was closed before anything was written", unheard=True)
        self.until, self._receive, self._bodiless = until, receive, bodiless
        self._pieces: list[bytes] = []
        self._waiting = 0
        self._length: int | None = None
        self._heard = self._headed = self._chunked = self._complete = self._late = self._paused = False
        self._failed: Exception | None = None
        self._more: asyncio.Future[None] | None = None
        asked: asyncio.Future[Answer] = self._loop.create_future()
        self._asked = asked
        self._transport.write(wire)
        try:
            return await asked
        except BaseException:
            # Cancelled just after the answer came: the connection may be somebody else's by now.
            if self._asked is asked:
                self.abort()
            raise

    async def piece(self) -> bytes:
        """The next piece of a streamed answer, empty at its end. Raises as `ask`."""
        if not self._pieces and not self._complete and self._failed is None:
            self._more = self._loop.create_future()
            await self._more
        if self._failed is not None:
            raise self._failed
        body = b"".join(self._pieces)
        self._pieces.clear()
        self._waiting = 0
        if not body:
            self._give_back()
        elif self._paused and not self.is_closing:
            self._paused = False
            self._transport.resume_reading()
        return body

    async def write(self, data: bytes) -> None:
        """More of the request, once the service behind has room for it."""
        await self._room.wait()
        if not self.is_closing:
            self._transport.write(data)

    def abort(self, error: Exception | None = None) -> None:
        """Closes at once; what was asked is not answered, or by this error alone."""
        self._fail(error or NoAnswer("the connection was given up"))

    def swept(self, now: float) -> None:
        """Called now and then: ends what is over, and watches the callers of slow requests, so that no other pays."""
        if now >= self.until:
            self._fail(TimeoutError("the service behind did not answer in time"))
        elif self._asked is not None and self._late and self._watch is None:
            self._watch = self._loop.create_task(self._until_gone(self._receive))
        elif self._asked is not None:
            self._late = True

    async def _until_gone(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._fail(Disconnected())

    def _fail(self, error: Exception) -> None:
        self._transport.abort()
        if self._asked is None:
            return
        self._failed = error
        for waiting in (self._asked, self._more):
            if waiting is not None and not waiting.done():
                waiting.set_exception(error)
        self._unwatch()

    def _unwatch(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
            self._watch = None

    def _give_back(self) -> None:
        """To the pool, where nothing of this exchange can reach the next one."""
        self._asked = None
        self._unwatch()
        if self._keep and not self.is_closing and not self._transport.get_write_buffer_size():
            self._free(self)
        else:
            self._transport.abort()

    # What the transport calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is no subclass

    def pause_writing(self) -> None:
        self._room.clear()

    def resume_writing(self) -> None:
        self._room.set()

    def data_received(self, data: bytes) -> None:
        if self._asked is None or self._complete:
            self._keep = False
            self._transport.abort()  # nobody asked for that
            return
        self._heard = True
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._keep = False
            if not self._complete:
                self._fail(NoAnswer("the service behind does not speak HTTP"))
                return
        self._tell()

    def connection_lost(self, exc: Exception | None) -> None:
        self._room.set()
        if self._asked is None or self._complete or self._failed is not None:
            return
        if exc is None and self._headed and self._length is None and not self._chunked:
            self._complete = True  # such an answer ends where the connection does
            self._tell()
        else:
            self._fail(NoAnswer("the service behind closed the connection", unheard=not self._heard))

    def _tell(self) -> None:
        """Hands on what has come, once it is the whole answer or the beginning of one that is streamed."""
        asked = self._asked
        if asked is None or not self._headed:
            return
        if not asked.done():
            if self._complete:
                asked.set_result(Answer(self._status, self._headers, b"".join(self._pieces)))
                self._give_back()
                return
            if self._length is not None and self._length <= WHOLE:
                return
            asked.set_result(Answer(self._status, self._headers, rest=self))
        if self._more is not None and not self._more.done() and (self._pieces or self._complete):
            self._more.set_result(None)
        if self._waiting > MOST_WAITING and not self._paused and not self.is_closing:
            self._paused = True
            self._transport.pause_reading()

    # What the parser calls. An error raised here is a HttpParserError of `feed_data`.

    def on_message_begin(self) -> None:
        if self._complete:
            raise ValueError("more than one answer to one request")
        self._headers: Headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._headed:
            return  # a trailer says nothing that may be taken for a header
        name = name.lower()
        if name in KEPT_BACK:
            if name == b"transfer-encoding":
                if value.lower() != b"chunked":
                    raise ValueError("a transfer coding that nobody asked for")
                self._chunked = True
            return
        if name == b"content-length":
            self._length = int(value)
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        status = self._status = self._parser.get_status_code()
        if status in INTERIM:  # one that switches protocols makes the parser stop
            self._length, self._chunked = None, False
            return
        self._headed = True
        self._keep = self._parser.should_keep_alive()
        if status in WITHOUT_BODY:
            self._headers = [each for each in self._headers if each[0] != b"content-length"]
        if self._bodiless:
            self._complete, self._keep = True, False  # the parser waits for the body that the headers speak of

    def on_body(self, body: bytes) -> None:
        if not self._complete:
            self._pieces.append(body)
            self._waiting += len(body)

    def on_message_complete(self) -> None:
        self._complete = self._headed  # not so for an interim answer
