"""The wire: reading one bounded request body and writing one whole answer over plain ASGI."""

import asyncio
import contextlib
from collections.abc import Iterable, Mapping

from starlette.types import Message, Receive, Send

from services.runtime.http.problem import (
    MEDIA_TYPE,
    FieldError,
    Problem,
    instance_of,
    malformed,
    too_large,
    unsupported_media_type,
)

BODY_LIMIT = 1_000_000
DROPPED_BYTES, DROPPED_SECONDS = 16 * 2**20, 2.0
SLOWEST_BODY = 15.0  # seconds for a body that comes in pieces

_JSON = (b"content-type", b"application/json")
_PROBLEM = (b"content-type", MEDIA_TYPE.encode())
_NO_STORE = (b"cache-control", b"no-store")


class Disconnected(Exception):
    """The caller went away before the request was complete; nobody is there to answer."""


def check_json(headers: Mapping[bytes, bytes]) -> None:
    """Raises 415 unless the body is declared as JSON."""
    stated = headers.get(b"content-type", b"")
    if stated == _JSON[1]:
        return
    media_type = stated.partition(b";")[0].strip().lower()
    if media_type != b"application/json" and not (
        media_type.startswith(b"application/") and media_type.endswith(b"+json")
    ):
        raise unsupported_media_type()


async def read_body(receive: Receive, headers: Mapping[bytes, bytes], limit: int = BODY_LIMIT) -> bytes:
    """The whole body. Raises 413 beyond `limit` bytes (before reading them where the length is declared)."""
    declared = headers.get(b"content-length", b"0")
    if len(declared) > len(str(limit)) or int(declared) > limit:
        await let_go_by(receive)
        raise closing(too_large(limit))
    message = await receive()
    if message["type"] != "http.request":
        raise Disconnected
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body
    try:
        async with asyncio.timeout(SLOWEST_BODY):
            return await _read_on(receive, body, limit)
    except TimeoutError:
        raise closing(malformed([FieldError("", "incomplete", "The body did not arrive in time.")])) from None


async def let_go_by(receive: Receive) -> None:
    """Read on and drop, within bounds: a caller that still writes when we close is reset and never sees the answer."""
    passed = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(DROPPED_SECONDS):
            while passed < DROPPED_BYTES:
                message = await receive()
                passed += len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body", False):
                    return


async def _read_on(receive: Receive, start: bytes, limit: int) -> bytes:
    body = bytearray(start)
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Disconnected
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limit:
            if more:
                await let_go_by(receive)
            raise closing(too_large(limit))
    return bytes(body)


def closing(problem: Problem) -> Problem:
    """The same, after which the connection ends: what is still on its way is not read."""
    problem.headers["Connection"] = "close"
    return problem


def without_body(send: Send) -> Send:
    """A `send` for HEAD: what GET would answer, with the length of a body that is kept back."""

    async def bodiless(message: Message) -> None:
        await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

    return bodiless


async def answer_json(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """One JSON document. Never stored by anything on the way: it may hold what a client agreed to show."""
    fixed = [_JSON, _NO_STORE, (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": fixed + headers})
    await send({"type": "http.response.body", "body": body})


async def answer_problem(
    send: Send, problem: Problem, request_id: str, more: Iterable[tuple[bytes, bytes]] = ()
) -> None:
    """A problem; `more` are headers that the whole process adds."""
    body = problem.encoded(instance_of(request_id))
    headers = [_PROBLEM, _NO_STORE, (b"content-length", b"%d" % len(body)), (b"x-request-id", request_id.encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem.headers.items()]
    headers += more
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
