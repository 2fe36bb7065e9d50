"""Owns the envelope in which identity lies in a table, and the guards that keep an opened value from being printed."""

import secrets
from typing import Any, Generic, Self, TypeVar
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.referrals.domain.frozen import frozen
from services.referrals.vault.keys import joined

_VERSION = 1
_AES_256_GCM = 1
_HEADER = bytes((_VERSION, _AES_256_GCM))
_KEY_AT, _NONCE_AT, _TEXT_AT = 2, 18, 30
_NONCE_BYTES = 12
_LENGTH_BYTES = 4
BUCKET_BYTES = 64

T = TypeVar("T")


class SealBroken(Exception):
    """A sealed value does not open here: it was changed, or it belongs to another row, client, agency or field."""


class Unspoken:
    """What shows `<sealed>` wherever it is printed, formatted or interpolated, and refuses to be pickled."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"

    def __str__(self) -> str:
        return "<sealed>"

    def __format__(self, spec: str) -> str:
        return "<sealed>"

    def __reduce_ex__(self, protocol: object) -> str | tuple[object, ...]:
        raise TypeError("a sealed value is not pickled")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        return self


class Sealed(Unspoken, Generic[T]):
    """An opened value on its way to the one page or answer that it is for; `open()` there, and nowhere else."""

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def open(self) -> T:
        """The value itself."""
        return self._value


@frozen
class Place:
    """Where a sealed value belongs; it opens nowhere else. `schema` is the version of what is inside."""

    initiative: str
    agency: str
    client: UUID
    row: UUID
    field: str
    schema: int = 1

    def authenticated(self, header: bytes) -> bytes:
        """The additional data of the seal: this place and the envelope's own header."""
        return joined(
            header,
            self.initiative,
            self.agency,
            self.client.bytes,
            self.row.bytes,
            self.field,
            self.schema.to_bytes(2),
        )


class DataKey:
    """An unwrapped data key, ready to seal and open; `id` is its row in the table of data keys."""

    __slots__ = ("_cipher", "_header", "id")

    def __init__(self, id: UUID, key: bytes) -> None:
        self.id = id
        self._header = _HEADER + id.bytes
        self._cipher = AESGCM(key)

    def seal(self, place: Place, value: bytes) -> bytes:
        """Seal `value`: version, algorithm, key id, nonce, ciphertext (AES-256-GCM, random nonce, padded)."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, padded(value), place.authenticated(self._header))
        return self._header + nonce + sealed

    def open(self, place: Place, envelope: bytes) -> bytes:
        """What was sealed. Raises `SealBroken`."""
        if not envelope.startswith(self._header):
            raise SealBroken("sealed under another key, or no envelope")
        nonce, text = envelope[_NONCE_AT:_TEXT_AT], envelope[_TEXT_AT:]
        try:
            return unpadded(self._cipher.decrypt(nonce, text, place.authenticated(self._header)))
        except (InvalidTag, ValueError):
            raise SealBroken("the seal does not hold in this place") from None


def key_of(envelope: bytes) -> UUID:
    """The id of the data key that an envelope names. Raises `SealBroken` for what is no envelope."""
    if len(envelope) <= _TEXT_AT or not envelope.startswith(_HEADER):
        raise SealBroken("not an envelope of a known version and algorithm")
    return UUID(bytes=envelope[_KEY_AT:_NONCE_AT])


def padded(value: bytes) -> bytes:
    """The value behind its length, filled up to whole buckets, so that a short name and a long one look alike."""
    framed = len(value).to_bytes(_LENGTH_BYTES) + value
    return framed + bytes(-len(framed) % BUCKET_BYTES)


def unpadded(padding: bytes) -> bytes:
    """The value that `padded` framed."""
    return padding[_LENGTH_BYTES : _LENGTH_BYTES + int.from_bytes(padding[:_LENGTH_BYTES])]
