"""Owns the signs of codes that people read aloud and write by hand, and how a typed one is compared."""

from typing import Final

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0, 1, I, L, O."""
MOST_WRONG: Final = 20
"""So many wrong tries, and a code opens nothing any more: the next one that is given is another."""


def signs(digest: bytes, length: int) -> str:
    """So many signs of the bytes of a keyed hash."""
    rest, found = int.from_bytes(digest), ""
    for _ in range(length):
        rest, place = divmod(rest, len(SIGNS))
        found += SIGNS[place]
    return found


def typed(code: str) -> str:
    """A code as it is compared: people leave out the space and write small letters."""
    return "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())
