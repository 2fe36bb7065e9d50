"""A text whose signs join, in lines of its own: broken, put in the order in which it is seen, and drawn shaped.

From right to left where it begins so (UAX 9, word by word); numbers and Latin words within keep their own order.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final
from unicodedata import bidirectional, category, normalize

from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import shapeStr
from reportlab.platypus import Flowable, Paragraph

from services.referrals.application.letter_faces import OWN, Faces
from services.referrals.application.letter_script import GAP, JOINER, drawable, is_shaped, marked_up

_STRONG: Final = frozenset({"L", "R", "AL"})
_TALL: Final = 1.8
"""Signs above and below the line want more room than Latin letters."""
_BOUND: Final = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4\u17d2" + JOINER)
"""After these no line is broken: vowels written before their consonant, and what joins two consonants."""


def lines_of(text: str, style: ParagraphStyle, width: float, faces: Faces) -> Flowable:
    """The text as lines no wider than `width` (points); an ordinary paragraph where nothing in it is shaped."""
    if not is_shaped(text, faces):
        return Paragraph(marked_up(text, faces), style)
    size = style.fontSize
    lines = [line for each in drawable(text).split("\n") for line in _broken(each, size, width, faces)]
    return Lines(lines, size, faces, backwards=_is_backwards(text))


class Lines(Flowable):
    """Lines of words, drawn word by word with the face of each; those from right to left end at the right edge."""

    def __init__(self, lines: Sequence[Sequence[str]], size: float, faces: Faces, *, backwards: bool) -> None:
        super().__init__()
        self.lines, self._size, self._faces, self._backwards = lines, size, faces, backwards

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 - the library's own names
        """All the room across, and as many lines as there are."""
        self._across = aW
        return aW, len(self.lines) * self._size * _TALL

    def draw(self) -> None:
        """The lines from the top."""
        step, space = self._size * _TALL, stringWidth(" ", OWN, self._size)
        for number, line in enumerate(self.lines):
            words = [_shaped(word, self._size, self._faces) for word in as_seen(line, backwards=self._backwards)]
            whole = sum(width for *_, width in words) + space * (len(words) - 1)
            x, y = self._across - whole if self._backwards else 0.0, (len(self.lines) - number - 0.7) * step
            for face, word, width in words:
                self.canv.setFont(face, self._size)
                self.canv.drawString(x, y, word)
                x += width + space


def as_seen(words: Sequence[str], *, backwards: bool) -> list[str]:
    """The words of one line from left to right, as they are seen."""
    runs = [list(run) for _, run in groupby(words, _is_backwards)]
    seen = [list(reversed(run)) if _is_backwards(run[0]) else run for run in runs]
    return [word for run in (reversed(seen) if backwards else seen) for word in run]


def _is_backwards(text: str) -> bool:
    """Whether its first sign that has a direction goes from right to left."""
    return next((kind for sign in text if (kind := bidirectional(sign)) in _STRONG), "L") != "L"


def _shaped(word: str, size: float, faces: Faces) -> tuple[str, str, float]:
    """The face's name, the word with its signs joined, and how wide it is then."""
    face = faces.of(word)
    if face is None:
        return OWN, GAP, stringWidth(GAP, OWN, size)
    drawn = shapeStr(word, face.name, size) if face.shaped else word
    joined = getattr(drawn, "__shapeData__", None)  # the library's own, which its types do not know
    if joined:
        return face.name, drawn, sum(each.x_advance for each in joined) * size / 1000
    return face.name, drawn, stringWidth(drawn, face.name, size)


def _broken(line: str, size: float, width: float, faces: Faces) -> Iterator[list[str]]:
    """The words of each line that fits, a word that is wider than a line cut between its signs."""
    taken: list[str] = []
    for word in (part for each in line.split(" ") for part in _cut(each, size, width, faces)):
        if taken and _width([*taken, word], size, faces) > width:
            yield taken
            taken = []
        taken.append(word)
    yield taken


def _cut(word: str, size: float, width: float, faces: Faces) -> Iterator[str]:
    part = ""
    for cluster in _clusters(word):
        if part and _width([part + cluster], size, faces) > width:
            yield part
            part = ""
        part += cluster
    yield part


def _clusters(word: str) -> Iterator[str]:
    """Signs that no line may part."""
    cluster = ""
    for sign in normalize("NFC", word):
        if (
            cluster
            and category(sign)[0] != "M"
            and cluster[-1] not in _BOUND
            and bidirectional(sign) not in {"R", "AL"}
        ):
            yield cluster
            cluster = ""
        cluster += sign
    yield cluster


def _width(words: Sequence[str], size: float, faces: Faces) -> float:
    return sum(_shaped(word, size, faces)[2] + stringWidth(" ", OWN, size) for word in words)
