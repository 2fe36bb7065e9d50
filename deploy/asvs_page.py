"""Owns docs/asvs.md: how we stand to each requirement of OWASP ASVS 5.0, level 2, and which test shows it."""

import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from deploy.made_page import write_or_check

PAGE = Path(__file__).parents[1] / "docs" / "asvs.md"
ROWS = Path(__file__).parent / "asvs.toml"
STANDS: Final = {"shown": "", "not_met": "not met: ", "elsewhere": "answered for by ", "no_such": "does not apply: "}
"""How a row may stand, and how the page says so."""

_HEAD = """# OWASP ASVS 5.0.0, level 2

How we stand to the [Application Security Verification Standard](https://owasp.org/asvs) where it speaks of sessions,
access, tokens, data and logging: each requirement to level 2 by its number, what it asks in our words, and the test
that shows it, or why it is not met. The standard's own text counts. Made by `python -m deploy.asvs_page` from
`deploy/asvs.toml`; `tests/docs/test_asvs.py` looks whether each test is there.
"""


def text() -> str:
    """The page as it has to be."""
    rows = tomllib.loads(ROWS.read_text(encoding="utf-8"))
    others = rows.pop("others")
    parts = [_HEAD, _sum(rows)]
    parts += ["\n".join(_chapter(name, chapter)) for name, chapter in rows.items()]
    parts.append("\n".join(_lines(others)))
    return "\n".join(parts)


def requirements(chapter: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows of a chapter by number."""
    return {number: row for number, row in chapter.items() if number != "title"}


def _sum(rows: dict[str, Any]) -> str:
    stands = Counter(next(how for how in STANDS if how in row) for each in rows.values() for row in _rows(each))
    return (
        f"{stands.total()} requirements: {stands['shown']} shown by a test, {stands['not_met']} not met,"
        f" {stands['elsewhere']} answered for elsewhere, {stands['no_such']} that do not apply.\n"
    )


def _rows(chapter: dict[str, Any]) -> list[dict[str, Any]]:
    return list(requirements(chapter).values())


def _chapter(name: str, chapter: dict[str, Any]) -> Iterator[str]:
    yield f"## {name} {chapter['title']}"
    yield ""
    yield "| requirement | level | asks that | shown by, or how it stands |"
    yield "|---|---|---|---|"
    for number, row in requirements(chapter).items():
        yield f"| {number} | {row['level']} | {row['asks']} | {_stands(row)} |"
    yield ""


def _stands(row: dict[str, Any]) -> str:
    how = next(how for how in STANDS if how in row)
    return _tests(row["shown"]) if how == "shown" else STANDS[how] + row[how]


def _tests(shown: list[str]) -> str:
    """Tests as links of a file and a name."""
    places = (test.partition("::") for test in shown)
    return "; ".join(f"`{file}` {name}".strip() for file, _, name in places)


def _lines(others: dict[str, Any]) -> Iterator[str]:
    yield "## The other chapters"
    yield ""
    yield "| chapter | how we stand | shown by |"
    yield "|---|---|---|"
    for name, row in others.items():
        yield f"| {name} {row['title']} | {row['stands']} | {_tests(row['shown'])} |"
    yield ""


def main(arguments: list[str]) -> int:
    """Write the page; with `--check` say whether it is up to date."""
    return write_or_check(arguments, PAGE, text, "deploy.asvs_page")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
