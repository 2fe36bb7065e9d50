"""Owns the driver for HashiCorp Vault's transit engine: key-encryption keys that never leave the key service."""

import base64
import binascii
import ssl
import stat
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import aiohttp

from services.referrals.domain.frozen import frozen
from services.referrals.vault.keys import KeyProblem
from services.referrals.vault.wrapping import MONTH, KeyMeta, KeyMissing, KeyRefused, KeysAway, KeyUnfit, Wrapped
from services.runtime.clock import Clock

ALGORITHM: Final = "aes256-gcm96"
_PATIENCE: Final = aiohttp.ClientTimeout(total=5.0)
_DONE: Final = frozenset({200, 204})
_NOT_SO: Final = frozenset({400, 404})


@frozen
class Transit:
    """Where the engine is: the server, the engine's mount, how its keys' names begin, and the file with our token.

    The token is read for each request: whoever renews it writes the file. `ca` is the authority of the server's
    certificate, where it is none that this machine knows.
    """

    url: str
    mount: str
    prefix: str
    token: Path
    ca: Path | None = None


class TransitKeys:
    """A key of the engine for each month. It encrypts data keys with what they are for as associated data."""

    def __init__(self, transit: Transit, clock: Clock) -> None:
        self._transit = transit
        self._clock = clock
        self._http: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        ca = self._transit.ca
        connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=ca) if ca else True)
        self._http = aiohttp.ClientSession(connector=connector, timeout=_PATIENCE)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.close()

    def month(self) -> str:
        return self._clock.now().strftime("%Y-%m")

    def key_id(self, epoch: str) -> str:
        if not MONTH.fullmatch(epoch):
            raise KeyRefused("a month that is none")
        return f"{self._transit.prefix}-{epoch}"

    async def make(self, epoch: str) -> None:
        await self._done("POST", epoch, f"keys/{self.key_id(epoch)}", {"type": ALGORITHM})

    async def wrap(self, key: bytes, context: bytes, epoch: str) -> Wrapped:
        name = self.key_id(epoch)
        body = {"plaintext": _text(key), "associated_data": _text(context)}
        status, answer = await self._ask("POST", epoch, f"encrypt/{name}", body)
        if status in _DONE:
            return Wrapped(epoch, str(answer["ciphertext"]).encode())
        raise KeysAway(name) if await self._is_there(epoch) else KeyMissing(name)

    async def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        name = self.key_id(wrapped.epoch)
        body = {"ciphertext": wrapped.key.decode("ascii", "replace"), "associated_data": _text(context)}
        status, answer = await self._ask("POST", wrapped.epoch, f"decrypt/{name}", body)
        if status in _DONE:
            try:
                return base64.b64decode(answer["plaintext"], validate=True)
            except (KeyError, binascii.Error):
                raise KeysAway(name) from None
        if not await self._is_there(wrapped.epoch):
            raise KeyMissing(name)
        raise KeyRefused(name)

    async def destroy_epoch(self, epoch: str) -> None:
        if epoch >= self.month():
            raise ValueError("the key-encryption key in use is not destroyed")
        if await self._is_there(epoch):
            name = self.key_id(epoch)
            await self._done("POST", epoch, f"keys/{name}/config", {"deletion_allowed": True})
            await self._done("DELETE", epoch, f"keys/{name}")

    async def public_meta(self) -> KeyMeta:
        status, answer = await self._ask("GET", self.month(), "keys?list=true")
        beginning = f"{self._transit.prefix}-"
        names = answer.get("keys", []) if status in _DONE else []
        epochs = (name.removeprefix(beginning) for name in names if name.startswith(beginning))
        return KeyMeta(
            driver="transit",
            algorithm=ALGORITHM,
            current=self.month(),
            epochs=tuple(sorted(epoch for epoch in epochs if MONTH.fullmatch(epoch))),
        )

    async def _is_there(self, epoch: str) -> bool:
        status, _ = await self._ask("GET", epoch, f"keys/{self.key_id(epoch)}")
        return status in _DONE

    async def _done(self, method: str, epoch: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        status, answer = await self._ask(method, epoch, path, body)
        if status not in _DONE:
            raise KeysAway(self.key_id(epoch))
        return answer

    async def _ask(
        self, method: str, epoch: str, path: str, body: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Status and data of an answer. Raises `KeysAway` without one, and where the server is sealed or forbids it."""
        where = f"{self._transit.url.rstrip('/')}/v1/{self._transit.mount}/{path}"
        try:
            headers = {"X-Vault-Token": _token(self._transit.token)}
        except KeyProblem as problem:
            raise KeyUnfit(self.key_id(epoch), problem) from None
        try:
            async with self._http.request(method, where, json=body, headers=headers, allow_redirects=False) as answer:
                if answer.status not in _DONE | _NOT_SO:
                    raise KeysAway(self.key_id(epoch))
                said = await answer.json(content_type=None) if answer.status in _DONE else None
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            # Nothing of it is told on: a request holds a key.
            raise KeysAway(self.key_id(epoch)) from None
        data = said.get("data") if isinstance(said, dict) else None
        return answer.status, data if isinstance(data, dict) else {}


def _token(path: Path) -> str:
    try:
        if stat.S_IMODE(path.stat().st_mode) & stat.S_IRWXO:
            raise KeyProblem(f"{path.name} is open to others: its mode must be 0600 or 0640")
        return path.read_text().strip()
    except OSError as error:
        raise KeyProblem(f"{path.name} cannot be read: {error.strerror}") from None


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()
