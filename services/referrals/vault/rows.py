"""Owns what an idempotency key is turned into: the ids of vault rows and the fingerprints of bodies (rule R9)."""

from uuid import UUID

from services.referrals.vault.keys import KeyedHash, RootKey, joined

_VERSION_8 = 0x8 << 76
_VARIANT = 0x2 << 62
_FREE_BITS = ~((0xF << 76) | (0x3 << 62)) & ((1 << 128) - 1)


class RowIds:
    """Ids of vault rows that a command writes before its event, so that a retry or a twin writes the same row.

    What was typed is part of the id: the same key with other text is another row, so that the event that wins names
    its own text and the loser's is swept. The id tells nothing of either without the key.
    """

    def __init__(self, root: RootKey) -> None:
        self._keyed = root.hashing("row", "1")

    def of(self, agency: str, route: str, key: str, field: str, typed: bytes) -> UUID:
        """The id (version 8, RFC 9562) of the row for `field` of the command that came with this idempotency key."""
        digest = self._keyed.of(joined(agency, route, key, field, typed))
        return UUID(int=(int.from_bytes(digest[:16]) & _FREE_BITS) | _VERSION_8 | _VARIANT)


class Fingerprints:
    """Keyed fingerprints of request bodies: equal for equal bodies of one agency, and no help in guessing one."""

    def __init__(self, root: RootKey) -> None:
        self._keyed = root.hashing("fingerprint", "1")
        self._of_agency: dict[str, KeyedHash] = {}

    def of(self, body: bytes, *, agency: str = "") -> bytes:
        """32 bytes. Name the agency, so that the same body sent by two agencies leaves two fingerprints."""
        keyed = self._of_agency.get(agency)
        if keyed is None:
            keyed = self._of_agency[agency] = self._keyed.behind(joined(agency))
        return keyed.of(len(body).to_bytes(4) + body)  # as `joined` frames it
