"""What an uploaded file is by its bytes, and whether it may be kept: of three kinds, as it is named, no scripts."""

import asyncio
import re
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from services.referrals.domain.refusal import UnfitFile
from services.referrals.vault.files import Check

LIMIT: Final = 10 * 2**20
PDF: Final = "application/pdf"

_BEGINNINGS: Final[Mapping[bytes, str]] = MappingProxyType(
    {b"%PDF-": PDF, b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
)
_ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {"pdf": PDF, "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
)
_FORBIDDEN: Final = frozenset(
    {
        "/JavaScript",
        "/JS",
        "/Launch",
        "/EmbeddedFile",
        "/EmbeddedFiles",
        "/EF",
        "/RichMedia",
        "/SubmitForm",
        "/ImportData",
    }
)
# A reader that finds the table of objects broken looks for objects itself: so do we, for names that no picture spells.
_NAMED: Final = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)(?![A-Za-z])")
_ESCAPED: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PACKED: Final = re.compile(rb"/ObjStm[^\0]{0,2000}?stream\r?\n", re.DOTALL)
_UNPACKED: Final = 32 * 2**20
_SECONDS: Final = 20.0
_DEEPEST: Final = 100


def kind_of(name: str, beginning: bytes) -> str:
    """The media type that the bytes are. Raises UnfitFile: none at all, none of ours, or not what the name says."""
    if not beginning:
        raise UnfitFile("file-empty")
    kind = next((kind for start, kind in _BEGINNINGS.items() if beginning.startswith(start)), None)
    said = _ENDINGS.get(name.rpartition(".")[2].lower()) if "." in name else None
    if kind is None and said is None:
        raise UnfitFile("file-type-unknown")
    if kind is None or kind != said:
        raise UnfitFile("file-not-as-named")
    return kind


class Harmless(Check):
    """Keeps the bytes of a PDF, 10 MB at most, until all of it can be looked into; of pictures it keeps nothing."""

    def __init__(self) -> None:
        self._seen = bytearray()

    def saw(self, piece: bytes, media_type: str) -> None:
        if media_type == PDF:
            self._seen += piece

    async def ended(self) -> None:
        """Raises UnfitFile for a PDF with a script, or one into which nobody can look."""
        if not self._seen:
            return
        try:
            async with asyncio.timeout(_SECONDS):
                await asyncio.to_thread(look_into, bytes(self._seen))
        except TimeoutError:
            raise UnfitFile("file-unreadable") from None


def look_into(document: bytes) -> None:
    """Every object of a PDF, also those in object streams. Raises UnfitFile."""
    if any(_NAMED.search(_ESCAPED.sub(_unescaped, part)) for part in (document, *_packed(document))):
        raise UnfitFile("file-with-script")
    try:
        forbidden = any(name in _FORBIDDEN for name in _names(PdfReader(BytesIO(document), strict=False)))
    except UnfitFile:
        raise
    except Exception:
        # Whatever a broken document makes the library raise: what cannot be looked into is not kept.
        raise UnfitFile("file-unreadable") from None
    if forbidden:
        raise UnfitFile("file-with-script")


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes((int(found[1], 16),))


def _packed(document: bytes) -> Iterator[bytes]:
    """What object streams hold, whether or not a table of objects names them."""
    for found in _PACKED.finditer(document):
        try:
            yield zlib.decompressobj().decompress(document[found.end() :], _UNPACKED)
        except zlib.error:
            continue


def _names(reader: PdfReader) -> Iterator[str]:
    if reader.is_encrypted:
        raise UnfitFile("file-unreadable")
    yield from _inside(reader.trailer, 0)
    known = {(number, generation) for generation, numbers in reader.xref.items() for number in numbers}
    for number, generation in known | {(number, 0) for number in reader.xref_objStm}:
        yield from _inside(reader.get_object(IndirectObject(number, generation, reader)), 0)
    if not len(reader.pages):
        raise UnfitFile("file-unreadable")


def _inside(value: Any, depth: int) -> Iterator[str]:
    """The names in one object; what it refers to has its own turn."""
    if depth > _DEEPEST:
        raise UnfitFile("file-unreadable")
    match value:
        case NameObject():
            yield str(value)
        case DictionaryObject():
            for key, inner in dict.items(value):
                yield str(key)
                yield from _inside(inner, depth + 1)
        case ArrayObject():
            for inner in list.__iter__(value):
                yield from _inside(inner, depth + 1)
