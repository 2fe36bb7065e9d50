"""Owns how a definition's words are shown: part by part, in the reader's language where it has them.

The words come from the API; their other languages stand in catalogues of their own (`locales/definitions/`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.gateway.pages.api import Json
from services.gateway.pages.words import N_, ORIGIN, Words

WHAT = "What"
NAMES: Mapping[str, str] = {
    WHAT: N_("What it says"),
    "Who is counted": N_("Who is counted"),
    "Numerator": N_("Numerator"),
    "Denominator": N_("Denominator"),
    "Too recent to count (pending)": N_("Too recent to count"),
    "Left out by definition (excluded)": N_("Left out by definition"),
    "Not known (missing)": N_("Not known"),
    "How to read it": N_("How to read it"),
    "Source": N_("Source"),
}


@dataclass(frozen=True)
class Part:
    """One part of a definition, and the language that its text is in."""

    name: str
    text: str
    language: str


def defined_in(measure: Json, words: Words) -> list[Part]:
    """The parts of a measure's definition in order."""
    made = []
    for name, text in parts_of(str(measure["text"])):
        said = words.say(text)
        made.append(Part(words.say(NAMES[name]), said, words.language if said != text else ORIGIN))
    return made


def parts_of(text: str) -> Iterator[tuple[str, str]]:
    """Name and text of each part: lines joined, the first part without the measure's own name in front."""
    name, lines = WHAT, list[str]()
    for line in text.strip().splitlines():
        start, colon, rest = line.partition(":")
        if colon and start in NAMES:
            yield name, " ".join(lines)
            name, lines = start, [rest.strip()]
        elif line.strip():
            lines.append(line.strip())
    yield name, " ".join(lines)
