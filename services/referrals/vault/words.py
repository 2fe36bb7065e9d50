"""Owns the words that find a client: keyed hashes of folded name words, phone digits and the agency's number."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from services.referrals.vault.identity import Identity, Json, Name, folded, folded_number, phone_digits
from services.referrals.vault.keys import KeyedHash, RootKey, joined

_LAST_DIGITS = 4
_SHORTEST_PHONE = 7
_SHORTEST_BEGINNING = 3
"""Of two letters there are so few that a hash of them would be guessed."""
_PHONE_MARKS = frozenset("0123456789+-.()/ ")


class Words:
    """The index words of one agency, 16 bytes each, under a key of that agency.

    A name is found by its whole words and by how they begin, from the third letter on: every beginning is a word too.

    What somebody with the table and without the key learns: how many words a row has, so about how many letters its
    names have; which rows of one agency share one, so which names begin alike and for how long; and how often each
    occurs: a common word can be guessed to be a common name, or the beginning of several. Words of two agencies do not
    compare, the same text as a name and as a number does not, and no dictionary can be tried.
    """

    def __init__(self, root: RootKey) -> None:
        self._root = root
        self._hashes: dict[tuple[str, str], KeyedHash] = {}

    def of(self, initiative: str, agency: str, fields: Json, number: str | None = None) -> frozenset[bytes]:
        """Every word under which a client is found of whom an agency holds these fields (`Identity.fields`)."""
        names = map(Name.model_validate, fields.get("name", ()))
        said = {("name", part) for name in names for word in name.words() for part in _beginnings(word)}
        for phone in filter(None, map(phone_digits, fields.get("phones", ()))):
            said |= {("phone", phone), ("last digits", phone[-_LAST_DIGITS:])}
        if number:
            said.add(("number", folded_number(number)))
        return frozenset(self._word(initiative, agency, kind, text) for kind, text in said)

    def place(self, initiative: str, agency: str, client_id: UUID) -> UUID:
        """Where a client stands in lists of this agency: in no other's does she stand in the same order."""
        return UUID(bytes=self._keyed(initiative, agency).of(joined("place", client_id.bytes))[:16])

    def asked(self, initiative: str, agency: str, text: str) -> list[tuple[bytes, ...]]:
        """The readings of what somebody typed into a search: a row that holds every word of one reading is found.

        A part of a name that is too short to be looked up leaves nobody out where another word is there. The word that
        is likely to be the rarest comes first.
        """
        if not text.strip():
            return []
        readings = [[("number", folded_number(text))], [("name", word) for word in _long_enough(folded(text))]]
        digits = phone_digits(text)
        if set(text) <= _PHONE_MARKS and len(digits) >= _SHORTEST_PHONE:
            readings.append([("phone", digits)])
        elif len(digits) == _LAST_DIGITS:
            names = [word for word in folded(text.replace(digits, " ")) if len(word) >= _SHORTEST_BEGINNING]
            readings.append([("last digits", digits), *(("name", word) for word in names)])
        return self._hashed(initiative, agency, readings)

    def similar(self, initiative: str, agency: str, identity: Identity) -> list[tuple[bytes, ...]]:
        """The readings that find clients of similar name (all of a name's words) or equal phone (rule R21)."""
        readings = [[("name", word) for word in name.words()] for name in identity.names]
        readings += [[("phone", phone)] for phone in map(phone_digits, identity.phones) if phone]
        return self._hashed(initiative, agency, readings)

    def _hashed(self, initiative: str, agency: str, readings: list[list[tuple[str, str]]]) -> list[tuple[bytes, ...]]:
        ordered = (sorted(set(words), key=lambda word: (-len(word[1]), word)) for words in readings if words)
        return [tuple(self._word(initiative, agency, *word) for word in words) for words in ordered]

    def _word(self, initiative: str, agency: str, kind: str, text: str) -> bytes:
        return self._keyed(initiative, agency).of(joined(kind, text))[:16]

    def _keyed(self, initiative: str, agency: str) -> KeyedHash:
        keyed = self._hashes.get((initiative, agency))
        if keyed is None:
            keyed = self._hashes[initiative, agency] = self._root.hashing("search", initiative, agency, "1")
        return keyed


def _long_enough(words: Sequence[str]) -> Sequence[str]:
    return [word for word in words if len(word) >= _SHORTEST_BEGINNING] or words


def _beginnings(word: str) -> Iterator[str]:
    yield word
    yield from (word[:length] for length in range(_SHORTEST_BEGINNING, len(word)))


class Numbers:
    """Keyed hashes of the numbers by which others know a client: an agency's own, or those of an imported log."""

    def __init__(self, root: RootKey) -> None:
        self._own = root.hashing("number", "1")
        self._imported = root.hashing("import", "1")

    def own(self, initiative: str, agency: str, number: str) -> bytes:
        """The agency's own number for her: unique among the agency's clients (rule R21)."""
        return self._own.of(joined(initiative, agency, folded_number(number)))

    def imported(self, initiative: str, source: str, number: str) -> bytes:
        """The number of an imported log: one number space for the whole file (rule R26), taken letter by letter."""
        return self._imported.of(joined(initiative, source, number))
