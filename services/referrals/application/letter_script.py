"""How a text of any script stands on the letter: drawn by a face that has its signs, or said to be left out; never "?".

In a sentence stand the letters that need no shaping; a text of other scripts stands in lines of its own (letter_lines).
"""

from html import escape
from itertools import groupby
from typing import Final
from unicodedata import category, normalize

from services.referrals.application.letter_faces import OWN, Face, Faces

GAP: Final = "[…]"
"""Stands where a word of the text cannot be drawn."""


def marked_up(text: str, faces: Faces) -> str:
    """The text as markup within a sentence, word by word, with GAP for words that only a line of their own could hold,
    or that no face can draw."""
    return "<br/>".join(" ".join(_runs(line, faces)) for line in normalize("NFC", text).split("\n"))


def is_whole(text: str | None, faces: Faces) -> bool:
    """Whether every word of it can be drawn."""
    return all(faces.of(word) is not None for word in (text or "").split())


def is_shaped(text: str, faces: Faces) -> bool:
    """Whether some word of it is drawn right in a line of its own alone."""
    found = (faces.of(word) for word in text.split())
    return any(face is not None and face.shaped for face in found)


def drawable(text: str) -> str:
    """Without marks that only order text."""
    return "".join(sign for sign in text if category(sign) != "Cf" or sign == JOINER)


JOINER: Final = "\u200d"


def _runs(line: str, faces: Faces) -> list[str]:
    return [_run(face, " ".join(words)) for face, words in groupby(line.split(" "), faces.of)]


def _run(face: Face | None, words: str) -> str:
    if face is None or face.shaped:
        return GAP
    drawn = escape(drawable(words))
    return drawn if face.name == OWN else f'<font name="{face.name}">{drawn}</font>'
