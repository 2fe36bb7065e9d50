"""The tests that docs/asvs.md and docs/threat-model.md name are there, and each requirement says how it stands."""

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from deploy import asvs_page
from deploy.asvs_page import ROWS, STANDS, requirements

ROOT = Path(__file__).parents[2]
SAID: dict[str, Any] = tomllib.loads(ROWS.read_text(encoding="utf-8"))
CHAPTERS = {name: chapter for name, chapter in SAID.items() if name != "others"}
TO_LEVEL_2: Final = {"V7": (3, 4, 2, 5, 2, 2), "V8": (2, 3, 1, 1), "V9": (3, 4), "V10": (2, 2, 4, 11, 5, 2, 3),
                     "V14": (2, 4, 3), "V16": (1, 5, 4, 3, 3)}  # fmt: skip
"""How many requirements each section of the standard has to level 2: the first ones of it."""
THREATS = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")


@cache
def names_in(file: str) -> frozenset[str]:
    """The tests of a file; none where there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    found = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return frozenset(node.name for node in found if isinstance(node, kinds) and node.name.startswith("test_"))


def gone(tests: Iterable[str]) -> Iterator[str]:
    """Of `file::name`, or of a file alone, what is not there."""
    for test in tests:
        file, _, name = test.partition("::")
        if not names_in(file) or (name and name not in names_in(file)):
            yield test


def test_each_requirement_is_there_once_and_says_how_it_stands() -> None:
    for chapter, counts in TO_LEVEL_2.items():
        rows = requirements(CHAPTERS[chapter])
        wanted = [
            f"{chapter[1:]}.{section}.{number}"
            for section, many in enumerate(counts, 1)
            for number in range(1, many + 1)
        ]
        assert list(rows) == wanted
        assert [number for number, row in rows.items() if len(STANDS.keys() & row.keys()) != 1] == []
        assert all(row["asks"] and row["level"] in {1, 2} for row in rows.values())
    assert CHAPTERS.keys() == TO_LEVEL_2.keys()
    assert {*CHAPTERS, *SAID["others"]} == {f"V{number}" for number in range(1, 18)}


def test_every_test_that_shows_one_is_there() -> None:
    rows = [row for chapter in CHAPTERS.values() for row in requirements(chapter).values()]
    shown = [test for row in [*rows, *SAID["others"].values()] for test in row.get("shown", ())]
    assert len(shown) > 60
    assert list(gone(shown)) == []


def test_every_test_of_the_threat_model_is_there() -> None:
    named = re.findall(r"`(?:(tests/[\w/]+\.py)|(test_\w+\.py))`", THREATS)
    files = [whole or f"tests/privacy/{short}" for whole, short in named]
    assert len(files) > 10
    assert [file for file in files if not (ROOT / file).is_file()] == []


def test_a_test_that_is_gone_is_seen() -> None:
    there = "tests/docs/test_asvs.py::test_a_test_that_is_gone_is_seen"
    lost = [
        "tests/docs/test_asvs.py::test_that_never_was",
        "tests/docs/test_lost.py",
        "tests/docs/test_lost.py::test_x",
    ]
    assert list(gone([there, *lost])) == lost


def test_the_page_is_what_the_rows_say(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert asvs_page.main(["--check"]) == 0
    monkeypatch.setattr(asvs_page, "text", lambda: "")
    assert asvs_page.main(["--check"]) == 1
    assert "python -m deploy.asvs_page" in capsys.readouterr().out
