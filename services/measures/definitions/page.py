"""The catalogue as a page for partners: `python -m services.measures.definitions.page > docs/measures.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from services.measures.definitions import CATALOGUE
from services.measures.domain.measure import GROUPS, By, Definition, Direction, Kind

_HEAD = """\
# Measures

What each measure counts, as working groups read it. This page is made from the definitions' own files under
`services/measures/definitions/`; a new meaning is a new file with the next version, and figures name theirs.

"Who she says she is" are the groups of a client, by what she said herself, else by what was observed, else by a file
(rule R7): race and ethnicity twice, once by the categories of SPD 15, alone or in combination, so that a client stands
in each that she named and the rows add up to more than all, and once by the eight groups of California's birth tables,
in one of which she stands; the detailed groups that she named; language; ZIP group; who pays; under 20 or older;
county. What is not known is a row of its own, and so is that she would not say; the birth tables have one row for both.

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
    yield f"- {_KINDS[definition.kind]} {_BETTER[definition.direction]}{_RESTRICTED if definition.sensitive else ''}"
    yield f"- Can be shown by: {', '.join(_shown(definition))}."
    yield ""


_KINDS = {
    Kind.PROPORTION: "A share.",
    Kind.CLIENTS: "A count of people.",
    Kind.MIX: "Shares that add up to all.",
    Kind.TIME: "A time, as a cumulative incidence with its interval.",
    Kind.RATE: "A rate.",
    Kind.DISTRIBUTION: "A mean, a median and how the rest is spread.",
}
_BETTER = {
    Direction.MORE: "More is better.",
    Direction.FEWER: "Fewer is better.",
    Direction.NEUTRAL: "Neither more nor fewer is better by itself.",
}
_RESTRICTED = " Sensitive: it rests on restricted facts, and 0 and all are hidden, too."
_BY = {
    By.QUARTER: "quarter",
    By.CATEGORY: "need",
    By.CHANNEL: "how the receiver was asked",
    By.OWNER: "whose decision it was",
    By.STAGE: "weeks of pregnancy when it became known",
}


def _shown(definition: Definition) -> Iterator[str]:
    yield from (words for by, words in _BY.items() if by in definition.by)
    if definition.by >= GROUPS:
        yield "who she says she is"


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
