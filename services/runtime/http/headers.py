"""Headers that commands understand: Idempotency-Key, If-Match, traceparent, as one Call."""

import asyncio
import re
from collections.abc import Mapping

import orjson
from starlette.types import Scope

from services.runtime.http.call import Call
from services.runtime.http.problem import FieldError, malformed

COMMAND_SECONDS = 30.0  # a command lives that long at most, so that the vault's sweep never meets a live one

_KEY = re.compile(rb"[!-~]{1,255}\Z")
_ETAG = re.compile(r'(?:W/)?"[!#-~]*"|\*')
_TRACEPARENT = re.compile(rb"00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}\Z")


def call_of(
    operation: str, scope: Scope, headers: Mapping[bytes, bytes], body: bytes | None, *, at_least: int = 0
) -> Call:
    """The call of one request. Raises 422 for an Idempotency-Key that is not 1 to 255 visible ASCII characters."""
    text: bytes = scope["path"].encode()
    if body is not None:
        text += b"\n" + _settled(body)
    return Call(
        operation=operation,
        request_id=scope["request_id"],
        idempotency_key=_idempotency_key(headers),
        if_match=_if_match(headers),
        traceparent=scope["traceparent"],
        deadline=asyncio.get_running_loop().time() + COMMAND_SECONDS,
        fingerprint_text=text,
        at_least=at_least,
    )


def _settled(body: bytes) -> bytes:
    """A JSON document without its white space and the order of its names; as it came where it is none to orjson."""
    try:
        return orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return body


def traceparent_of(headers: Mapping[bytes, bytes]) -> str | None:
    """The caller's W3C trace context, None where it sent none that can be read."""
    raw = headers.get(b"traceparent")
    return raw.decode() if raw is not None and _TRACEPARENT.match(raw) else None


def _idempotency_key(headers: Mapping[bytes, bytes]) -> str | None:
    raw = headers.get(b"idempotency-key")
    if raw is None:
        return None
    if _KEY.match(raw) is None:
        raise malformed(
            [FieldError("/header/Idempotency-Key", "string_pattern_mismatch", "1 to 255 visible characters.")]
        )
    return raw.decode()


def _if_match(headers: Mapping[bytes, bytes]) -> frozenset[str] | None:
    raw = headers.get(b"if-match")
    if raw is None:
        return None
    return frozenset(tag.removeprefix("W/") for tag in _ETAG.findall(raw.decode("latin-1")))
