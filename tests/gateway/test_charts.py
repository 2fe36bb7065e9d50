"""Charts of what is no share: a rate, a mix and a spread, on the scorecard, in files, for every eye, and on paper."""

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Browser

from services.gateway.pages.api import Json
from services.gateway.pages.figures.over_time import panels
from services.gateway.pages.figures.rows import row_of
from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_every_page import NARROW, on_paper, serious, too_wide
from tests.gateway.test_words import words
from tests.gateway.upstream_figures import (
    BESIDE,
    GAPS,
    OF_LANGUAGES,
    OF_RELEASE,
    OTHER_KINDS,
    gap,
    other_kind,
    pieces,
    release,
    row,
)

WINDOW = 1000
DOSE, MIX, SPREAD = (each["measure"] for each in OTHER_KINDS)


@pytest.fixture
def backbone(house: House) -> Iterator[httpx.Client]:
    """Somebody who looks at two releases with a measure of each kind."""
    house.twin.releases = [release(name, house.twin) | _of(OTHER_KINDS) for name in ("2026-Q3.1", "2026-Q2.1")]
    with house.visitor("bea-backbone-example") as visitor:
        yield visitor


def _of(measures: list[dict[str, object]]) -> dict[str, object]:
    views = [{"measure": each["measure"], "by": by} for each in measures for by in ("none", "quarter", "language")]
    return {"measures": measures, "views": views}


def article(page: str, measure: str) -> str:
    return page[page.index(f'id="m-{measure}"') :].partition("</article>")[0]


def chosen(backbone: httpx.Client) -> str:
    """The scorecards of every group in one text; each of the three measures stands on one."""
    groups = ("shared-measures", "care-and-support")
    pages = [backbone.get("/scorecard", params={"group": each, "by": "language"}).text for each in groups]
    assert [Reading(page).wrong for page in pages] == [[], []]
    return "".join(pages)


def test_a_rate_is_points_with_intervals_by_group_and_a_line_over_time(backbone: httpx.Client) -> None:
    shown = article(chosen(backbone), DOSE)
    assert "From 6 for clients who speak English to 6.7 for clients who speak Spanish." in shown
    assert "Lowest: English, 6. Highest: Spanish, 6.7." in shown
    assert shown.count('class="ci"') == shown.count('class="last"') == 2
    assert "in 30 days</text>" in shown
    assert "From 2026-Q2 to 2026-Q3, in 30 days. Band: 95 % interval." in shown
    assert 'aria-label="Spanish: 2026-Q2 6.7, 2026-Q3 6.7."' in shown
    assert re.findall(r'row">Hmong</th><td class="few" colspan="4" data-label="">(.*?)</td>', shown) == [
        "Too few to show"
    ]


