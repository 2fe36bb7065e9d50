"""The scorecard: sentence, picture and table from a frozen release, and nothing that is too few to show."""

import re
from collections.abc import Iterator
from datetime import UTC
from gettext import NullTranslations

import httpx
import pytest

from services.gateway.pages.charts import Charts, readable
from services.gateway.pages.figures import Row, drawing, interval, row_of
from services.gateway.pages.words import Words
from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.upstream_figures import release
from tests.gateway.upstream_twin import problem

WANTED = {
    "kind": "dots",
    "axis": "of every 100",
    "total": 60,
    "total_word": "All 60",
    "rows": [
        {"label": "<Food>", "percent": 52, "low": 44, "high": 60, "last": 49},
        {"label": "WIC", "percent": 68, "low": 62, "high": 74, "last": None},
    ],
}
TREND = {
    **WANTED,
    "kind": "trend",
    "total": None,
    "rows": [
        {"label": "2026-Q1", "percent": 40, "low": 33, "high": 47, "last": None},
        {
            "label": "2026-Q2",
            "percent": None,
            "low": None,
            "high": None,
            "last": None,
            "hidden": True,
            "word": "few!",
        },
        {"label": "2026-Q3", "percent": 60, "low": 53, "high": 67, "last": None},
    ],
}


@pytest.fixture
def reader(house: House) -> Iterator[httpx.Client]:
    house.twin.releases = [release("2026-Q3.1", house.twin), release("2026-Q2.1", house.twin)]
    with house.visitor("greta-example") as visitor:
        yield visitor


@pytest.mark.slow
def test_a_release_is_read_as_sentences_and_tables(reader: httpx.Client) -> None:
    page = reader.get("/scorecard")
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["The widest gap: Food, 20 points behind"]
    assert "60 of every 100 referrals were answered in time" in page.text
    assert "480 clients were reached" in page.text
    assert "60 of 150" in page.text
    assert "Release 2026-Q3.1" in page.text
    assert page.text.count('role="img"') >= 2


@pytest.mark.slow
def test_too_few_is_those_words_in_every_hidden_cell(reader: httpx.Client) -> None:
    page = reader.get("/scorecard").text
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">WIC.*?</tr>", page, re.DOTALL)
    assert len(rows) == 2
    for row in rows:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
        assert cells == ["Too few to show"]
    assert page.count("<dd>Too few to show</dd>") == 3
    assert not re.search(r"<td[^>]*>\s*(-|0|&lt; ?11)?\s*</td>", page.replace('class="num" data-label="Interval"', "x"))


@pytest.mark.slow
def test_by_quarter_and_compared(reader: httpx.Client) -> None:
    page = reader.get("/scorecard", params={"by": "quarter"})
    assert "2026-Q2" in page.text
    assert "In the release before it was 60." in page.text
    alone = reader.get("/scorecard", params={"compare": "none"})
    assert "In the release before" not in alone.text
    odd = reader.get("/scorecard", params={"by": "agency", "release": "none", "compare": "x", "group": "backbone"})
    assert odd.status_code == 200


@pytest.mark.slow
def test_a_table_can_be_taken_along(house: House, reader: httpx.Client) -> None:
    path = next(each for each in Reading(reader.get("/scorecard").text).addresses if ".csv" in each)
    answer = reader.get(path)
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.startswith("release,measure")
    house.twin.breaks["get_release_figures"] = lambda: problem(404, "not-found")
    assert reader.get("/scorecard/figures.csv?release=../x&measure=y").status_code == 404


def test_without_a_release_the_definitions_stand(house: House, reader: httpx.Client) -> None:
    house.twin.releases = []
    page = reader.get("/scorecard")
    assert "There is no release yet" in page.text
    assert "Closed: how." in page.text


@pytest.mark.slow
def test_the_backbone_may_choose_a_group(house: House, reader: httpx.Client) -> None:
    assert reader.get("/scorecard").status_code == 200
    with house.visitor("bea-backbone-example") as backbone:
        page = backbone.get("/scorecard", params={"group": "coordination"})
    assert "Coordination of Care and Support" in page.text
    assert 'name="group"' in page.text


def test_an_interval_is_wilsons() -> None:
    assert interval(77, 148) == (44, 60)
    assert interval(0, 20) == (0, 16)
    assert interval(235, 235) == (98, 100)


def test_a_row_is_unsteady_when_either_side_is_few() -> None:
    def figure(numerator: int | None, denominator: int | None) -> Row:
        percent = None if numerator is None else 50
        return row_of("x", {"numerator": numerator, "denominator": denominator, "percent": percent}, None)

    assert [figure(n, d).unsteady for n, d in ((19, 60), (50, 60), (30, 60), (None, None))] == [
        True,
        True,
        False,
        False,
    ]
    assert figure(None, 100).low is None


def test_a_run_of_hidden_quarters_says_why_once_and_an_empty_one_nothing() -> None:
    shown, hidden, empty = (100, 200, 50), (None, None, None), (0, 0, None)
    told = [hidden, hidden, shown, empty, shown, hidden]
    rows = [Row(f"Q{n}", one, of, percent, None, None, None) for n, (one, of, percent) in enumerate(told)]
    measure = {"of": "referrals", "counts_clients": False}
    wanted = drawing(
        {"by": "quarter", "measure": measure, "total": {"percent": 50}}, rows, Words("en", NullTranslations(), UTC)
    )
    assert wanted is not None
    assert [row["word"] for row in wanted["rows"]] == ["too few", None, None, None, None, "too few"]
    assert [row["hidden"] for row in wanted["rows"]] == [True, True, False, False, False, True]


@pytest.mark.slow
async def test_a_picture_has_words_and_no_code() -> None:
    charts = Charts()
    try:
        picture = await charts.draw(WANTED, "m", "Title & more", "Lowest: <Food>.")
        assert picture is not None
        page = Reading(f"<h1>x</h1>{picture}")
        assert page.wrong == []
        assert '<title id="m-t">Title &amp; more</title>' in picture
        assert "style=" not in picture
        assert "&lt;Food&gt;" in picture
        assert "All 60" in picture
        trend = await charts.draw(TREND, "n", "t", "d")
        assert trend is not None
        assert trend.count("few!") == 1
    finally:
        charts.close()


@pytest.mark.slow
async def test_a_killed_drawing_process_is_started_again() -> None:
    charts = Charts()
    try:
        assert await charts.draw(WANTED, "m", "t", "d")
        assert charts._process is not None
        charts._process.kill()
        charts._process.wait()
        assert await charts.draw(TREND, "m", "t", "d")
    finally:
        charts.close()


@pytest.mark.slow
async def test_what_cannot_be_drawn_is_left_out() -> None:
    charts = Charts()
    try:
        assert await charts.draw({"kind": "dots", "rows": []}, "m", "t", "d") is None
        assert await charts.draw(WANTED, "m", "t", "d")
    finally:
        charts.close()
    with pytest.raises(ValueError, match="no picture"):
        readable("<p>", "m", "t", "d")
