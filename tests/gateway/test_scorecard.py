"""The scorecard: sentence, picture and table from a frozen release, and nothing that is too few to show."""

import re
from collections.abc import Iterator

import httpx
import pytest

from contracts.initiative import load_initiatives
from services.gateway.pages.api import Json
from tests.gateway.house import INITIATIVES, House
from tests.gateway.reading import Reading
from tests.gateway.upstream_figures import (
    BESIDE,
    CHANGES,
    CLOSED,
    GAP_MOVED,
    GAPS,
    LATE,
    MEASURES,
    OF_RELEASE,
    QUALITY,
    RATE,
    ROWS,
    TOTALS,
    gap,
    release,
    row,
)


@pytest.fixture
def reader(house: House) -> Iterator[httpx.Client]:
    house.twin.releases = [release("2026-Q3.1", house.twin), release("2026-Q2.1", house.twin)]
    with house.visitor("greta-example") as visitor:
        yield visitor


def test_the_widest_gap_is_the_heading_and_both_numbers_are_said(reader: httpx.Client) -> None:
    page = reader.get("/scorecard")
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["The widest gap is 16 points, for Black or African American clients"]
    assert "52 of every 100 for Black or African American clients, 68 for White clients" in page.text
    assert "The gap is 16 points; with chance in mind, between 6 and 26." in page.text
    assert "In the release compared with it was 16. 24 % of it has closed since." in page.text
    assert "In the release compared with it was 60. A change that small can be chance." in page.text
    assert "Closing it means about 24 more referrals answered within 14 days." in page.text
    assert "480 clients were reached" in page.text
    assert "77 of 148" in page.text
    assert "Release 2026-Q3.1" in page.text
    assert page.text.count('role="img"') >= 2
    first, second = page.text.index('id="m-response_rate"'), page.text.index('id="m-closed_loop_rate"')
    assert first < second, "the widest gap first"


def test_too_few_is_those_words_in_every_hidden_cell(reader: httpx.Client) -> None:
    page = reader.get("/scorecard").text
    rows = re.findall(r"<tr[^>]*><th scope=\"row\">Native Hawaiian.*?</tr>", page, re.DOTALL)
    table = [each for each in rows if "data-label" in each]
    assert len(table) == 2
    for each in table:
        assert re.findall(r"<td[^>]*>(.*?)</td>", each, re.DOTALL) == ["Too few to show"]
    assert page.count("<dd>Too few to show</dd>") == 3
    assert not re.search(r"<td[^>]*>\s*(-|0|&lt; ?11)?\s*</td>", page)


def test_no_one_to_count_is_never_nought_of_a_hundred(reader: httpx.Client) -> None:
    page = reader.get("/scorecard").text
    [first, *_] = re.findall(r"<tr[^>]*><th scope=\"row\">American Indian.*?</tr>", page, re.DOTALL)
    assert re.findall(r"<td[^>]*>(.*?)</td>", first, re.DOTALL) == ["No one to count"]
    assert "<strong>0</strong>" not in page


def test_a_picture_is_said_in_words_too(reader: httpx.Client) -> None:
    page = reader.get("/scorecard").text
    assert "Lowest: Black or African American, 52 in 100. Highest: White, 68 in 100." in page
    assert "The widest gap: Black or African American, 16 from White." in page
    assert "Every figure is in the table that follows." in page
    assert 'aria-label="Black or African American: 2026-Q2 52, 2026-Q3 52."' in page
    assert " style=" not in page
    assert "16 points behind" in page


@pytest.mark.parametrize("group", ["shared-measures", "parents-council"])
def test_the_table_of_a_picture_is_never_behind_a_fold(house: House, group: str) -> None:
    house.twin.releases = [release("2026-Q3.1", house.twin), release("2026-Q2.1", house.twin)]
    with house.visitor("bea-backbone-example") as visitor:
        page = visitor.get("/scorecard", params={"group": group}).text
    folds = re.findall(r"<details.*?</details>", page, re.DOTALL)
    assert folds, "words may be"
    assert [each for each in folds if "<table" in each or "quality" in each] == []
    [first, *_] = re.findall(r"<article.*?</article>", page, re.DOTALL)
    assert first.count("<table") >= first.count("<figure") > 0, "each picture has its numbers"


