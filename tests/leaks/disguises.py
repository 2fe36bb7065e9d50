"""Owns the forms in which a text may have slipped out: other letters' case, encodings, digests, mirror writing."""

import base64
import codecs
import hashlib
import html
import json
import quopri
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

DIGESTS = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "blake2b", "sha3_256")

Disguise = Callable[[str], Iterator[bytes]]


def plain(text: str) -> Iterator[bytes]:
    yield text.encode()


def lower(text: str) -> Iterator[bytes]:
    yield text.lower().encode()


def upper(text: str) -> Iterator[bytes]:
    yield text.upper().encode()


def reversed_text(text: str) -> Iterator[bytes]:
    yield text[::-1].encode()
    yield text.encode()[::-1]


def base64_aligned(text: str) -> Iterator[bytes]:
    """Base64 of a text that stands at any place in what was encoded."""
    for one in cases(text):
        yield from aligned(one.encode())


def base64_twice(text: str) -> Iterator[bytes]:
    yield from aligned(base64.b64encode(text.encode()))


def base32(text: str) -> Iterator[bytes]:
    raw = text.encode()
    for before in range(5):
        whole = base64.b32encode(bytes(before) + raw)
        yield whole[-(-before * 8 // 5) : (before + len(raw)) * 8 // 5]


def hexadecimal(text: str) -> Iterator[bytes]:
    for one in cases(text):
        yield one.encode().hex().encode()
        yield one.encode().hex(":").encode()
        yield one.encode().hex(" ").encode()


def c_escaped(text: str) -> Iterator[bytes]:
    yield "".join(f"\\x{byte:02x}" for byte in text.encode()).encode()
    yield "".join(f"\\{byte:03o}" for byte in text.encode()).encode()
    yield repr(text.encode())[2:-1].encode()


def url(text: str) -> Iterator[bytes]:
    yield quote(text, safe="").encode()
    yield quote(text).encode()
    yield quote_plus(text).encode()
    yield "".join(f"%{byte:02x}" for byte in text.encode()).encode()


def url_twice(text: str) -> Iterator[bytes]:
    yield quote(quote(text, safe=""), safe="").encode()
    yield "".join(f"%25{byte:02x}" for byte in text.encode()).encode()


def json_escaped(text: str) -> Iterator[bytes]:
    yield json.dumps(text)[1:-1].encode()
    yield json.dumps(json.dumps(text))[3:-3].encode()
    yield "".join(f"\\u{unit:04x}" for unit in units(text)).encode()


def html_escaped(text: str) -> Iterator[bytes]:
    yield html.escape(text).encode()
    yield "".join(f"&#{ord(letter)};" for letter in text).encode()
    yield "".join(f"&#x{ord(letter):x};" for letter in text).encode()
    yield text.encode("ascii", "xmlcharrefreplace")


def quoted_printable(text: str) -> Iterator[bytes]:
    yield quopri.encodestring(text.encode())
    yield "".join(f"={byte:02X}" for byte in text.encode()).encode()


def other_charsets(text: str) -> Iterator[bytes]:
    for charset in ("latin-1", "utf-16-le", "utf-16-be", "utf-32-le"):
        yield text.encode(charset, "replace")


def turned_letters(text: str) -> Iterator[bytes]:
    yield codecs.encode(text, "rot13").encode()


def digests(text: str) -> Iterator[bytes]:
    """Unkeyed digests of the text as typed, folded, in one case: what anybody with a list of names could compute."""
    for name in DIGESTS:
        for one in cases(text):
            raw = hashlib.new(name, one.encode()).digest()
            yield raw
            yield raw.hex().encode()
            yield raw.hex()[:32].encode()
            yield base64.b64encode(raw).rstrip(b"=")
            yield base64.urlsafe_b64encode(raw).rstrip(b"=")
            yield base64.b32encode(raw).rstrip(b"=")


_SOUNDS: Final = {
    letter: str(code)
    for code, letters in enumerate(("bfpv", "cgjkqsxz", "dt", "l", "mn", "r"), 1)
    for letter in letters
}
_BETWEEN: Final = (('"', '"'), ("'", "'"), ("=", "\n"), ("\n", "\n"), (",", ","), ("(", ","), (",", ")"), ("|", "|"))


def soundex(word: str) -> str:
    """How a word sounds, as the United States' census wrote it: its first letter and three digits; else nothing."""
    letters = [letter for letter in _bare(word).lower() if "a" <= letter <= "z"]
    if not letters:
        return ""
    # Letters of one sound count once, also where h or w stands between them, and twice where a vowel does.
    sounds = [_SOUNDS.get(letter, "" if letter in "hw" else "-") for letter in letters]
    said = [sounds[0]]
    for sound in sounds[1:]:
        if sound and sound != said[-1]:
            said.append(sound)
    return (letters[0].upper() + "".join(said[1:]).replace("-", "") + "000")[:4]


def sounds_alike(text: str) -> Iterator[bytes]:
    """The sounds of all words together, and of each where nothing else stands beside it: they are too short alone."""
    codes = [code for word in text.replace(",", " ").replace("|", " ").split() if (code := soundex(word))]
    for joint in ("", " ", "|", ","):
        if len(codes) > 1:
            yield joint.join(codes).encode()
    yield from (f"{before}{code}{behind}".encode() for code in codes for before, behind in _BETWEEN)


# Those in the first row are told apart by letters' case; the others are found in any.
EXACT: dict[str, Disguise] = {
    "base64": base64_aligned,
    "base64 twice": base64_twice,
    "another character set": other_charsets,
}
ANY_CASE: dict[str, Disguise] = {
    "as typed": plain,
    "lower case": lower,
    "upper case": upper,
    "reversed": reversed_text,
    "base32": base32,
    "hexadecimal": hexadecimal,
    "C escapes": c_escaped,
    "URL": url,
    "URL twice": url_twice,
    "JSON escapes": json_escaped,
    "HTML entities": html_escaped,
    "quoted-printable": quoted_printable,
    "rot13": turned_letters,
    "digest": digests,
    "sound": sounds_alike,
}


def cases(text: str) -> tuple[str, ...]:
    """A text as typed, lower, upper and title case, with and without accents, trimmed of what is no letter or digit."""
    found = [case for one in (text, _bare(text)) for case in (one, one.lower(), one.upper(), one.title())]
    return tuple(dict.fromkeys(found))


def _bare(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def aligned(raw: bytes) -> Iterator[bytes]:
    """The letters of base64 that depend on `raw` alone, for each of the three places where it may begin."""
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(bytes(before) + raw)
            yield whole[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]


def units(text: str) -> Iterator[int]:
    """The UTF-16 code units of a text."""
    raw = text.encode("utf-16-be")
    for place in range(0, len(raw), 2):
        yield int.from_bytes(raw[place : place + 2])
