"""The catalogue as a page for partners: `python -m services.measures.definitions.page > docs/measures.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from services.measures.definitions import CATALOGUE
from services.measures.domain.measure import By, Definition

_HEAD = """\
# Measures

What each measure counts, as working groups read it. This page is made from the definitions' own files under
`services/measures/definitions/`; a new meaning is a new file with the next version, and figures name theirs.

A release shows no number from 1 to 10 and none from which one follows; such a number says "too few to show".
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join([_HEAD, *("\n".join(_section(definition)) for definition in CATALOGUE.values())])


def _section(definition: Definition) -> Iterator[str]:
    sentence, _, terms = definition.text.strip().partition("\n\n")
    yield f"## {definition.title}"
    yield ""
    yield f"`{definition.id}`, version {definition.version}. {' '.join(sentence.split())}"
    yield ""
    term = ""
    for line in [*terms.splitlines(), ""]:
        starts = not line or line.partition(":")[0].partition(" (")[0] in _TERMS
        if starts and term:
            yield f"- {term}"
        term = line if starts else f"{term} {line}".strip()
    shown = [str(by) for by in By if by in definition.by and by is not By.NONE]
    yield f"- Can be shown by: {', '.join(shown)}."
    yield ""


_TERMS = (
    "Who is counted",
    "Numerator",
    "Denominator",
    "Too recent to count",
    "Left out by definition",
    "Not known",
    "How to read it",
    "Source",
)

if __name__ == "__main__":
    sys.stdout.write(page())