def test_a_gap_of_a_rate_is_said_in_its_own_unit(backbone: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    gaps = {**GAPS, "reference": "en", "per_days": 30.0, "groups": [gap("es", -0.67), gap("hmn", None)]}
    monkeypatch.setitem(OF_LANGUAGES, DOSE, gaps)
    page = chosen(backbone)
    shown = article(page, DOSE)
    assert "6.7 in 30 days for clients who speak Spanish, 6 for clients who speak English" in shown
    assert "The gap is 0.7 in 30 days; with chance in mind, between 0 and 10.7." in shown
    assert "All together: 6 in 30 days; with chance in mind, between 5.4 and 6.8." in shown
    assert "0.7 behind</text>" in shown
    assert "The widest gap: Spanish, 0.7 from English." in shown
    assert "Closing it means" not in shown
    assert "From 6 for" not in shown, "the gap says it"
    assert '<tr class="focal"><th scope="row">Spanish' in shown
    assert "English (compared with)" in shown
    assert "the gap for clients who speak Spanish is 0.7</h1>" in page, "no other measure has a gap"


def test_a_gap_of_a_time_says_by_when(house: House, backbone: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    time = other_kind("time_to_first_contact", "time") | {"of": "referrals"}
    course = {"within": {"7": {"value": 0.3, "low": 0.2, "high": 0.4, "unstable": False}}, "median": None, "p90": None,
              "unresolved": 0.0}  # fmt: skip
    monkeypatch.setitem(BESIDE, "time_to_first_contact", {"course": course})
    gaps = {**GAPS, "reference": "en", "within_days": 7.0, "groups": [gap("es", -12.0, chance=True)]}
    monkeypatch.setitem(OF_LANGUAGES, "time_to_first_contact", gaps)
    for each in house.twin.releases:
        each.update(_of([time]))
    shown = article(chosen(backbone), "time_to_first_contact")
    said = "within 7 days 30 of every 100 for clients who speak Spanish, 30 for clients who speak English"
    assert said in shown
    assert "The gap is about 12 points. It could be chance" in shown, "30 is shown of both"
    assert "Closing it means about 18 more referrals whose receivers meet her within 7 days." in shown


def test_a_time_of_which_the_counts_alone_are_shown_says_what_is_too_few(
    house: House, backbone: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    time = other_kind("time_to_first_contact", "time") | {"of": "referrals"}
    monkeypatch.setitem(BESIDE, "time_to_first_contact", {"course": None})
    for each in house.twin.releases:
        each.update(_of([time]))
    shown = article(chosen(backbone), "time_to_first_contact")
    assert "How many it came for can be shown, but not how soon" in shown
    assert "The numbers are too small to be shown" not in shown, "they stand in the table"


def test_where_too_few_are_shown_the_three_years_are_a_press_away(
    house: House, backbone: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "see the three-year figures" not in chosen(backbone)
    three = release("2023-2025.1", house.twin) | _of(OTHER_KINDS)
    house.twin.releases.append(three)
    assert "see the three-year figures" not in chosen(backbone), "the same rows are too few there"
    monkeypatch.setitem(OF_RELEASE, str(three["release"]), [row("hmn", 40, 90)])
    shown = article(chosen(backbone), DOSE)
    assert "Too few here: see the three-year figures of 2023-2025.1" in shown
    of_three = backbone.get("/scorecard", params={"release": house.twin.releases[-1]["release"]}).text
    assert "see the three-year figures" not in of_three


def test_a_mix_is_a_bar_for_each_piece_and_a_table_of_groups(backbone: httpx.Client) -> None:
    shown = article(chosen(backbone), MIX)
    assert shown.count('<rect class="bar"') == 3
    assert "Most: She was served, 60 in 100. Least: It is still open, 10 in 100." in shown
    assert "180 of 300" in shown
    assert ", by group</caption>" in shown
    assert "Ring: the release compared with." in shown


def test_the_pieces_of_a_mix_and_of_a_spread_have_a_line_over_time_each(backbone: httpx.Client) -> None:
    page = chosen(backbone)
    for measure, said in ((MIX, ("She was served", 60, 30, 10)), (SPREAD, ("1 or fewer", 60, 30, 10))):
        shown = article(page, measure)
        assert f'aria-label="{said[0]}: 2026-Q2 {said[1]}, 2026-Q3 {said[1]}."' in shown
        assert shown.count('class="trend"') == shown.count('class="band"') == 3
        assert "From 2026-Q2 to 2026-Q3, of every 100. Band: 95 % interval." in shown
        assert f'{said[1]} <span class="quiet small">(55 to 65)</span>' in shown


def test_a_piece_that_is_in_another_in_one_period_is_too_few_there() -> None:
    def table(name: str, units: dict[str, int] | None) -> Json:
        made = {"name": name, "by": "none", "rows": [], "measure": OTHER_KINDS[1] | {"direction": "neutral"}}
        if units is None:
            return {**made, "total": row("", None, None)}
        return {
            **made,
            "total": {**row("", sum(units.values()), sum(units.values())), "shares": units, "pieces": pieces(units)},
        }

    known = {"connected": 50, "expired": 30, "other": 20}
    pooled = table("2026-Q3.1", {"connected": 60, "other": 40})
    empty = table("2026-Q1.1", {}) | {"total": row("", 0, 0)}
    tables = [empty, table("2026-Q2.1", None), pooled, table("2026-Q4.1", known)]
    drawn = panels(tables, ([], row_of("All together", tables[-1]["total"], None)), None, words("en"))
    assert [each.label for each in drawn] == ["She was served", "Everything else together"]
    assert [point.few for point in drawn[0].points] == [False, True, False, False]
    assert [point.percent for point in drawn[0].points] == [None, None, 60, 50]
    again = [*tables, table("2027-Q1.1", known)]
    drawn = panels(again, ([], row_of("All together", again[-1]["total"], None)), None, words("en"))
    assert [each.label for each in drawn] == ["She was served", "Nobody answered", "Everything else together"]
    assert [point.few for point in drawn[1].points] == [False, True, True, False, False]


def test_a_spread_is_a_bar_for_each_band(backbone: httpx.Client) -> None:
    shown = article(chosen(backbone), SPREAD)
    assert re.findall(r'<rect class="bar"[^>]*/>(?:<circle[^>]*/>)?\s*<text[^>]*>(\d+)</text></g>', shown) == [
        "60",
        "30",
        "10",
    ]
    for said in ("1 or fewer", "2 to 7", "8 or more", "Half have at most"):
        assert said in shown


def test_what_is_too_few_has_no_bar(backbone: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(BESIDE, MIX)
    page = chosen(backbone)
    assert '<rect class="bar"' not in article(page, MIX)
    assert "Too few to show" in article(page, MIX)
    assert '<rect class="bar"' in article(page, SPREAD)


@pytest.mark.parametrize(("measure", "drawn"), [(DOSE, 'class="ci"'), (MIX, 'class="bar"'), (SPREAD, 'class="bar"')])
def test_each_is_taken_along_in_every_form(backbone: httpx.Client, house: House, measure: str, drawn: str) -> None:
    asked = urlencode({"release": house.twin.releases[0]["release"], "measure": measure, "by": "language"})
    found = {kind: backbone.get(f"/scorecard/figures.{kind}?{asked}") for kind in ("csv", "json", "svg", "html")}
    assert {each.status_code for each in found.values()} == {200}
    assert drawn in found["svg"].text
    assert found["html"].text.count("<svg") >= 2, "one in each language"
    assert found["json"].json()["total"]


def test_a_measure_that_was_counted_in_another_way_is_not_set_beside_it(house: House, backbone: httpx.Client) -> None:
    house.twin.releases[1]["measures"] = [each | {"version": 2} for each in OTHER_KINDS]
    shown = article(chosen(backbone), MIX)
    assert "counts it in another way (version 2, here 1): the two are not set side by side." in shown
    assert "Ring:" not in shown


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_charts_are_for_everybody(house: House, backbone: httpx.Client, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": NARROW, "height": 640}, bypass_csp=True)
    house.hand_over(backbone, context)
    page = context.new_page()
    address = f"{house.url}/scorecard?group=shared-measures&by=language"
    for language in ("en", "es"):
        page.goto(f"{house.url}/language/{language}", referer=address)
        assert page.locator("rect.bar").first.is_visible()
        assert serious(page) == []
        assert too_wide(page) == 0
        assert on_paper(page) == []
        for width in (WINDOW, 1200):
            page.set_viewport_size({"width": width, "height": 640})
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.set_viewport_size({"width": NARROW, "height": 640})
    context.close()


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_each_measure_has_a_printed_page_with_its_release(
    house: House, backbone: httpx.Client, browser: Browser
) -> None:
    context = browser.new_context(viewport={"width": WINDOW, "height": 640})
    house.hand_over(backbone, context)
    page = context.new_page()
    page.goto(f"{house.url}/scorecard?group=shared-measures&by=language")
    measures, origins = page.locator("article.measure:has(.paper)"), page.locator(".paper")
    assert measures.count() == origins.count() > 1
    assert not origins.first.is_visible()
    page.evaluate(
        "document.querySelectorAll('article:not(:has(.paper))').forEach(each => each.remove())"
    )  # not there yet
    printed = page.pdf(format="Letter")
    assert len(re.findall(rb"/Type /Page\b", printed)) == 1 + measures.count(), "and one that begins the report"
    page.emulate_media(media="print")
    assert origins.first.is_visible()
    numbers = page.locator(".measure figure .scrolls table")
    assert numbers.count() > 1
    assert all(table.is_visible() for table in numbers.all()), "a line over time has its numbers on paper too"
    page.set_viewport_size({"width": 700, "height": 900})
    for table in page.locator(".pair table").all():
        assert (
            table.evaluate(
                "each => each.getBoundingClientRect().right - each.parentElement.getBoundingClientRect().right"
            )
            <= 1
        )
    context.close()


STRUCK = """() => [...document.querySelectorAll("svg.plot")].flatMap(plot => {
  const target = plot.querySelector("path.target");
  if (!target) return [];
  const pieces = [...target.getAttribute("d").matchAll(/M([0-9.]+) ([0-9.]+)([VH])([0-9.]+)/g)].map(
    ([, x, y, way, end]) => ({left: +x, top: +y, right: way == "H" ? +end : +x, bottom: way == "V" ? +end : +y}));
  return [...plot.querySelectorAll("text")].filter(text => {
    const box = text.getBBox();
    return pieces.some(each => each.left < box.x + box.width && each.right > box.x
      && each.top < box.y + box.height && each.bottom > box.y);
  }).map(text => text.textContent);
})"""


@pytest.mark.slow
@pytest.mark.timeout(120)
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_words_of_a_picture_are_struck_out_by_the_target(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setitem(OF_LANGUAGES, "response_rate", {**GAPS, "reference": "en", "groups": [gap("es", -4.0)]})
    house.twin.releases = [release("2026-Q3.1", house.twin), release("2026-Q2.1", house.twin)]
    near = [row("en", 182, 200), row("es", 78, 90), row("hmn", 90, 100), row("pa", 9_980, 10_000)]
    for each in house.twin.releases:
        monkeypatch.setitem(OF_RELEASE, str(each["release"]), near)
    with house.visitor("greta-example") as visitor:
        context = browser.new_context(viewport={"width": WINDOW, "height": 640})
        house.hand_over(visitor, context)
        page = context.new_page()
        page.goto(f"{house.url}/language/{language}")
        page.goto(f"{house.url}/scorecard?by=language")
        assert page.locator("svg.plot path.target").count() > 1
        assert page.evaluate(STRUCK) == []
        page.evaluate(
            "document.querySelectorAll('svg.plot').forEach(plot => plot.querySelector('path.target')?.setAttribute('d',"
            " plot.querySelector('.f .val') ? `M${plot.querySelector('.f .val').getBBox().x + 1} 0V999` : 'M0 0V0'))"
        )
        assert page.evaluate(STRUCK) != [], "a line through them is seen"
        context.close()


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_measures_without_a_course_share_a_printed_page(house: House, browser: Browser) -> None:
    only = release("2026-Q3.1", house.twin) | _of(OTHER_KINDS)
    only["views"] = [each for each in only["views"] if each["by"] == "none"]
    house.twin.releases = [only]
    with house.visitor("bea-backbone-example") as visitor:
        context = browser.new_context(viewport={"width": WINDOW, "height": 640})
        house.hand_over(visitor, context)
        page = context.new_page()
        page.goto(f"{house.url}/scorecard?group=shared-measures")
        page.emulate_media(media="print")
        broken = "all => all.map(each => [getComputedStyle(each).breakBefore, getComputedStyle(each).breakInside])"
        first, *others = page.locator("article.measure:has(.paper)").evaluate_all(broken)
        assert first[0] == "page", "the report begins with a page of its own"
        assert others
        assert {tuple(each) for each in others} == {("auto", "avoid")}
        context.close()