def test_what_differs_between_two_releases_is_said(house: House, reader: httpx.Client) -> None:
    changed = house.twin.releases[1]["measures"][0] | {"version": 2}
    house.twin.releases[1]["measures"] = [changed, *house.twin.releases[1]["measures"][1:]]
    page = reader.get("/scorecard").text
    assert "What differs between 2026-Q3.1 and 2026-Q2.1" in page
    assert "They are about different times: 2026-Q3 and 2026-Q2." in page
    assert "Answered within 14 days is counted in another way: version 1 here, version 2 there." in page
    alone = reader.get("/scorecard", params={"compare": "none"}).text
    assert "What differs" not in alone
    assert "In the release compared with" not in alone


def test_on_which_day_the_data_begin_is_said_where_it_is_in_the_period(house: House, reader: httpx.Client) -> None:
    assert "data begin" not in reader.get("/scorecard").text
    house.twin.releases[0]["begins_on"] = "2026-07-12"
    page, id = reader.get("/scorecard").text, house.twin.releases[0]["release"]
    assert "The data begin on 12 July 2026." in page
    assert "Of 2026-Q3 there are data from 12 July 2026 on." in page
    file = reader.get(f"/scorecard/figures.html?release={id}&measure=response_rate&by=none").text
    assert "The data begin on 12 July 2026." in file
    assert "Los datos empiezan el 12 de julio de 2026." in file


def test_only_views_that_the_release_has_are_offered(house: House, reader: httpx.Client) -> None:
    house.twin.releases[0]["views"] = [
        each for each in house.twin.releases[0]["views"] if each["by"] in {"none", "language"}
    ]
    page = reader.get("/scorecard").text
    assert '<option value="language" selected>' in page
    assert 'value="spd15_aoic"' not in page
    other = reader.get("/scorecard", params={"by": "payer", "release": "", "compare": "", "group": ""})
    assert '<option value="language" selected>' in other.text, "what this release lacks, another may have had"


def test_a_draft_says_that_it_is_one(house: House) -> None:
    house.twin.releases = [release("2026-Q3.1", house.twin, state="draft"), release("2026-Q2.1", house.twin)]
    with house.visitor("bea-backbone-example") as backbone:
        newest = backbone.get("/scorecard").text
        draft = backbone.get("/scorecard", params={"release": house.twin.releases[0]["release"]}).text
    assert "Release 2026-Q2.1" in newest, "a draft is not what one comes for"
    assert "A draft: not approved yet" in draft


def test_a_withdrawn_release_says_why_and_shows_nothing(house: House, reader: httpx.Client) -> None:
    house.twin.releases[0] = release("2026-Q3.1", house.twin, state="withdrawn")
    page = reader.get("/scorecard", params={"release": house.twin.releases[0]["release"]})
    assert "This release was withdrawn on" in page.text
    assert "Counted twice." in page.text
    assert "<table" not in page.text
    assert "Release 2026-Q2.1" in reader.get("/scorecard").text


def test_a_sensitive_measure_says_when_it_comes_back(house: House, reader: httpx.Client) -> None:
    withheld = [{"measure": "closed_loop_rate", "back_on": "2027-01-20"}]
    house.twin.releases[0] = release("2026-Q3.1", house.twin, withheld=withheld)
    page = reader.get("/scorecard").text
    assert "Not shown in this release" in page
    assert "It comes back from 20 January 2027 on." in page
    assert 'id="m-closed_loop_rate"' not in page


def test_without_a_release_the_first_day_and_the_definitions_stand(house: House, reader: httpx.Client) -> None:
    house.twin.releases = []
    page = reader.get("/scorecard").text
    assert "There is no release yet. The first is due on 15 February 2027" in page
    assert "The next three years, 2025-2027: can be released from 15 February 2028 on." in page
    assert "Closed: how." in page


def test_the_backbone_may_choose_a_group(house: House, reader: httpx.Client) -> None:
    assert reader.get("/scorecard").status_code == 200
    with house.visitor("bea-backbone-example") as backbone:
        page = backbone.get("/scorecard", params={"group": "coordination"})
    assert "Coordination of Care and Support" in page.text
    assert 'name="group"' in page.text


