"""Owns the session of a signed-in person: one sealed cookie, its form token, handles good for that sign-in alone."""

import base64
import hmac
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
REFERENCE_CHARACTERS = 26
LONGEST_COOKIE = 8192
LONGEST_SESSION_S = 24 * 3600
BLOCK = 16
_YEAR_BITS = 2
_FILLED_UP, _FILLED_UP_BITS, _WHOLE = "AAAAAA", 30, 20  # base32 as a library knows it ends with a byte


def derived(root: bytes, purpose: str) -> bytes:
    """A 256-bit key for one purpose (HKDF, RFC 5869)."""
    return HKDF(SHA256(), 32, None, purpose.encode()).derive(root)


class Sealer:
    """Seals small documents into cookies: AES-256-GCM, bound to what they are for."""

    def __init__(self, key_hex: str, purpose: str, *, longest: int = LONGEST_COOKIE) -> None:
        self._cipher = AESGCM(derived(bytes.fromhex(key_hex), f"cookie|{purpose}|1"))
        self._purpose = purpose.encode()
        self._longest = longest

    def seal(self, document: Mapping[str, Any]) -> str:
        nonce = secrets.token_bytes(NONCE_BYTES)
        plain = json.dumps(document, separators=(",", ":")).encode()
        sealed = nonce + self._cipher.encrypt(nonce, plain, self._purpose)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, text: str) -> dict[str, Any] | None:
        """The document, or None for whatever was not sealed here for this purpose."""
        if not text or len(text) > self._longest:
            return None
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
            plain = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._purpose)
        except (ValueError, InvalidTag):
            return None
        document: dict[str, Any] = json.loads(plain)
        return document


@dataclass(frozen=True)
class Session:
    """One sign-in. `token` is the access token of the pages; `csrf` stands in every form; `seed` makes handles;
    `subject` is whose it is, also when the token has run out; `sign_in` is the provider's own session (`sid`), where it
    has one; `began` is in epoch seconds; `initiative` is where that person works, for the next sign-in;
    `unnamed`: the agency's name is not to stand on a screen that others may see."""

    token: str = field(repr=False)
    csrf: str = field(repr=False)
    seed: str = field(repr=False)
    subject: str = field(default="", repr=False)
    sign_in: str = field(default="", repr=False)
    began: float = 0.0
    initiative: str = ""
    unnamed: bool = False

    @classmethod
    def begin(cls, token: str, subject: str = "", sign_in: str = "", initiative: str = "") -> "Session":
        return cls(token, secrets.token_urlsafe(18), secrets.token_hex(16), subject, sign_in, time.time(), initiative)

    def document(self) -> dict[str, Any]:
        return asdict(self)

    def vouches_for(self, csrf: str) -> bool:
        """Whether a form came from a page of this session."""
        return hmac.compare_digest(self.csrf.encode(), csrf.encode())


class Handles:
    """Addresses of clients' pages: a reference turned under the session's own key, so that one out of a history, a
    log or a mail leads nowhere after signing out. One AES block there and back; no table."""

    def __init__(self, session: Session) -> None:
        self._key = derived(bytes.fromhex(session.seed), "handle|1")

    def of(self, reference: str) -> str:
        """The handle of a reference of 26 base32 characters, with its year. Raises ValueError for anything else."""
        block, year = _block(reference)
        encryptor = Cipher(AES(self._key), ECB()).encryptor()  # noqa: S305 - one random block, never two
        return _text(encryptor.update(block) + encryptor.finalize(), year)

    def back(self, handle: str) -> str | None:
        """The reference; None for what cannot be one. A handle of another sign-in gives a reference that nobody has."""
        try:
            block, year = _block(handle)
        except ValueError:
            return None
        decryptor = Cipher(AES(self._key), ECB()).decryptor()  # noqa: S305 - one random block, never two
        return _text(decryptor.update(block) + decryptor.finalize(), year)


def _block(text: str) -> tuple[bytes, int]:
    """The block of 26 characters, and the two bits that it leaves: they say of which year a reference is."""
    if len(text) != REFERENCE_CHARACTERS:
        raise ValueError("26 characters are expected")
    bits = int.from_bytes(base64.b32decode(text.upper() + _FILLED_UP)) >> _FILLED_UP_BITS
    block, year = (bits >> _YEAR_BITS).to_bytes(BLOCK), bits & (1 << _YEAR_BITS) - 1
    if _text(block, year) != text:
        raise ValueError("not the one spelling of a block")
    return block, year


def _text(block: bytes, year: int) -> str:
    bits = (int.from_bytes(block) << _YEAR_BITS | year) << _FILLED_UP_BITS
    return base64.b32encode(bits.to_bytes(_WHOLE)).decode()[:REFERENCE_CHARACTERS].lower()


def same_origin(headers: Mapping[str, str], public_url: str) -> bool:
    """Whether a browser sent this form from a page of ours: its Origin is the public address or the host asked for.

    A browser names the origin of every form that it posts; where a header is missing, the form token alone decides.
    """
    if (site := headers.get("sec-fetch-site")) is not None and site not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    scheme = urlsplit(public_url).scheme
    return origin in {public_url, f"{scheme}://{headers.get('host', '')}"}
