"""Owns the writes of a served connection: what is written in one turn of the event loop goes out in one system call."""

import asyncio
import sys
from typing import Any, cast

from httptools import HttpParserInvalidMethodError
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from services.runtime.http.unread import BEGINNING, answer_unread

MOST_HELD = 65_536  # beyond that the transport has to see it, so that it can hold the writer back


class OneWrite:
    """A transport that gathers writes until the loop's next turn, or until there are many bytes of them.

    uvicorn writes the head of an answer and its body one after the other; uvloop gives each to the kernel at once,
    which costs a tenth of a small request and as much again for who reads it in two parts.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._soon = asyncio.get_running_loop().call_soon
        self._held: list[bytes] = []
        self._size = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._held:
            self._soon(self.flush)
        self._held.append(data)
        self._size += len(data)
        if self._size > MOST_HELD:
            self.flush()

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Write what is held: an answer that is whole can be read while the next one is made."""
        if self._held:
            held, self._held, self._size = b"".join(self._held), [], 0
            if not self._transport.is_closing():
                self._transport.write(held)


class OneWriteProtocol(HttpToolsProtocol):
    """uvicorn's protocol over such a transport; what its parser refuses is answered as a problem."""

    _began = b""

    def data_received(self, data: bytes) -> None:
        self._began = data[:BEGINNING]
        super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        refused = sys.exception()
        answer = answer_unread(self._began, knows_method=not isinstance(refused, HttpParserInvalidMethodError))
        self._writes.write(answer)
        self._writes.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._writes = OneWrite(cast(asyncio.Transport, transport))
        super().connection_made(cast(asyncio.Transport, self._writes))

    def on_response_complete(self) -> None:
        self._writes.flush()
        super().on_response_complete()
