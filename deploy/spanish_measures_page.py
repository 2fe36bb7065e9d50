"""Owns docs/measures.es.md: what each measure counts, in Spanish, in the words of the pages."""

import sys
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Final

from deploy.made_page import write_or_check
from services.gateway.pages import terms
from services.gateway.pages.figures.defined import defined_in
from services.gateway.pages.words import Words, translations
from services.measures.definitions import CATALOGUE
from services.measures.domain.measure import Definition

PAGE = Path(__file__).parents[1] / "docs" / "measures.es.md"
LANGUAGE: Final = "es"

_HEAD: Final = """\
# Medidas

Lo que cuenta cada medida, tal como lo leen los grupos de trabajo. [En inglés](measures.md) está lo mismo, y por qué
grupos se puede ver cada una. Esta página la hace `python -m deploy.spanish_measures_page` con las definiciones y con su
traducción; un significado nuevo es un archivo nuevo con la versión siguiente, y cada cifra dice la suya.

Una publicación no muestra ningún número del 1 al 10, ni ninguno del que se pueda deducir uno: en su lugar dice que son
muy pocos para mostrarlos.
"""


def text() -> str:
    """The page as it has to be."""
    words = Words(LANGUAGE, translations(LANGUAGE), UTC)
    return "\n".join([_HEAD, *("\n".join(_section(definition, words)) for definition in CATALOGUE.values())])


def untranslated() -> list[str]:
    """What stands in English, by measure: a sentence that has no translation, or a name."""
    words = Words(LANGUAGE, translations(LANGUAGE), UTC)
    return [
        f"{definition.name}: {each.name}"
        for definition in CATALOGUE.values()
        for each in defined_in({"text": definition.text}, words)
        if each.language != LANGUAGE
    ] + [each.name for each in CATALOGUE.values() if words.say(terms.TITLES[each.id]) == each.title]


def _section(definition: Definition, words: Words) -> Iterator[str]:
    yield f"## {words.say(terms.TITLES[definition.id])}"
    yield ""
    what, *parts = defined_in({"text": definition.text}, words)
    yield f"`{definition.id}`, versión {definition.version}. {what.text}"
    yield ""
    for part in parts:
        yield f"- {part.name}: {part.text}"
    yield ""


def main(arguments: list[str]) -> int:
    """Write the page, or with `--check` say whether it is as it has to be."""
    return write_or_check(arguments, PAGE, text, "deploy.spanish_measures_page")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
