"""What the documents say of the repository is so: what they name is there, links lead somewhere, records are short."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
RECORDS = sorted((ROOT / "docs" / "adr").glob("*.md"))
PLACE = re.compile(r"`((?:services|contracts|deploy|tests|docs|requirements|\.ci)/[\w./*<>-]*)`")
LINK = re.compile(r"\]\(([^)#:]+)(?:#[\w-]+)?\)")
SECTIONS = ("## Context", "## Decision", "## Consequences", "## Alternatives", "## References")
LONGEST_RECORD = 60
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|TBD)\b")


def ids(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def missing_places(text: str) -> Iterator[str]:
    """Paths in back-quotes that nothing in the repository answers to; `<name>` and `*` stand for anything."""
    for place in PLACE.findall(text):
        pattern = re.sub(r"<[\w-]+>", "*", place)
        if not any(ROOT.glob(pattern.rstrip("/"))):
            yield place


def dead_links(path: Path, text: str) -> Iterator[str]:
    for link in LINK.findall(text):
        if not (path.parent / link).exists():
            yield link


@pytest.mark.parametrize("path", DOCUMENTS, ids=ids(DOCUMENTS))
def test_what_a_document_names_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not list(missing_places(text))
    assert not list(dead_links(path, text))
    assert not UNFINISHED.search(text)


def test_what_is_gone_is_noticed() -> None:
    assert list(missing_places("`services/referrals/cases.py`, `tests/docs/`")) == ["services/referrals/cases.py"]
    assert list(dead_links(ROOT / "README.md", "[a](docs/glossary.md) [b](docs/gone.md)")) == ["docs/gone.md"]


@pytest.mark.parametrize("path", RECORDS, ids=ids(RECORDS))
def test_a_record_is_short_and_says_what_keeps_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_RECORD
    assert [section for section in SECTIONS if section not in text] == []
    assert re.match(rf"# {path.name[:4]}: \S", text)
    assert PLACE.search(text.split("## References", 1)[1])


def test_records_are_numbered_one_after_the_other() -> None:
    assert [int(path.name[:4]) for path in RECORDS] == list(range(1, len(RECORDS) + 1))
