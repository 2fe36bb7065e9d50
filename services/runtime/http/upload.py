"""An upload: one file of a multipart form (RFC 7578), read in pieces as it arrives and never held as a whole."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import Final

from python_multipart import multipart
from python_multipart.exceptions import MultipartParseError
from starlette.types import Receive

from services.runtime.http.problem import FieldError, Problem, malformed, too_large
from services.runtime.http.wire import Disconnected, closing, let_go_by

FIELD_BYTES: Final = 64_000
AROUND: Final = 100_000  # bytes that the form may hold beside its file
SLOWEST_UPLOAD: Final = 60.0  # seconds


def is_form(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a body is declared as a form with a file."""
    return headers.get(b"content-type", b"").partition(b";")[0].strip().lower() == b"multipart/form-data"


class Upload:
    """One file under way. `fields` are the texts that came before it; `name` is what its owner calls it.

    `pieces` gives its bytes once; nothing of the form may follow the file. Raises 413 as soon as there are more than
    `limit` bytes, 422 for a form that is none or ends early.
    """

    def __init__(self, receive: Receive, headers: Mapping[bytes, bytes], limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._taken = 0
        self._more = True
        self._events: deque[tuple[str, bytes]] = deque()
        self._parser = _parser(headers, self._events)
        declared = headers.get(b"content-length", b"0")
        self._declared = int(declared) if declared.isdigit() and len(declared) < len(str(2**63)) else 0
        self.fields: dict[str, str] = {}
        self.name = ""

    async def begin(self) -> None:
        """Read up to where the file begins."""
        if self._declared > self._limit + AROUND:
            await self.let_go()
            raise closing(too_large(self._limit))
        headers: dict[bytes, bytes] = {}
        header, text, field = b"", b"", b""
        async for kind, data in self._read():
            match kind:
                case "part":
                    headers, text = {}, b""
                case "name":
                    header += data
                case "value":
                    headers[header.lower()] = headers.get(header.lower(), b"") + data
                case "header":
                    header = b""
                case "headers":
                    _, options = multipart.parse_options_header(headers.get(b"content-disposition", b""))
                    field = options.get(b"name", b"")
                    if b"filename" in options:
                        self.name = options[b"filename"].decode("utf-8", "replace")
                        if field != b"file":
                            raise _unfit("/file", "missing", "The file is a part named file.")
                        return
                case "data":
                    text += data
                    if len(text) > FIELD_BYTES:
                        raise _unfit("", "too_long", "A field holds too much.")
                case "end":
                    self.fields[_text(field)] = _text(text)
        raise _unfit("/file", "missing", "A form with a file, which comes last.")

    async def pieces(self) -> AsyncIterator[bytes]:
        """The bytes of the file, in order."""
        async for kind, data in self._read():
            if kind == "data":
                self._taken += len(data)
                if self._taken > self._limit:
                    await self.let_go()
                    raise closing(too_large(self._limit))
                yield data
            elif kind == "end":
                break
        else:
            raise _unfit("/file", "incomplete", "The file did not arrive whole.")
        async for kind, _ in self._read():
            if kind == "part":
                raise _unfit("", "unknown_field", "Nothing follows the file.")

    async def let_go(self) -> None:
        """What is still to come goes nowhere; where all has come, nothing is waited for."""
        if self._more:
            await let_go_by(self._receive)

    async def _read(self) -> AsyncIterator[tuple[str, bytes]]:
        while True:
            while self._events:
                yield self._events.popleft()
            if not self._more:
                return
            try:
                async with asyncio.timeout(SLOWEST_UPLOAD):
                    message = await self._receive()
            except TimeoutError:
                raise closing(_unfit("/file", "incomplete", "The file did not arrive in time.")) from None
            if message["type"] != "http.request":
                raise Disconnected
            self._more = message.get("more_body", False)
            try:
                self._parser.write(message.get("body", b""))
            except MultipartParseError:
                raise closing(_unfit("", "form_invalid", "The form cannot be read.")) from None


def _parser(headers: Mapping[bytes, bytes], events: deque[tuple[str, bytes]]) -> multipart.MultipartParser:
    _, options = multipart.parse_options_header(headers.get(b"content-type", b""))
    boundary = options.get(b"boundary", b"")
    if not 0 < len(boundary) <= 70:  # noqa: PLR2004 - RFC 2046 section 5.1.1
        raise _unfit("", "form_invalid", "The form says no boundary.")

    def told(kind: str) -> object:
        return lambda: events.append((kind, b""))

    def given(kind: str) -> object:
        return lambda data, start, end: events.append((kind, data[start:end]))

    return multipart.MultipartParser(
        boundary,
        {
            "on_part_begin": told("part"),
            "on_header_field": given("name"),
            "on_header_value": given("value"),
            "on_header_end": told("header"),
            "on_headers_finished": told("headers"),
            "on_part_data": given("data"),
            "on_part_end": told("end"),
        },  # type: ignore[arg-type]  # the library's own type of callbacks is not exported
    )


def _text(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise _unfit("", "form_invalid", "A field is no text.") from None


def _unfit(pointer: str, code: str, message: str) -> Problem:
    return malformed([FieldError(pointer, code, message)])
