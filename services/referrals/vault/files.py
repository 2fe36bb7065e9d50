"""Owns uploaded files: each a note of kind `file`, in pieces under the key of the agency that wrote it."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from typing import Final
from uuid import UUID

import orjson

from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.vault.data_keys import DataKeys
from services.referrals.vault.open_keys import Holder
from services.referrals.vault.seal import DataKey, Place, SealBroken, key_of
from services.runtime.chance import random_id
from services.runtime.postgres import AsyncPool

KIND: Final = "file"
PIECE_BYTES: Final = 65_536
AT_ONCE: Final = 4
"""So many uploads at a time: each holds a connection, and a PDF its bytes."""

_PIECE = "INSERT INTO file_pieces (note_id, number, sealed) VALUES (%b, %b, %b)"
_NOTE = "INSERT INTO notes (id, initiative, agency, client_id, kind, sealed) VALUES (%b, %b, %b, %b, 'file', %b)"
_FORGET = "DELETE FROM notes WHERE id = %b AND kind = 'file' AND named_at IS NULL"
_READ = "SELECT sealed FROM file_pieces WHERE note_id = %b AND number = %b"


@frozen
class FileFacts:
    """What is said of a file: its own name, what its bytes are, how many, and their SHA-256. In the vault alone."""

    name: str
    media_type: str
    length: int
    pieces: int
    sha256: str

    def document(self) -> bytes:
        """As it is sealed."""
        return orjson.dumps({name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def of(cls, text: str) -> "FileFacts":
        """From what was sealed."""
        return cls(**orjson.loads(text))


class Check:
    """What is looked at while a file comes: nothing, unless a kind of file wants more."""

    def saw(self, piece: bytes, media_type: str) -> None:
        """One more piece, before it is sealed."""

    async def ended(self) -> None:
        """All of it was seen. Raises what refuses it."""


class Files:
    """Writes a file as it arrives, and reads it piece by piece."""

    def __init__(self, pool: AsyncPool, keys: DataKeys) -> None:
        self._pool = pool
        self._keys = keys
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def write(
        self,
        holder: Holder,
        name: str,
        pieces: AsyncIterator[bytes],
        kind_of: Callable[[bytes], str],
        check: Check,
        *,
        id: UUID | None = None,
        restricted: RestrictedClass | None = None,
    ) -> tuple[UUID, FileFacts]:
        """Seal a file piece by piece in one transaction: whatever stops it, and what `check` raises, leaves nothing.

        `kind_of` is given the first bytes and says what they are, or refuses; `check` is given all of them where it
        wants them. Its id is a new one where none is named.
        """
        id = id or random_id()
        async with self._turn:
            key = (await self._keys.for_writing([holder], restricted))[holder]
            async with self._pool.connection() as connection, connection.transaction():
                media_type, number, length, digest = "", 0, 0, hashlib.sha256()
                async for piece in _of_one_size(pieces):
                    if number == 0:
                        media_type = kind_of(piece)
                    check.saw(piece, media_type)
                    sealed = key.seal(_place(holder, id, number), piece)
                    await connection.execute(_PIECE, [id, number, sealed])
                    digest.update(piece)
                    number, length = number + 1, length + len(piece)
                if number == 0:
                    kind_of(b"")
                await check.ended()
                facts = FileFacts(name, media_type, length, number, digest.hexdigest())
                sealed = key.seal(Place(*holder, id, KIND), facts.document())
                await connection.execute(_NOTE, [id, *holder, sealed])
        return id, facts

    async def forget(self, id: UUID) -> None:
        """Take away what no event names."""
        async with self._pool.connection() as connection:
            await connection.execute(_FORGET, [id])

    async def read(self, holder: Holder, id: UUID, facts: FileFacts) -> AsyncIterator[bytes]:
        """The bytes, piece by piece. Raises `SealBroken` where one is missing, `KeyGone` when the key was shredded."""
        key: DataKey | None = None
        for number in range(facts.pieces):
            async with self._pool.connection() as connection:
                row = await (await connection.execute(_READ, [id, number], binary=True)).fetchone()
            if row is None:
                raise SealBroken("a piece of the file is missing")
            key = key or await self._keys.one(key_of(row[0]))
            yield key.open(_place(holder, id, number), row[0])


def _place(holder: Holder, id: UUID, number: int) -> Place:
    return Place(*holder, id, f"{KIND}/{number}")


async def _of_one_size(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of one size, but for the last."""
    gathered = bytearray()
    async for piece in pieces:
        gathered += piece
        while len(gathered) >= PIECE_BYTES:
            yield bytes(gathered[:PIECE_BYTES])
            del gathered[:PIECE_BYTES]
    if gathered:
        yield bytes(gathered)
