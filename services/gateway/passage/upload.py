"""Owns an upload on its way through: its bytes go on as they come, and no more of them than a service behind takes."""

import asyncio
from collections.abc import Mapping
from typing import Final

from starlette.types import Message, Receive

from services.gateway.passage.hop import Hop
from services.runtime.http.problem import Problem, too_large
from services.runtime.http.wire import Disconnected, closing, let_go_by

LIMIT: Final = 10 * 2**20 + 100_000
"""A file of 10 MB, and the form around it: the service behind says the same of the file alone."""


def is_upload(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a body is a form with a file."""
    return headers.get(b"content-type", b"").startswith(b"multipart/form-data")


class Upload:
    """Reads what the caller sends and writes it on. `receive` is for whoever waits for the caller to go away."""

    def __init__(self, receive: Receive, headers: Mapping[bytes, bytes]) -> None:
        self._caller = receive
        self._declared = headers.get(b"content-length", b"")
        self._ended = asyncio.Event()
        self.refused: Problem | None = None

    async def check(self) -> None:
        """Raises 413 for what says beforehand that it is too much."""
        if self._declared and (len(self._declared) > len(str(LIMIT)) or int(self._declared) > LIMIT):
            await let_go_by(self._caller)
            raise closing(too_large(LIMIT))

    async def receive(self) -> Message:
        """What comes after the body: that the caller went away."""
        await self._ended.wait()
        return await self._caller()

    async def pump(self, hop: Hop) -> None:
        """Write on, piece by piece, while the service behind listens; what is too much breaks it off."""
        passed, more = 0, True
        try:
            while more and not hop.is_closing:
                message = await self._caller()
                if message["type"] != "http.request":
                    hop.abort(Disconnected())
                    return
                piece, more = message.get("body", b""), message.get("more_body", False)
                passed += len(piece)
                if passed > LIMIT:
                    self.refused = closing(too_large(LIMIT))
                    hop.abort(self.refused)
                    return
                if piece:
                    await hop.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            if not hop.is_closing:
                await hop.write(b"0\r\n\r\n")
        finally:
            self._ended.set()