def test_the_parents_council_reads_answers_to_its_own_questions(house: House) -> None:
    house.twin.releases = [release("2026-Q3.1", house.twin)]
    with house.visitor("bea-backbone-example") as visitor:
        page = visitor.get("/scorecard", params={"group": "parents-council"})
    read = Reading(page.text)
    assert read.wrong == []
    assert read.headings == ["We asked 8 questions, and this is what is known"]
    assert "When an agency is asked to help, does it answer?" in page.text
    assert "60 of every 100 referrals were answered in time." in page.text
    assert "Not for everyone alike: 52 for Black or African American, 68 for White." in page.text
    assert page.text.count("Nothing answers this yet") == 5, "one that nobody counts, four that the release lacks"


def test_the_parents_council_reads_what_differs_and_where_more_can_be_shown(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.twin.releases = [release("2026-Q3.1", house.twin), release("2026-Q2.1", house.twin)]
    three = release("2023-2025.1", house.twin)
    house.twin.releases.append(three)
    few = [row(each["label"], None, None) for each in ROWS["spd15_aoic"]]
    monkeypatch.setitem(ROWS, "spd15_aoic", few)
    monkeypatch.setitem(OF_RELEASE, str(three["release"]), [row("white", 40, 90)])
    with house.visitor("bea-backbone-example") as visitor:
        page = visitor.get("/scorecard", params={"group": "parents-council"}).text
    assert "They are about different times: 2026-Q3 and 2026-Q2." in page
    assert "Too few here: see the three-year figures of 2023-2025.1" in page


def test_of_two_periods_that_end_alike_the_shorter_one_opens(house: House, reader: httpx.Client) -> None:
    year = release("2025.1", house.twin) | {"since": "2025-01-01T08:00:00Z"}
    three = release("2023-2025.1", house.twin) | {"since": "2023-01-01T08:00:00Z", "until": year["until"]}
    for found in ([three, year], [year, three]):
        house.twin.releases = found
        assert "Release 2025.1" in reader.get("/scorecard").text


def test_why_no_gap_is_said(house: House, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [each if each["label"] != "white" else row("white", None, None) for each in ROWS["spd15_aoic"]]
    monkeypatch.setitem(ROWS, "spd15_aoic", rows)
    monkeypatch.setitem(GAPS, "groups", [gap("asian", None)])
    page = reader.get("/scorecard").text
    assert "No gap can be said: the group that others are compared with, White, is too few to show." in page
    assert "points behind" not in page


@pytest.mark.parametrize(
    ("counted", "value", "english", "spanish"),
    [
        ((117, 174), -1.0, "1 point", "1 punto"),
        ((118, 174), -0.3, "0.3 points", "0.3 puntos"),
        ((106, 174), -7.0, "7 points", "7 puntos"),
    ],
)
def test_a_gap_is_said_in_points_of_its_number(
    reader: httpx.Client,
    monkeypatch: pytest.MonkeyPatch,
    *,
    counted: tuple[int, int],
    value: float,
    english: str,
    spanish: str,
) -> None:
    rows = [each for each in ROWS["spd15_aoic"] if each["label"] != "asian"]
    monkeypatch.setitem(ROWS, "spd15_aoic", [row("asian", *counted), *rows])
    monkeypatch.setitem(GAPS, "groups", [gap("asian", value, chance=True)])
    page = reader.get("/scorecard").text
    assert f"The widest gap, {english} for Asian clients, could be chance</h1>" in page
    assert f"The gap is {english}. It could be chance" in page
    assert f"{english} behind</text>" in page
    reader.get("/language/es", follow_redirects=True)
    page = reader.get("/scorecard").text
    assert f"La mayor diferencia, de {spanish} en el grupo Asiática" in page
    assert f"La diferencia es de {spanish}." in page


def test_a_gap_that_readers_would_subtract_otherwise_is_said_to_be_about_that(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = "The gap is about 8 points; with chance in mind, between 0 and 18. It is worked out before rounding."
    assert "gap is about" not in reader.get("/scorecard").text
    rows = [row("asian", 594, 1000), row("white", 675, 1000)]
    monkeypatch.setitem(ROWS, "spd15_aoic", rows)
    monkeypatch.setitem(GAPS, "groups", [gap("asian", -8.1)])
    page = reader.get("/scorecard").text
    assert "59 of every 100 for Asian clients, 68 for White clients" in page, "9 points for who subtracts"
    assert "The widest gap is about 8 points, for Asian clients</h1>" in page
    assert about in page
    assert "In the release compared with it was about 8." in page
    assert "about 8 points behind</text>" in page
    assert "The widest gap: Asian, about 8 from White." in page
    reader.get("/language/es", follow_redirects=True)
    page = reader.get("/scorecard").text
    assert "La diferencia es de cerca de 8 puntos; " in page
    assert "Se calcula antes de redondear." in page


def test_that_nobody_is_behind_is_said(reader: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(GAPS, "groups", [gap("hispanic_latino", 4.9)])
    assert "No group that can be shown is behind White." in reader.get("/scorecard").text


def test_the_quarters_of_one_release_are_drawn_where_there_is_no_other(house: House) -> None:
    house.twin.releases = [release("2026.1", house.twin)]
    with house.visitor("greta-example") as visitor:
        page = visitor.get("/scorecard").text
    assert "Counted in this way since 2026-Q1." in page
    assert 'aria-label="All together: 2026-Q1 40, 2026-Q2 too few, 2026-Q3 60."' in page
    assert page.count(">too few</text>") == 2, "once in each picture"


def test_where_three_years_are_counted_together_their_day_is_the_first(house: House) -> None:
    house.twin.releases = []
    with house.visitor("berta-backbone-sample", "expecting-justice-sf") as visitor:
        page = visitor.get("/scorecard").text
    assert "There is no release yet. The first is due on 15 February 2028" in page
    assert "Three years are counted together, 2025-2027" in page


def test_what_closed_of_a_gap_is_not_said_where_it_can_be_chance(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for end, value in {"low": -12.0, "high": 2.0, "chance": True}.items():
        monkeypatch.setitem(GAP_MOVED, end, value)
    page = reader.get("/scorecard").text
    assert "In the release compared with it was 16. A change that small can be chance. Closing it" in page
    for end in ("low", "high"):
        monkeypatch.setitem(GAP_MOVED, end, None)
    other = reader.get("/scorecard").text
    assert "In the release compared with it was 16. Closing it" in other, "the same people may be in both"
    assert "has closed since" not in page + other


@pytest.mark.parametrize(
    ("value", "said"),
    [(6.2, "That is about 6 more, and not chance."), (-6.2, "That is about 6 less, and not chance.")],
)
def test_a_change_that_is_no_chance_is_said(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch, value: float, said: str
) -> None:
    monkeypatch.setitem(CHANGES, "", {"value": value, "low": value - 1, "high": value + 1, "chance": False})
    monkeypatch.setitem(CLOSED, "black_african_american", -12.0)
    page = reader.get("/scorecard").text
    assert said in page, "60 is shown both times"
    assert "It is wider now." in page


def only(house: House, measure: Json, beside: Json, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two releases of one measure, of which each row and the total has this beside it."""
    monkeypatch.setitem(BESIDE, measure["measure"], beside)
    house.twin.releases = [release("2026-Q3.1", house.twin), release("2026-Q2.1", house.twin)]
    for each in house.twin.releases:
        each["measures"] = [MEASURES[0] | measure]
        each["views"] = [{"measure": measure["measure"], "by": by} for by in MEASURES[0]["by"]]
        each["references"] = {measure["measure"]: {"spd15_aoic": "white"}}


def test_what_a_rate_was_and_whether_its_change_is_chance_is_said(
    house: House, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    only(house, {"measure": "response_rate", "kind": "rate"}, {"rate": RATE}, monkeypatch)
    monkeypatch.setitem(CHANGES, "", {"value": -0.42, "low": -0.8, "high": -0.1, "chance": False})
    monkeypatch.setitem(GAPS, "per_days", 30)
    page = reader.get("/scorecard").text
    assert "All together it was 6 in the release compared with. That is about 0.4 less, and not chance." in page
    assert "24 % of it has closed since." in page
    monkeypatch.setitem(CLOSED, "black_african_american", -3.0)
    assert "It is wider now." in reader.get("/scorecard").text


def test_what_a_time_was_is_said_of_every_hundred(
    house: House, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    course = {"median": 6.5, "p90": None, "unresolved": 0.2}
    within = {"7": {"value": 0.524, "low": 0.441, "high": 0.599, "unstable": False}}
    only(house, {"measure": "response_rate", "kind": "time"}, {"course": {**course, "within": within}}, monkeypatch)
    page = reader.get("/scorecard").text
    assert (
        "All together it was 52 of every 100 in the release compared with. A change that small can be chance." in page
    )


@pytest.mark.parametrize(
    ("measure", "kind", "said"),
    [
        ("clients_reached", "clients", "No gap is said: how many clients a group has"),
        ("outcome_mix", "mix", "No gap is said: each group has several shares"),
        ("days_until_recorded", "distribution", "No gap is said: a group"),
    ],
)
def test_why_counts_mixes_and_spreads_have_no_gap_is_said(
    house: House, monkeypatch: pytest.MonkeyPatch, measure: str, kind: str, said: str
) -> None:
    counted = {"measure": measure, "kind": kind, "counts_clients": kind == "clients"}
    only(house, counted, BESIDE.get(measure, {}), monkeypatch)
    with house.visitor("greta-example") as reader:
        assert said in reader.get("/scorecard").text
        assert said not in reader.get("/scorecard", params={"by": "language"}).text, "nobody is compared with there"


def test_why_no_group_is_behind_where_neither_side_is_better(
    house: House, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "No gap is said: here neither more nor fewer is better."
    assert said not in reader.get("/scorecard").text
    monkeypatch.setitem(GAPS, "groups", [gap("asian", -7.0) | {"behind": None}])
    only(house, {"measure": "response_rate", "direction": "neutral"}, {}, monkeypatch)
    assert said in reader.get("/scorecard").text


def test_nothing_is_said_of_chance_where_the_same_people_are_in_both(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CHANGES, "", {"value": 1.0, "low": None, "high": None, "chance": True})
    page = reader.get("/scorecard").text
    assert "In the release compared with it was 60." in page
    assert "can be chance" not in page


def test_eight_measures_are_a_page_and_the_widest_gap_is_on_the_first(house: House) -> None:
    listed = load_initiatives(INITIATIVES)["fresno-ptbi"].working_groups[0].measures
    shared = [each for each in listed if each not in {"clients_reached", "reached_in_pregnancy"}]
    assert len(shared) > 16, "three pages"
    only = release("2026-Q3.1", house.twin)
    only["measures"] = [MEASURES[0] | {"measure": each} for each in reversed(shared)]
    only["views"] = [{"measure": each, "by": "spd15_aoic"} for each in shared]
    house.twin.releases = [only]
    with house.visitor("greta-example") as visitor:
        first, second = (visitor.get("/scorecard", params={"page": page}).text for page in (1, 2))
        later = second.partition('<article class="measure" id="m-')[2].partition('"')[0]
        of_it = visitor.get("/scorecard", params={"measure": later}).text
    assert f'id="m-{later}"' not in first
    assert f'id="m-{later}"' in of_it, "a link to a measure opens the page on which it is"
    assert first.count('<article class="measure" id=') == 8
    assert first.index("<article") < first.index('id="m-response_rate"') < first.index('id="m-acceptance_rate"')
    assert 'id="m-response_rate"' not in second
    assert "page=2" in first
    assert "This is page 1 of 3 of the scorecard" in first
    assert f"{len(shared)} of {len(shared)} measures can be shown." in second


def test_a_sensitive_measure_that_is_hidden_says_so_without_a_table(
    house: House, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    hidden = {"sensitive": True, "kind": "rate"}  # the twin shows shares alone
    house.twin.releases[0]["measures"] = [MEASURES[0], MEASURES[1] | hidden, MEASURES[2]]
    monkeypatch.setitem(TOTALS, "closed_loop_rate", (None, None))
    page = reader.get("/scorecard").text
    article = page[page.index('id="m-closed_loop_rate"') :].partition("</article>")[0]
    assert "It is about a sensitive need" in article
    assert "It comes back as a three-year figure, from 15 February 2028 on." in article
    assert "<table" not in article


def test_the_newest_of_the_usual_period_is_shown_and_others_by_choice(house: House) -> None:
    names = ["2026-Q2.2", "2025.1", "2026-Q3.1", "2026-Q2.1"]
    house.twin.releases = [release(each, house.twin) for each in names]
    with house.visitor("greta-example") as visitor:
        assert "Release 2026-Q3.1" in visitor.get("/scorecard").text, "neither the newest built nor of another length"
        year = visitor.get("/scorecard", params={"release": house.twin.releases[1]["release"]}).text
    assert "<b>Release 2025.1</b>" in year
    assert "of the usual length" not in year, "those of the usual time are there to choose"


@pytest.mark.parametrize(
    ("counted", "said"),
    [((627, 700), "0.4 points remain."), ((630, 700), "It is reached."), ((699, 700), "It is reached."),
     ((420, 700), "30 points remain."), ((623, 700), "1 point remains."), ((62999, 70000), "0.1 points remain.")],
)  # fmt: skip
def test_an_aim_is_reached_by_what_was_counted(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch, counted: tuple[int, int], said: str
) -> None:
    monkeypatch.setitem(TOTALS, "response_rate", counted)
    page = reader.get("/scorecard").text
    article = page[page.index('id="m-response_rate"') :].partition("</article>")[0]
    assert f"We aim at 90 of every 100. {said}" in article


@pytest.mark.parametrize(("counted", "said"), [((11, 7000), "under 1"), ((6989, 7000), "over 99"), ((0, 70), "0")])
def test_some_of_many_are_never_said_to_be_none(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch, counted: tuple[int, int], said: str
) -> None:
    monkeypatch.setitem(TOTALS, "response_rate", counted)
    page = reader.get("/scorecard", params={"by": "none"}).text
    article = page[page.index('id="m-response_rate"') :].partition("</article>")[0]
    assert f"All together: {said} of every 100" in article
    assert f"<strong>{said}</strong>" in article


def test_a_later_release_beside_it_is_not_called_the_last(house: House, reader: httpx.Client) -> None:
    newer, older = (release(each, house.twin) for each in ("2026-Q3.1", "2026-Q2.1"))
    house.twin.releases = [newer, older]
    page = reader.get("/scorecard", params={"release": older["release"], "compare": newer["release"]}).text
    assert '<th scope="col" class="num">Other release</th>' in page
    assert ">Last<" not in page


def test_where_none_of_the_usual_period_is_there_the_latest_is_shown_and_says_so(house: House) -> None:
    house.twin.releases = [release("2025-Q4.2", house.twin), release("2026-Q3.1", house.twin)]
    with house.visitor("berta-backbone-sample", "expecting-justice-sf") as visitor:
        page = visitor.get("/scorecard").text
    assert "<b>Release 2026-Q3.1</b>" in page
    assert "The first release of the usual length, 2025-2027, is due on 15 February 2028." in page


def quality(page: str) -> dict[str, str]:
    """The strip under the first measure, by its names."""
    strip = page[page.index('<dl class="quality"') :].partition("</dl>")[0]
    found = re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", strip, re.DOTALL)
    return {name: re.sub("<[^>]+>", "", said) for name, said in found}


def test_the_strip_says_who_reported_and_who_is_not_on_the_system(
    reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    strip = quality(reader.get("/scorecard").text)
    assert strip["Agencies with a part in it"] == "31"
    assert strip["Agencies reporting"] == "29 of 34"
    assert strip["Agencies not on the system"] == "6"
    assert "Records set aside, unread" not in strip, "there are none"
    assert strip["Definition"] == "Answered within 14 days, version 1"
    monkeypatch.setitem(QUALITY, "parked", 3)
    assert quality(reader.get("/scorecard").text)["Records set aside, unread"] == "3"


def test_how_much_came_late_is_said_beside_the_other_reasons(
    house: House, reader: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.twin.releases[1]["cutoff"] = "2026-07-31T07:00:00Z"
    page = reader.get("/scorecard").text
    assert "At least 40 things about 2026-Q2 were written down between the two days." in page
    assert "what came late made it" not in page
    assert "what came late is new." in page
    newer, older = (each["release"] for each in house.twin.releases[:2])
    page = reader.get("/scorecard", params={"release": older, "compare": newer}).text
    assert "the other knows more, up to" in page
    assert "what came late is new." not in page
    monkeypatch.setitem(LATE, "at_least", 0)
    assert "Nothing about 2026-Q2 came late." in reader.get("/scorecard").text
    monkeypatch.setitem(LATE, "at_least", None)
    monkeypatch.setitem(LATE, "direction", "fewer")
    page = reader.get("/scorecard").text
    assert "Hardly anything about 2026-Q2 came late." in page
    assert "what came late made it lower." in page
    house.twin.releases[1]["measures"] = []
    assert "Hardly anything" not in reader.get("/scorecard").text, "nothing that both have"
