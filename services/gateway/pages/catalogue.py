"""Owns how the texts of the pages become catalogues: found in code and templates, kept one .po file a language.

python -m services.gateway.pages.catalogue    bring each catalogue up to date; a new text waits there for its words
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from services.gateway.pages.words import CATALOGUES, ORIGIN

PAGES = Path(__file__).parent
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"silent": "false", "newstyle_gettext": "true"}}
KEYWORDS = {"_": None, "gettext": None, "N_": None, "NN_": (1, 2), "say": None, "ngettext": (1, 2), "count": (1, 2)}
# Header lines that change with every run and tell nobody anything.
NOISE = (b'"Report-', b'"POT-', b'"PO-', b'"Last-', b'"Language-Team', b'"Generated-', b'"Project-')

Text = str | tuple[str, str]


def found() -> Catalog:
    """Every text that a page can say, with where."""
    catalogue = Catalog(locale=ORIGIN, project="Closeknit")
    for name, line, text, comments, context in extract_from_dir(PAGES, METHODS, OPTIONS, KEYWORDS):
        catalogue.add(text, None, [(name, line)], auto_comments=comments, context=context)
    return catalogue


def languages() -> list[str]:
    """Languages that have a catalogue; the texts themselves are English."""
    return sorted(path.stem for path in CATALOGUES.glob("*.po"))


def kept(language: str) -> Catalog:
    """The catalogue of a language as it is committed."""
    with (CATALOGUES / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def untranslated(language: str) -> Iterator[str]:
    """Texts that a page can say and the language lacks, or marks as not sure."""
    known = kept(language)
    for message in found():
        if not message.id:
            continue
        said = known.get(message.id, message.context)
        texts = said.string if said and isinstance(said.string, tuple | list) else (said.string if said else "",)
        if said is None or said.fuzzy or not all(texts):
            yield str(message.id)


def left_over(language: str) -> Iterator[str]:
    """Texts of the catalogue that no page says."""
    wanted = found()
    for message in kept(language):
        if message.id and wanted.get(message.id, message.context) is None:
            yield str(message.id)


def updated(language: str) -> bytes:
    """The .po file of a language with the texts of now: words are kept, what no page says is dropped."""
    catalogue = kept(language)
    catalogue.update(found(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    text = io.BytesIO()
    write_po(text, catalogue, width=120, no_location=True)
    return b"".join(line for line in text.getvalue().splitlines(keepends=True) if not line.startswith(NOISE))


def main() -> int:
    """Writes every catalogue; 1 where words are missing."""
    missing = 0
    for language in languages():
        (CATALOGUES / f"{language}.po").write_bytes(updated(language))
        for text in untranslated(language):
            missing += 1
            sys.stderr.write(f"{language}: {text}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
