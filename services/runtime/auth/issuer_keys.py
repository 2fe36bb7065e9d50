"""Owns an issuer's public keys: had over HTTP, kept for a while, asked for again no more often than is good."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import aiohttp
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, import_key

from services.runtime.auth.principal import AuthProblem

FetchKeys = Callable[[], Awaitable[Mapping[str, Any]]]
LONGEST_SET: Final = 256 * 1024


def keys_over_http(url: str, *, seconds: float = 3.0) -> FetchKeys:
    """A fetcher of the issuer's JSON Web Key Set (RFC 7517); a fresh connection each time, as it is rarely called."""

    async def fetch() -> Mapping[str, Any]:
        timeout = aiohttp.ClientTimeout(total=seconds)
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            answer.raise_for_status()
            raw = b""
            async for piece in answer.content.iter_any():
                raw += piece
                if len(raw) > LONGEST_SET:
                    raise ValueError("no set of keys is so long")
            body: Mapping[str, Any] = json.loads(raw)
            return body

    return fetch


class IssuerKeys:
    """The issuer's public keys: fetched when first needed, again after ten minutes, and for a key id that is not
    known at most once a minute, so that forged tokens cannot make us hammer the issuer."""

    stale_after = 600.0
    unknown_wait = 60.0

    def __init__(self, fetch: FetchKeys, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._keys: KeySet | None = None
        self._fetched = self._tried = float("-inf")
        self._lock = asyncio.Lock()

    async def having(self, kid: str) -> KeySet:
        """The key set, with the key id in it.

        Raises AuthProblem 401 where the issuer has no such key, 503 where the issuer has never answered.
        """
        # Who comes while the keys are being fetched waits for them, instead of being turned away without need.
        if self._wants_fetch(kid) or (self._lock.locked() and not self._knows(kid)):
            async with self._lock:
                if self._wants_fetch(kid):
                    await self._refetch()
        if self._keys is None:
            raise AuthProblem.unavailable()
        if not self._knows(kid):
            raise AuthProblem.not_signed_in()
        return self._keys

    def _knows(self, kid: str) -> bool:
        return self._keys is not None and any(key.kid == kid for key in self._keys)

    def _wants_fetch(self, kid: str) -> bool:
        now = self._clock()
        if self._keys is None:
            return now - self._tried >= 1.0
        wait = self.stale_after if self._knows(kid) else self.unknown_wait
        return now - self._fetched >= wait and now - self._tried >= self.unknown_wait

    async def _refetch(self) -> None:
        self._tried = self._clock()
        try:
            self._keys = _readable(await self._fetch())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, KeyError, TypeError, JoseError):
            return
        self._fetched = self._tried


def _readable(found: Mapping[str, Any]) -> KeySet:
    """The public keys that we can read: one of a kind that is new to us must not hide the others."""
    keys = []
    for each in found["keys"]:
        try:
            key = import_key(dict(each))
        except (ValueError, KeyError, TypeError, JoseError):
            continue
        if key.key_type != "oct":  # what is shared proves nothing
            keys.append(key)
    return KeySet(keys)
