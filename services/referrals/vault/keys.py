"""Owns the root key of an installation, the folder that holds it, and every key that is derived from it."""

import contextlib
import os
import secrets
import stat
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_ROOT_FILE = "root.key"
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class KeyProblem(Exception):
    """A key file is missing, malformed or open to others. The message names the file, never what is in it."""


def joined(*parts: str | bytes) -> bytes:
    """The parts, each behind its length (4 bytes), so that no two lists of parts read the same."""
    framed = []
    for part in parts:
        text = part.encode() if isinstance(part, str) else part
        framed.append(len(text).to_bytes(4))
        framed.append(text)
    return b"".join(framed)


def hkdf(material: bytes, info: bytes, *, salt: bytes | None = None, length: int = KEY_BYTES) -> bytes:
    """HKDF with SHA-256 (RFC 5869)."""
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(material)


class KeyedHash:
    """HMAC with SHA-256 (RFC 4231) under one key, keyed once and copied for each message."""

    __slots__ = ("_keyed",)

    def __init__(self, key: bytes) -> None:
        self._keyed = HMAC(key, SHA256())

    def behind(self, beginning: bytes) -> "KeyedHash":
        """A hash under the same key of messages that all begin alike, for what is left of each."""
        made = KeyedHash.__new__(KeyedHash)
        made._keyed = self._keyed.copy()
        made._keyed.update(beginning)
        return made

    def of(self, message: bytes) -> bytes:
        """The 32 bytes for this message."""
        mac = self._keyed.copy()
        mac.update(message)
        return mac.finalize()


class RootKey:
    """The one secret that every other key hangs on. A purpose is a list of words and ends in its version."""

    __slots__ = ("_key",)

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise KeyProblem(f"a root key has {KEY_BYTES} bytes")
        self._key = key

    def __repr__(self) -> str:
        return "<root key>"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a root key is not copied out of its process")

    def derive(self, *purpose: str) -> bytes:
        """The key for this purpose: 32 bytes. Different purposes give unrelated keys."""
        return hkdf(self._key, joined("closeknit", *purpose))

    def hashing(self, *purpose: str) -> KeyedHash:
        """A keyed hash for this purpose alone."""
        return KeyedHash(self.derive(*purpose))


def root_key(folder: Path) -> RootKey:
    """Read the root key of `folder`. Raises `KeyProblem` where it is missing, malformed or readable by others."""
    return RootKey(read_key(folder / _ROOT_FILE, KEY_BYTES))


def ensure_root_key(folder: Path) -> RootKey:
    """Read the root key of `folder`, made now where there is none. Two makers agree on one of theirs."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not (folder / _ROOT_FILE).exists():
        write_key(folder / _ROOT_FILE, secrets.token_bytes(KEY_BYTES))
    return root_key(folder)


def read_key(path: Path, length: int) -> bytes:
    """Read `length` bytes written as hexadecimal, from a file (mode 0600) that its owner alone may read.

    Raises `KeyProblem`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError as error:
        raise KeyProblem(f"{path.name} cannot be read: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as file:
        if stat.S_IMODE(os.fstat(descriptor).st_mode) & _OTHERS:
            raise KeyProblem(f"{path.name} is open to others: its mode must be 0600")
        text = file.read(4 * length)
    with contextlib.suppress(ValueError):
        key = bytes.fromhex(text.decode("ascii", "replace"))
        if len(key) == length:
            return key
    raise KeyProblem(f"{path.name} does not hold {length} bytes in hexadecimal")


def write_key(path: Path, key: bytes) -> bool:
    """Write a key file whole or not at all, durable on return; False where the file is there already (it is kept)."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key.hex().encode() + b"\n")
            file.flush()
            os.fsync(descriptor)
        os.link(draft, path)
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return True


def sync_folder(folder: Path) -> None:
    """Make names that were added to or taken from `folder` durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
