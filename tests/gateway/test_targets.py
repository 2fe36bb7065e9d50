"""Targets by what others printed: every baseline, what remains, and what differs as printed and as recomputed."""

import re

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.upstream_targets import COUNTED, FIGURES, TARGETS, WINDOWS, gap, gaps, progress, ratio


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


def test_who_printed_it_is_said_in_words(house: House) -> None:
    page = page_of(house).text
    assert "What remains, by figures invented for practice (by obstetric estimate)" in page
    assert "by practice" not in page
