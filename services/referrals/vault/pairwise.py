"""Owns the names under which a client and what belongs to her are known outside: one per agency, one per log."""

import re
from datetime import timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from contracts.topic import FIRST_KEY
from services.referrals.domain.uuids import uuid_of
from services.referrals.vault.keys import KeyedHash, RootKey, joined
from services.runtime.clock import Clock

FIRST_YEAR: Final = 2026
"""The year of the first key; what an earlier clock says counts as this year."""
YEARS_UNDERSTOOD: Final = 4
"""This year's ids and those of the three before: 128 bits leave two of the last letter's five to tell them apart."""
AHEAD: Final = timedelta(days=1)
"""How long before a year begins its ids are understood, so that a process whose clock is ahead is; then those of the
oldest year are not any more."""

_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"  # RFC 4648, lower case
_PAIRS = tuple(one + other for one in _ALPHABET for other in _ALPHABET)
_TO_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")
_REMEMBERED = 16_384
_FORM = re.compile(r"[a-z2-7]{26}")


class PairwiseIds:
    """Ids on the wire: another one for each agency, kind and year, and none says which others are the same.

    One AES-256 block under a key of the agency, kind and year, so that it turns back without a table, with the year of
    its key in the two bits that are left. What is said is said under the key of the year that `clock` shows (UTC).
    What comes back from text of the right form may name nothing: whoever asks looks it up.
    """

    def __init__(self, root: RootKey, clock: Clock) -> None:
        self._root = root
        self._clock = clock
        self._ciphers: dict[tuple[str, str, int], tuple[CipherContext, CipherContext]] = {}
        # A client is named again with whatever is sent for her, and in its answer.
        self._said = lru_cache(maxsize=_REMEMBERED)(self._out)
        self._meant = lru_cache(maxsize=_REMEMBERED)(self._back)

    def out(self, agency: str, kind: str, id: UUID) -> str:
        """The id as this agency knows it this year: 26 characters of lower-case base32."""
        return self._said(agency, kind, id.int, _number(self._clock.now().year))

    def back(self, agency: str, kind: str, text: str) -> UUID | None:
        """The id that this agency means; None for what `out` can never have said, or has not in `YEARS_UNDERSTOOD`."""
        if not _FORM.fullmatch(text):
            return None
        latest = _number((self._clock.now() + AHEAD).year)
        number = latest - (latest - _ALPHABET.index(text[-1])) % YEARS_UNDERSTOOD
        return None if number < 0 else self._meant(agency, kind, text, number)

    def _out(self, agency: str, kind: str, id: int, number: int) -> str:
        return base32(self._pair(agency, kind, number)[0].update(id.to_bytes(16)), number % YEARS_UNDERSTOOD)

    def _back(self, agency: str, kind: str, text: str, number: int) -> UUID:
        block = (int(text.translate(_TO_DIGITS), 32) >> 2).to_bytes(16)
        return uuid_of(int.from_bytes(self._pair(agency, kind, number)[1].update(block)))

    def _pair(self, agency: str, kind: str, number: int) -> tuple[CipherContext, CipherContext]:
        pair = self._ciphers.get((agency, kind, number))
        if pair is None:
            key = self._root.derive("pairwise", agency, kind, str(number + 1))
            # A single block each time: ECB is the bare permutation, and its context keeps nothing between blocks.
            cipher = Cipher(AES256(key), ECB())  # noqa: S305
            pair = self._ciphers[agency, kind, number] = (cipher.encryptor(), cipher.decryptor())
        return pair


def _number(year: int) -> int:
    return max(year - FIRST_YEAR, 0)


class LogPseudonyms:
    """The name of a client on the log of one initiative, under one log key: a keyed hash that nobody turns back."""

    def __init__(self, root: RootKey, key: int = FIRST_KEY) -> None:
        self._root = root
        self._key = str(key)
        self._hashes: dict[str, KeyedHash] = {}
        # The events of a client come close together: what was just computed is asked for again.
        self._remembered = lru_cache(maxsize=65_536)(self._computed)

    def of(self, initiative: str, client_id: UUID) -> str:
        """26 characters of lower-case base32, the same for this client under this key for ever."""
        return self._remembered(initiative, client_id)

    def _computed(self, initiative: str, client_id: UUID) -> str:
        keyed = self._hashes.get(initiative)
        if keyed is None:
            keyed = self._hashes[initiative] = self._root.hashing("log", initiative, self._key)
        return base32(keyed.of(joined("client", client_id.bytes))[:16])


def base32(block: bytes, left: int = 0) -> str:
    """16 bytes as 26 characters of lower-case base32 without padding (RFC 4648), several times faster than base64's.

    `left` fills the two bits that are left, which RFC 4648 leaves zero.
    """
    bits, two = int.from_bytes(block) << 2 | left, _PAIRS
    return (
        two[bits >> 120]
        + two[bits >> 110 & 0x3FF]
        + two[bits >> 100 & 0x3FF]
        + two[bits >> 90 & 0x3FF]
        + two[bits >> 80 & 0x3FF]
        + two[bits >> 70 & 0x3FF]
        + two[bits >> 60 & 0x3FF]
        + two[bits >> 50 & 0x3FF]
        + two[bits >> 40 & 0x3FF]
        + two[bits >> 30 & 0x3FF]
        + two[bits >> 20 & 0x3FF]
        + two[bits >> 10 & 0x3FF]
        + two[bits & 0x3FF]
    )
