"""Owns the wrapping of data keys under monthly key-encryption keys: the seam for a key service, and its file driver."""

import os
import re
import secrets
import time
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from services.referrals.domain.frozen import frozen
from services.referrals.vault.keys import KEY_BYTES, KeyProblem, RootKey, read_key, sync_folder, write_key
from services.runtime.clock import Clock
from services.runtime.postgres import Unavailable

_NONCE_BYTES = 12
_SEALED_KEY_BYTES = KEY_BYTES + 8
TRUSTED_SECONDS = 1.0  # a key that was read from a file is worth as much as the file, so much longer
MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class KeyGone(Exception):
    """The key that would open this was destroyed: what it sealed cannot be read again by anybody."""


class KeysAway(Unavailable):
    """The key service does not answer, or not to us (HTTP 503); `part` is the key that it was asked for."""

    retry_after = 10

    def __init__(self, key_id: str) -> None:
        self.part = key_id
        super().__init__(f"the key service does not answer for {key_id}")


class KeyMissing(KeyGone, Unavailable):
    """A key-encryption key that data keys lie under is not there (HTTP 503): destroyed, lost, or not restored yet."""

    retry_after = 60

    def __init__(self, key_id: str) -> None:
        self.part = key_id
        super().__init__(f"the key {key_id} is missing")


class KeyRefused(Unavailable):
    """The wrapped key is not what was wrapped, was wrapped for another client or agency, or another key is there (503).

    `part` is the key that it says it lies under.
    """

    retry_after = 60

    def __init__(self, key_id: str) -> None:
        self.part = key_id
        super().__init__(f"a data key does not unwrap under {key_id}")


class KeyUnfit(KeyProblem, Unavailable):
    """A key's file, or what else a driver needs to use the key, is not fit to be used (HTTP 503)."""

    retry_after = 60

    def __init__(self, key_id: str, problem: KeyProblem) -> None:
        self.part = key_id
        super().__init__(str(problem))


@frozen
class Wrapped:
    """A data key as it is stored: `epoch` names the key-encryption key (a month, "2026-11")."""

    epoch: str
    key: bytes


@frozen
class KeyMeta:
    """What may be told about the keys: nothing that opens anything."""

    driver: str
    algorithm: str
    current: str
    epochs: tuple[str, ...]


class KeyWrapping(Protocol):
    """A key service. `context` names what a key is for; a key unwraps under the context it was wrapped with alone."""

    def month(self) -> str:
        """The epoch under whose key new data keys lie."""
        ...

    def key_id(self, epoch: str) -> str:
        """What the key of an epoch is called. Raises `KeyRefused` for what is no month."""
        ...

    async def make(self, epoch: str) -> None:
        """Make an epoch's key where there is none; for an epoch alone under which nothing lies (`CheckedKeys`)."""
        ...

    async def wrap(self, key: bytes, context: bytes, epoch: str) -> Wrapped:
        """Wrap under the key-encryption key of an epoch. Raises `KeyMissing`, `KeysAway`, `KeyUnfit`."""
        ...

    async def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The key again. Raises `KeyMissing` without its epoch's, `KeyRefused` when it or the wrapped key is another,
        `KeysAway`, `KeyUnfit`.
        """
        ...

    async def destroy_epoch(self, epoch: str) -> None:
        """Destroy a month's key-encryption key for ever, and with it every data key still wrapped under it.

        Raises `ValueError` for the current month. An epoch that is gone already stays gone.
        """
        ...

    async def public_meta(self) -> KeyMeta:
        """Which driver, which epochs."""
        ...


class FileKeys:
    """Key-encryption keys as files `kek-<month>.key` in a folder (0700), each wrapped under the root key (RFC 3394)."""

    def __init__(self, folder: Path, root: RootKey, clock: Clock) -> None:
        self._folder = folder
        self._root = root
        self._clock = clock
        self._open: dict[str, AESGCM] = {}
        self._seen: dict[str, float] = {}

    def month(self) -> str:
        return self._clock.now().strftime("%Y-%m")

    def key_id(self, epoch: str) -> str:
        if not MONTH.fullmatch(epoch):
            raise KeyRefused("a month that is none")
        return f"kek-{epoch}"

    async def make(self, epoch: str) -> None:
        path = self._path(epoch)
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = secrets.token_bytes(KEY_BYTES)
            self._open.pop(epoch, None)
            write_key(path, aes_key_wrap(self._root.derive("kek", epoch, "1"), fresh))

    async def wrap(self, key: bytes, context: bytes, epoch: str) -> Wrapped:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return Wrapped(epoch, nonce + self._cipher(epoch).encrypt(nonce, key, context))

    async def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        nonce, sealed = wrapped.key[:_NONCE_BYTES], wrapped.key[_NONCE_BYTES:]
        try:
            return self._cipher(wrapped.epoch).decrypt(nonce, sealed, context)
        except (InvalidTag, ValueError):
            # The file may have been another key's, and may be its own again by now.
            self._open.pop(wrapped.epoch, None)
            raise KeyRefused(self.key_id(wrapped.epoch)) from None

    async def destroy_epoch(self, epoch: str) -> None:
        if epoch >= self.month():
            raise ValueError("the key-encryption key in use is not destroyed")
        self._open.pop(epoch, None)
        path = self._path(epoch)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
        except FileNotFoundError:
            return
        with os.fdopen(descriptor, "wb") as file:
            file.write(b"0" * os.fstat(descriptor).st_size)
            file.flush()
            os.fsync(descriptor)
        path.unlink()
        sync_folder(self._folder)

    async def public_meta(self) -> KeyMeta:
        named = (path.stem.removeprefix("kek-") for path in self._folder.glob("kek-*.key"))
        epochs = tuple(sorted(epoch for epoch in named if MONTH.fullmatch(epoch)))
        return KeyMeta(driver="file", algorithm="AES-256-GCM", current=self.month(), epochs=epochs)

    def _path(self, epoch: str) -> Path:
        return self._folder / f"{self.key_id(epoch)}.key"

    def _cipher(self, epoch: str) -> AESGCM:
        # Another process may have destroyed it, or somebody put another there.
        if epoch in self._open and time.monotonic() - self._seen[epoch] < TRUSTED_SECONDS:
            return self._open[epoch]
        self._open.pop(epoch, None)
        path = self._path(epoch)
        if not path.exists():
            raise KeyMissing(path.stem)
        try:
            sealed = read_key(path, _SEALED_KEY_BYTES)
        except KeyProblem as problem:
            raise KeyUnfit(path.stem, problem) from None
        try:
            kek = aes_key_unwrap(self._root.derive("kek", epoch, "1"), sealed)
        except InvalidUnwrap:
            raise KeyUnfit(path.stem, KeyProblem(f"{path.name} belongs to another root key")) from None
        self._open[epoch] = AESGCM(kek)
        self._seen[epoch] = time.monotonic()
        return self._open[epoch]
