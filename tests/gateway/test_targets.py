"""Targets by what others printed: every baseline, what remains, and what differs as printed and as recomputed."""

import html
import re

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.upstream_targets import COUNTED, FIGURES, TARGETS, WINDOWS, baseline, gap, gaps, progress, ratio
from tests.gateway.upstream_twin import Json


def page_of(house: House) -> httpx.Response:
    with house.visitor("greta-example") as visitor:
        return visitor.get("/targets")


def test_what_remains_is_said_with_its_interval_from_each_baseline(house: House) -> None:
    page = page_of(house)
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["2.76 points remain to the target for 2025"]
    for said in ("From 11.1 per cent", "From 10.3 per cent", "Example Gazette, announced", "2,907 of 29,790"):
        assert said in page.text
    assert "2.76 points to 7 per cent (2.36 to 3.16), about 822 births" in page.text
    assert page.text.count("No counts of this group yet") == 1, "nobody printed counts for the second"


def test_a_figure_that_does_not_recompute_is_shown_both_ways(house: House) -> None:
    page = page_of(house).text
    assert "1 printed figure does not follow from its own counts" in page
    row = page[page.index("Born too early, 2021") :].partition("</tr>")[0]
    assert "9.7" in row
    assert "10.1" in row
    assert "differs by +0.4" in row
    assert page.count('<tr class="focal">') == 1
    assert "no counts printed" in page


def test_that_none_differs_is_said_of_those_without_counts_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    births = {"counted": {**COUNTED, "measure": "live_births"}, "numerator": 8000, "denominator": None}
    for name, value in {**births, "printed": "8,000", "recomputed": "8000", "difference": None}.items():
        monkeypatch.setitem(FIGURES[1], name, value)
    page = page_of(house).text
    assert "No printed figure differs from its own counts" in page, "of the second nobody printed any"
    assert page.count("<span>8,000</span>") == 3, "printed, recomputed and counted look alike"


def test_figures_of_our_clients_never_stand_beside_them(house: House) -> None:
    page = page_of(house).text
    assert "Figures of our clients are never set beside them" in page
    assert "get_release_figures" not in {action for action, *_ in house.twin.heard}


def test_gaps_of_the_population_stand_with_their_interval_and_what_closing_them_means(house: House) -> None:
    page = page_of(house).text
    assert "African American: 4.8 points more of every 100 births are too early than for White" in page
    first = page[page.index("points more than White, 2023-2025") :].partition("</table>")[0]
    black, hispanic, pacific = first.split('<th scope="row">')[1:]
    for said in ("<strong>4.8</strong> (2.8 to 6.8)", "<span>61</span>", "<span>10.9</span>"):
        assert said in black
    assert "could be chance" in hispanic
    assert "could be chance" not in black
    assert "No gap then" in hispanic
    assert "No one to count" in pacific, "which is no gap of nought"
    assert "points more than White, 2020-2022" in page, "the years before are kept"
    assert page.count("Points more than White</title>") == 1, "one picture, with the ring of the years before"
    assert 'class="last"' in page
    assert page.count('class="refline"') == 1, "where the group stands that the others are compared with"


def test_march_of_dimes_ratio_has_its_own_name_and_says_with_whom_it_compares(house: House) -> None:
    page = page_of(house).text
    assert "March of Dimes' disparity ratio: 1.47, 2023-2025" in page
    assert "The mean rate of all other groups is 1.47 times that of Asian, the group with the lowest rate" in page
    assert "In the three years before it was 1.49. A change that small can be chance." in page
    assert "not computed" in page, "of the years in which a group had too few"


