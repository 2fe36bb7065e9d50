"""How a text of any script stands on the letter: drawn by a face that has its signs, or said to be left out; never "?".

The page's own faces have Windows-1252. Noto Sans, which is put into the PDF, has all Latin, Greek and Cyrillic letters,
Vietnamese among them. Scripts that need shaping, or thousands of signs, have no face here.
"""

from functools import cache
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import Final
from unicodedata import category, normalize

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

GAP: Final = "[…]"
"""Stands where a word of the text cannot be drawn."""
_WIDE: Final = "NotoSans"


def marked_up(text: str) -> str:
    """The text as markup for a paragraph, word by word, with GAP for words that no face can draw."""
    lines = normalize("NFC", text).split("\n")
    return "<br/>".join(" ".join(_runs(line)) for line in lines)


def is_whole(text: str | None) -> bool:
    """Whether every word of it can be drawn."""
    return all(_face(word) is not None for word in normalize("NFC", text or "").split())


def _runs(line: str) -> list[str]:
    faces = groupby(line.split(" "), _face)
    return [_run(face, " ".join(words)) for face, words in faces]


def _run(face: str | None, words: str) -> str:
    if face is None:
        return GAP
    drawn = escape("".join(sign for sign in words if category(sign) != "Cf"))
    return f'<font name="{face}">{drawn}</font>' if face else drawn


def _face(word: str) -> str | None:
    """The face that has all signs of a word: "" for the page's own, None where there is none."""
    if word.encode("cp1252", "ignore").decode("cp1252") == word:
        return ""
    has = _wide()
    return _WIDE if all(ord(sign) in has or category(sign) == "Cf" for sign in word) else None


@cache
def _wide() -> frozenset[int]:
    """Code points of Noto Sans without those of scripts that need shaping, once it is registered for PDFs."""
    font = TTFont(_WIDE, str(files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"), shapable=False)
    registerFont(font)
    return frozenset(code for code in font.face.charToGlyph if code < _FIRST_SHAPED or code >= _LATIN_EXTENDED)


_FIRST_SHAPED: Final = 0x0590
_LATIN_EXTENDED: Final = 0x1E00
