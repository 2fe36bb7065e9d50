"""Which rows of a file are figures of a population, and for which reasons the others are not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from contracts.initiative import load_initiative
from services.measures.application.population_file import KNOWN, BadFile, Read, Refused, read
from services.measures.domain.population import Basis, Counting, PopulationFigure
from tests.measures.conftest import INITIATIVES

YEAR = 2026
HERE = load_initiative(INITIATIVES / "fresno-ptbi")
GOOD = {
    "measure": "preterm_birth",
    "publisher": "cdph",
    "basis": "obstetric_estimate",
    "weeks": "17-47",
    "by": "cdph8_exclusive",
    "group": "white",
    "period": "2019-2021",
    "numerator": "1,110",
    "denominator": "10,000",
    "printed": "11.1",
    "source": "Table 9 (invented)",
}


def written(folder: Path, *rows: dict[str, str], header: tuple[str, ...] = KNOWN) -> Path:
    path = folder / "population.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, header)
        writer.writeheader()
        writer.writerows(rows)
    return path


def one(folder: Path, **changed: str) -> Read | Refused:
    [row] = read(written(folder, {**GOOD, **changed}), YEAR, HERE)
    return row


def figure(folder: Path, **changed: str) -> PopulationFigure:
    row = one(folder, **changed)
    assert isinstance(row, Read), row
    return row.figure


def test_a_row_is_a_figure(tmp_path: Path) -> None:
    assert figure(tmp_path) == PopulationFigure(
        Counting("preterm_birth", "cdph", Basis.OBSTETRIC_ESTIMATE, (17, 47), 100),
        by="cdph8_exclusive",
        group="white",
        since=2019,
        until=2021,
        numerator=1_110,
        denominator=10_000,
        printed="11.1",
        source="Table 9 (invented)",
    )


def test_what_may_be_left_empty(tmp_path: Path) -> None:
    bare = dict.fromkeys(("basis", "weeks", "by", "group", "period", "numerator", "denominator"), "")
    found = figure(tmp_path, publisher="ucsf-ptbi", **bare)
    assert (found.counting.basis, found.counting.weeks, found.counting.per) == (Basis.NOT_SAID, None, 100)
    assert (found.by, found.group, found.since, found.until) == ("none", "all", None, None)
    assert (found.numerator, found.denominator, found.printed, found.practice) == (None, None, "11.1", False)


def test_a_numerator_alone_is_a_count(tmp_path: Path) -> None:
    found = figure(tmp_path, measure="live_births", basis="", weeks="", denominator="", printed="1,110", practice="yes")
    assert (found.counting.per, found.difference, found.practice) == (0, None, True)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"measure": "Preterm Birth"}, "the measure is a code"),
        ({"measure": "no_measure"}, "the measure is one of preterm_birth, "),
        ({"group": "martian"}, "there is no group martian by cdph8_exclusive"),
        ({"by": "zip_group", "group": "the-moon"}, "there is no group the-moon by zip_group"),
        ({"by": "category", "group": "doula"}, "by is one of none, "),
        ({"numerator": "0", "denominator": "0", "printed": "0"}, "its denominator is 0: there is no one to count"),
        ({"publisher": ""}, "the publisher is a code"),
        ({"source": ""}, "the source is missing"),
        ({"source": "x" * 601}, "longer than 600"),
        ({"printed": "about 11"}, "no figure as one would print it"),
        ({"printed": "16-14"}, "a range from more to less"),
        ({"numerator": "", "denominator": "", "printed": ""}, "neither counts nor a printed figure"),
        ({"numerator": "11.5"}, "the numerator is a whole number"),
        ({"numerator": "-20"}, "the numerator is a whole number"),
        ({"numerator": ""}, "a denominator and no numerator"),
        ({"numerator": "10,001"}, "no part of its denominator"),
        ({"per": "7"}, "per is 100, 1000"),
        ({"per": "0"}, "per is 100, 1000"),
        ({"denominator": "", "per": "100"}, "per is 100, 1000"),
        ({"basis": "guess"}, "the basis is one of"),
        ({"weeks": "17"}, "the weeks are the first and last"),
        ({"weeks": "47-17"}, "the weeks are the first and last"),
        ({"by": "agency"}, "by is one of"),
        ({"by": "quarter"}, "by is one of"),
        ({"by": "none"}, "the group is a code of its breakdown"),
        ({"group": ""}, "the group is a code of its breakdown"),
        ({"group": "all"}, "the group is a code of its breakdown"),
        ({"period": "last year"}, "the period is a year or two of them"),
        ({"period": "2021-2019"}, "the period is a year or two of them"),
        ({"period": "2024-2026"}, "the period has not ended"),
        ({"practice": "no"}, "practice is yes or empty"),
    ],
)
def test_what_is_no_figure_says_why(tmp_path: Path, changed: dict[str, str], reason: str) -> None:
    row = one(tmp_path, **changed)
    assert isinstance(row, Refused)
    assert (row.line, reason in row.reason) == (2, True), row.reason


@pytest.mark.parametrize("weeks", ["", "20-47", "17-44"])
def test_g26_cdph_counts_obstetric_estimates_of_17_to_47_weeks(tmp_path: Path, weeks: str) -> None:
    row = one(tmp_path, weeks=weeks)
    assert isinstance(row, Refused)
    assert "17 to 47" in row.reason
    assert figure(tmp_path, weeks=weeks, basis="last_menstrual_period").counting.basis is Basis.LAST_PERIOD
    assert figure(tmp_path, weeks=weeks, publisher="nchs").counting.publisher == "nchs"


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed", "fits"),
    [
        ("10", "10,000", "0.1", False),
        ("11", "10,000", "0.1", True),
        ("0", "10,000", "0.0", True),
        ("9,990", "10,000", "99.9", False),
        ("9,989", "10,000", "99.9", True),
        ("0", "10", "0", False),
        ("3", "", "3", False),
    ],
)
def test_r24_a_small_count_is_refused_although_it_was_printed(
    tmp_path: Path, numerator: str, denominator: str, printed: str, fits: bool
) -> None:
    row = one(tmp_path, numerator=numerator, denominator=denominator, printed=printed)
    assert isinstance(row, Read) is fits
    assert fits or "R24" in getattr(row, "reason", "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "'measure' is missing"),
        (b"measure,period\n", "'numerator' is missing"),
        (",".join([*KNOWN, "ward"]).encode(), "'ward' is not known"),
        (",".join([*KNOWN, "group"]).encode(), "'group' is there twice"),
        (",".join(KNOWN).encode() + b"\n\xff", "not UTF-8"),
        (",".join(KNOWN).encode() + b'\n"open', "not CSV"),
    ],
)
def test_a_file_that_is_none_is_refused_as_a_whole(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "population.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=reason):
        list(read(path, YEAR, HERE))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="cannot be opened"):
        list(read(tmp_path / "none.csv", YEAR, HERE))


@pytest.mark.parametrize("cells", ["preterm_birth", ",".join(["x"] * (len(KNOWN) + 1))])
def test_a_row_of_another_width(tmp_path: Path, cells: str) -> None:
    path = tmp_path / "population.csv"
    path.write_text(",".join(KNOWN) + "\n" + cells + "\n", encoding="utf-8")
    assert list(read(path, YEAR, HERE)) == [Refused(2, "it has not as many cells as the header")]


class TestCommitted:
    """What lies in the folders of the two initiatives."""

    @pytest.mark.parametrize("path", sorted(INITIATIVES.glob("*/*population.csv")), ids=lambda path: str(path)[-60:])
    def test_every_row_is_a_figure_and_practice_says_so(self, path: Path) -> None:
        rows = list(read(path, YEAR, HERE))
        assert rows
        for row in rows:
            assert isinstance(row, Read), row
            assert row.figure.practice == path.name.startswith("practice-")
            assert row.figure.practice == ("Invented for practice" in row.figure.source)
            assert row.figure.practice == (row.figure.numerator is not None), "in print we found rates without counts"

    def test_what_was_printed_stands_as_it_was(self) -> None:
        printed = {
            (path.parent.name, row.figure.group, row.figure.printed)
            for path in INITIATIVES.glob("*/population.csv")
            for row in read(path, YEAR, HERE)
            if isinstance(row, Read)
        }
        fresno, francisco = "fresno-ptbi", "expecting-justice-sf"
        assert printed == {
            (fresno, "all", "11.1"),
            (fresno, "all", "10.3"),
            (fresno, "african_american", "12"),
            (fresno, "white", "7.3"),
            (francisco, "african_american", "14"),
            (francisco, "african_american", "16"),
            (francisco, "pacific_islander", "10"),
            (francisco, "pacific_islander", "11"),
            (francisco, "white", "7.3"),
        }

    def test_practice_has_a_figure_that_does_not_follow_from_its_counts(self) -> None:
        rows = [*read(INITIATIVES / "fresno-ptbi" / "practice-population.csv", YEAR, HERE)]
        assert [row.figure.since for row in rows if isinstance(row, Read) and row.figure.difference] == [2021]


def test_the_example_of_the_document_is_read_as_it_says(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "docs" / "population.md").read_text(encoding="utf-8")
    path = tmp_path / "population.csv"
    path.write_text(text.split("```csv\n")[1].split("```")[0], encoding="utf-8")
    rows = list(read(path, YEAR, HERE))
    figures = [row.figure for row in rows if isinstance(row, Read)]
    assert (len(rows), len(figures)) == (4, 4), rows
    assert [(each.printed, str(each.recomputed)) for each in figures if each.difference] == [("14.1", "14.5")]
    assert {f"`{name}`" for name in KNOWN} <= set(text.replace(",", "").replace("|", "").split())
