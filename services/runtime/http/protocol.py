"""Owns a served connection: uvicorn's, but an answer that is whole is checked once and goes out in one system call."""

import asyncio
import sys
import urllib.parse
from functools import lru_cache
from typing import Final, cast

from httptools import HttpParserInvalidMethodError, parse_url
from uvicorn._types import ASGISendEvent, HTTPResponseStartEvent
from uvicorn.protocols.http.httptools_impl import HEADER_RE, STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from services.runtime.http.problem import head_too_large
from services.runtime.http.unread import BEGINNING, answer_unread, last_answer
from services.runtime.http.wire import DROPPED_BYTES, DROPPED_SECONDS

_CONTROLS: Final = bytes([*range(0x09), *range(0x0A, 0x20), 0x7F])
_CONNECTION: Final = b"connection"
_LENGTH: Final = b"content-length"

SLOWEST_HEAD = 15.0  # seconds for a request's first line and headers
LARGEST_HEAD: Final = 65_536  # bytes of its address, and of its headers with four for each
MOST_HEADERS: Final = 200


class HeadTooLarge(Exception):
    """Raised into the parser: it reads no further."""


class Cycle(RequestResponseCycle):
    """One request and its answer. What is no plain answer in one piece is uvicorn's, step by step.

    The head is held until what follows says whether it is one: uvicorn would look at each name and value with a pattern
    of its own and write head and body one after the other, which costs a tenth of a small request, and as much again
    for who reads it in two parts.
    """

    _held: HTTPResponseStartEvent | None = None

    async def send(self, message: ASGISendEvent) -> None:
        if message["type"] == "http.response.start" and not self.response_started:
            self._held, self.response_started = message, True
            return
        held, self._held = self._held, None
        if held is None:
            await super().send(message)
        elif (answer := self._whole(held, message)) is not None:
            self.transport.write(answer)
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                self.transport.close()
            self.on_response()
        else:
            self.response_started = False
            await super().send(held)
            await super().send(message)

    def _whole(self, start: HTTPResponseStartEvent, message: ASGISendEvent) -> bytes | None:
        """The answer in one piece; None where uvicorn has to see to it, or to refuse it."""
        if message["type"] != "http.response.body" or message.get("more_body", False):
            return None
        if self.disconnected or self.flow.write_paused or self.scope["method"] == "HEAD":
            return None
        body, length, ends = message.get("body", b""), None, not self.keep_alive
        lines = [STATUS_LINE[start["status"]]]
        for name, value in start.get("headers", ()):
            if (label := _label(name)) is None:
                return None
            if name == _CONNECTION:
                if value != b"close":
                    return None
                ends = True
                continue
            if name == _LENGTH:
                length = value
            lines.append(label + value + b"\r\n")
        if ends:
            lines.append(b"connection: close\r\n")
        lines.append(b"\r\n")
        head = b"".join(lines)
        # No line holds more than its own end: none of what was given is two, and no character is for control.
        if length != b"%d" % len(body) or len(head) - len(head.translate(None, _CONTROLS)) != 2 * len(lines):
            return None
        self.keep_alive = not ends
        return head + body


@lru_cache(maxsize=256)
def _label(name: bytes) -> bytes | None:
    """How a line with this header begins; None for one that is no name, or not as names are written here."""
    known = name and name.islower() and not HEADER_RE.search(name) and name != b"transfer-encoding"
    return name + b": " if known else None


class Protocol(HttpToolsProtocol):
    """uvicorn's protocol with such answers; what its parser refuses is answered as a problem.

    A connection that brings no whole head in time is closed, whether nothing came or a piece now and then. The parser
    keeps what it has of a head, so it is fed in pieces of the largest one: it never holds more than two.
    """

    _began = b""
    _heading = False
    _moved = False
    """Whether a head began or ended, or a body came, with the latest piece."""
    _held = 0
    """Bytes that came since: more of one head, of what trails a body, or of what is said of its chunks."""
    _dropped: int | None = None
    _late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._late = self.loop.call_later(SLOWEST_HEAD, transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        for start in range(0, len(data), LARGEST_HEAD):
            if self.transport.is_closing():
                return
            if self._dropped is None:
                self._read(data[start : start + LARGEST_HEAD])
            else:
                self._drop(data[start : start + LARGEST_HEAD])

    def _read(self, piece: bytes) -> None:
        self._began, self._moved = piece[:BEGINNING], False
        super().data_received(piece)
        self._held = 0 if self._moved else self._held + len(piece)
        if self._dropped is None and self._held > LARGEST_HEAD:
            self._refuse_head()
        if self._heading and self._late is None:
            self._late = self.loop.call_later(SLOWEST_HEAD, self.transport.close)

    def _refuse_head(self) -> None:
        """Answer, then drop what comes, within bounds: who still writes when we close would not see the answer."""
        self._in_time()
        self._dropped = 0
        self.transport.write(last_answer(head_too_large(LARGEST_HEAD, MOST_HEADERS)))
        before = cast("RequestResponseCycle | None", self.cycle)  # as below
        if before is not None and not before.response_complete:
            self.transport.close()  # an earlier request is not answered: nothing may follow this
        else:
            self._late = self.loop.call_later(DROPPED_SECONDS, self.transport.close)

    def _drop(self, piece: bytes) -> None:
        self._dropped = (self._dropped or 0) + len(piece)
        if self._dropped > DROPPED_BYTES:
            self.transport.close()

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._heading = self._moved = True

    def on_body(self, body: bytes) -> None:
        self._moved = True
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        refused = sys.exception()
        if refused is not None and isinstance(refused.__context__, HeadTooLarge):
            self._refuse_head()
            return
        answer = answer_unread(self._began, knows_method=not isinstance(refused, HttpParserInvalidMethodError))
        self.transport.write(answer)
        self.transport.close()

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) + 4 for name, value in self.headers)
        if size > LARGEST_HEAD or len(self.headers) > MOST_HEADERS:
            raise HeadTooLarge
        self._heading, self._moved = False, True
        self._in_time()
        self.headers = []  # what trails the body is no header of the request (RFC 9110 section 6.5.1)
        parser, scope, url = self.parser, self.scope, parse_url(self.url)
        version, path = parser.get_http_version(), url.path.decode("ascii")
        scope["method"] = parser.get_method().decode("ascii")
        scope["http_version"] = version
        scope["path"] = urllib.parse.unquote(path) if "%" in path else path
        scope["raw_path"], scope["query_string"] = url.path, url.query or b""
        before = cast("RequestResponseCycle | None", self.cycle)  # uvicorn's own annotation forgets the first request
        self.cycle = Cycle(
            scope=scope,
            transport=self.transport,
            flow=self.flow,
            logger=self.logger,
            access_logger=self.access_logger,
            access_log=False,
            default_headers=[],
            message_event=asyncio.Event(),
            expect_100_continue=self.expect_100_continue,
            keep_alive=version != "1.0" and parser.should_keep_alive(),
            on_response=self.on_response_complete,
        )
        if before is None or before.response_complete:
            self._start_asgi_task(self.cycle, self.app)
        else:
            self.flow.pause_reading()
            self.pipeline.appendleft((self.cycle, self.app))
