"""A download: an answer that is a file and no JSON, sent in pieces."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from starlette.types import Send

KINDS: Final = ("application/pdf", "image/png", "image/jpeg")


@dataclass(frozen=True, slots=True)
class Download:
    """A file of `length` bytes under the name that its reader sees. A browser saves it and never runs it."""

    media_type: str
    name: str
    length: int
    pieces: AsyncIterator[bytes]

    async def send(self, send: Send, status: int, more: list[tuple[bytes, bytes]]) -> None:
        """The whole answer, as it comes."""
        name = quote(self.name, safe="")
        headers = [
            (b"content-type", self.media_type.encode()),
            (b"content-length", b"%d" % self.length),
            (b"content-disposition", f"attachment; filename*=UTF-8''{name}".encode()),
            (b"content-security-policy", b"sandbox; default-src 'none'"),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": status, "headers": headers + more})
        async for piece in self.pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def described() -> dict[int | str, dict[str, Any]]:
    """How the document tells of it."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in KINDS}
    return {200: {"description": "The file.", "content": content}}
