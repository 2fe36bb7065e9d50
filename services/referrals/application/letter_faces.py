"""The faces that a letter can be drawn with, and which signs each has; scripts whose signs join are shaped (HarfBuzz).

The page's own faces have Windows-1252. Noto Sans, which is put into the PDF as far as it is used, has all Latin, Greek
and Cyrillic letters, Vietnamese among them; its sisters have Arabic (Persian and Urdu too), Khmer and Thai. Who runs
the system can lay more TrueType faces into a folder (`CLOSEKNIT_LETTER_FACES`): for Chinese, Korean, Gurmukhi or Lao no
package is both light and looked after.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final
from unicodedata import category, normalize

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

from services.referrals.domain.frozen import frozen

OWN: Final = "Helvetica"
_PACKAGES: Final = ("fontpkg_noto_sans_arabic", "fontpkg_noto_sans_khmer", "fontpkg_noto_sans_thai")
_FIRST_SHAPED: Final = 0x0590
_LATIN_EXTENDED: Final = 0x1E00


@frozen
class Face:
    """A face by the name under which the PDF knows it. `shaped`: only a line of its own is drawn right with it."""

    name: str
    signs: frozenset[int] = frozenset()
    shaped: bool = False

    def has(self, word: str) -> bool:
        """Whether every sign of a word is in it, but for marks that only order text."""
        if self.name == OWN:
            return word.encode("cp1252", "ignore").decode("cp1252") == word
        return all(ord(sign) in self.signs or category(sign) == "Cf" for sign in word)


@frozen
class Faces:
    """Faces in the order in which they are asked for a word."""

    known: tuple[Face, ...]

    def of(self, word: str) -> Face | None:
        """The first face that has the whole word; None where there is none."""
        return next((face for face in self.known if face.has(normalize("NFC", word))), None)


@cache
def faces(folder: Path | None = None) -> Faces:
    """The faces of the packages, then those of a folder of TrueType files, registered for PDFs. Raises OSError for a
    folder that is not there, TTFError for a file that is no TrueType face."""
    return Faces((Face(OWN), _wide(), *_shaped(), *_from(folder)))


def _wide() -> Face:
    """Noto Sans without the signs of scripts that need shaping."""
    path = files("fontpkg_noto_sans") / "files" / "NotoSans[wdth,wght].ttf"
    signs = _registered("NotoSans", str(path), shapable=False)
    return Face("NotoSans", frozenset(code for code in signs if code < _FIRST_SHAPED or code >= _LATIN_EXTENDED))


def _shaped() -> Iterator[Face]:
    for package in _PACKAGES:
        (path,) = (each for each in (files(package) / "files").iterdir() if each.name.endswith(".ttf"))
        name = path.name.partition("[")[0]
        yield Face(name, _registered(name, str(path)), shaped=True)


def _from(folder: Path | None) -> Iterator[Face]:
    for path in sorted(each for each in folder.iterdir() if each.suffix == ".ttf") if folder else ():
        yield Face(path.stem, _registered(path.stem, str(path)), shaped=True)


def _registered(name: str, path: str, *, shapable: bool = True) -> frozenset[int]:
    font = TTFont(name, path, shapable=shapable)
    registerFont(font)
    return frozenset(font.face.charToGlyph)