def test_a_ratio_that_is_not_computed_says_for_whom_there_were_too_few(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(TARGETS[0], "disparity_ratios", [ratio(2023, None, "pacific_islander", "asian")])
    monkeypatch.setitem(TARGETS[0], "gaps", [gaps(2023, gap("hispanic", -0.4), gap("african_american", None))])
    page = page_of(house).text
    assert "It is not computed: too few births too early for Pacific Islander and Asian." in page
    assert "No group that can be shown is behind White." in page
    assert "Points more than White</title>" not in page, "one group is no picture"


def test_a_baseline_of_two_rates_has_one_row_and_one_point_for_each_window(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [progress("announced", start, each) for each in WINDOWS for start in (14, 16)]
    monkeypatch.setitem(TARGETS[0], "progress", both)
    page = page_of(house).text
    rows = re.findall(r"<td[^>]*Lower by.*?</td>", page, re.DOTALL)
    assert len(rows) == len(WINDOWS)
    assert "from 14<br>" in rows[0]
    assert "from 16" in rows[0]


def test_what_was_printed_to_compare_with_leaves_nothing_to_reduce(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = {**progress("announced", 7.3, WINDOWS[0]), "remains": []}
    monkeypatch.setitem(TARGETS[0], "progress", [progress("announced", 11.1, WINDOWS[1]), beside])
    assert "printed to compare with: nothing is to be reduced" in page_of(house).text


def of_families(group: str, en: str | None, said_as: str, points: float) -> tuple[Json, list[Json]]:
    """A baseline of one group, and its progress over two windows: `points` remain to the level in the latest."""
    whom = {"en": en, "es": f"las {group}"} if en else None
    own = {**baseline(group, 14), "by": "cdph8_exclusive", "group": group, "whom": whom}
    made = [progress(group, 14, each) for each in WINDOWS]
    for each in made:
        left = each["remains"][0] | {
            "said_as": said_as,
            "percent": 0.0,
            "points": {"value": points, "low": 0, "high": 9},
        }
        each["remains"] = [left]
    return own, made


def about(monkeypatch: pytest.MonkeyPatch, *families: tuple[Json, list[Json]]) -> None:
    for name, value in {"percent": None, "reduction_percent": None, "by_year": 2030}.items():
        monkeypatch.setitem(TARGETS[0], name, value)
    monkeypatch.setitem(TARGETS[0], "baselines", [own for own, _ in families])
    monkeypatch.setitem(TARGETS[0], "progress", [each for _, made in families for each in made])


def test_what_remains_is_said_of_all_whom_the_target_is_about(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    black = of_families("african_american", "Black families", "every", 13.77)
    asian, white = of_families("asian", None, "every", 1.0), of_families("white", None, "every", -0.2)
    about(monkeypatch, black, asian, white)
    said = "13.77 points for Black families, 1 point for Asian, and nothing for White"
    assert Reading(page_of(house).text).headings == [f"What remains to the target for 2030: {said}"]
    with house.visitor("greta-example") as visitor:
        visitor.get("/language/es", follow_redirects=True)
        page = visitor.get("/targets").text
    assert "Lo que falta para la meta de 2030: 13.77 puntos para las african_american, 1 punto para Asi" in page


def test_the_picture_has_the_level_that_the_table_counts_from(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = '<text class="target-word" x="34" y="22">Target 0</text>'
    assert page_of(house).text.count(">Target 7</text>") == 1
    every, reduced = (of_families("asian", None, each, 3.0) for each in ("every", "reduction"))
    beside = of_families("white", None, "every", 7.0)
    for each in beside[1]:
        each["remains"] = []
    about(monkeypatch, every, beside)
    page = page_of(house).text
    assert (page.count(drawn), page.count('class="target"')) == (1, 1), "what is printed beside has no target"
    assert Reading(page).headings == ["3 points remain to the target for 2030"], "and is no group of it"
    about(monkeypatch, reduced)
    assert 'class="target"' not in page_of(house).text, "a part less of a rate is no level"


def test_a_source_that_is_ours_is_said_in_the_readers_language(house: House) -> None:
    page = page_of(house).text
    assert "Invented for practice: nobody's births" in html.unescape(page)
    with house.visitor("greta-example") as visitor:
        visitor.get("/language/es", follow_redirects=True)
        page = visitor.get("/targets").text
    assert page.count("Inventado para practicar: nacimientos de nadie, por estimación obstétrica") == len(FIGURES)
    assert "Invented for practice" not in page
    assert '<span lang="en">Example Gazette, announced</span>' in page, "what is in print stays as it is printed"


def test_who_printed_it_is_said_in_words(house: House) -> None:
    page = page_of(house).text
    assert "What remains, by figures invented for practice (by obstetric estimate)" in page
    assert "by practice" not in page
