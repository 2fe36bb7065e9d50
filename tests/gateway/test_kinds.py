"""Figures that are no share of a hundred: each kind has its sentence and its table, and hides what is too few."""

import pytest

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures import gaps
from services.gateway.pages.figures.beside import groups_of, pieces_of, table_of
from services.gateway.pages.figures.kinds import band, between_said, headline, is_shown, piece, sentences
from services.gateway.pages.figures.plot import Point
from services.gateway.pages.figures.rows import Naming, row_of, rows_of
from services.gateway.pages.figures.said import sentence
from services.measures.definitions import CATALOGUE
from services.measures.domain.measure import Kind, Standing
from tests.gateway.test_words import words
from tests.gateway.upstream_figures import gap, row

EN = words("en")
SURE = {"value": 0.524, "low": 0.441, "high": 0.599, "unstable": False}
COURSE: Json = {"within": {"2": {**SURE, "value": 0.1}, "7": SURE}, "median": 6.5, "p90": None, "unresolved": 0.2}
RATE: Json = {"value": 1.84, "low": 1.2, "high": 2.7, "unstable": True, "per": 30}
SPREAD: Json = {"mean": 1.62, "median": 1, "p90": 3, "bands": {"up to 1": 40, "2+": 30}}
SHARES = {"connected": 60, "expired": 30, "other": 10}


def figure(kind: str, **beside: Json | dict[str, int]) -> Json:
    empty = {**row("", 40, 80), "percent": None, "low": None, "high": None}
    hidden = {**row("hmn", None, None)}
    measure = {"measure": "outcome_mix", "kind": kind, "title": "T", "of": "referrals", "direction": "more"}
    return {"measure": measure, "by": "language", "gaps": None, "rows": [{**empty, "label": "es", **beside}, hidden],
            "total": {**empty, **beside}}  # fmt: skip


def tables(found: Json, last: Json | None = None) -> tuple[list[tuple[str, ...] | None], list[str]]:
    """The cells and labels of the table beside the picture."""
    naming = Naming(EN, None)
    table = table_of(found, rows_of(found, last, naming), last, naming)
    assert table is not None
    return [line.cells for line in table.lines], [line.label for line in table.lines]


def test_a_time_is_the_share_by_its_last_mark() -> None:
    found = figure("time", course=COURSE)
    shown = row_of("x", found["total"], None)
    assert (shown.said(EN), shown.low, shown.high, shown.unsteady) == ("52", 44.1, 59.9, False)
    assert headline(found["measure"], found["total"], EN, "T") == "T: within 7 days for 52 of every 100"
    assert sentences(found["total"], EN) == ["It came for half within 6.5 days.", "Of every 100, 20 were still open."]
    assert table_of(found, [], None, Naming(EN, None)) is None, "its table is that of shares"


def test_a_median_that_is_not_there_is_said() -> None:
    [said, *_] = sentences({"course": {**COURSE, "median": None}}, EN)
    assert said == "It never came for half of all."


@pytest.mark.parametrize("course", [{**COURSE, "within": {}}, {**COURSE, "within": {"7": None}}])
def test_a_time_without_a_mark_has_no_share(course: Json) -> None:
    found = figure("time", course=course)
    assert headline(found["measure"], found["total"], EN, "T") is None
    assert row_of("x", found["total"], None).percent is None


def test_a_rate_says_its_days_and_between_which_groups_it_lies() -> None:
    found = figure("rate", rate=RATE)
    assert headline(found["measure"], found["total"], EN, "T") == "T: 1.8 in 30 days"
    cells = ("1.8", "1.2 to 2.7", "40 in 80 days")
    assert tables(found)[0] == [cells, None, cells]
    found["rows"].append({**found["rows"][0], "label": "en", "rate": {**RATE, "value": 2.24}})
    last = {**found, "rows": [found["rows"][0], found["rows"][1]]}
    assert tables(found, last)[0][0] == (*cells, "1.8")
    assert tables(found, last)[0][1] == ("2.2", *cells[1:], "No one to count"), "there was no such row"
    naming = Naming(EN, None)
    [said] = between_said(found, rows_of(found, None, naming), naming)
    assert said == "From 1.8 for clients who speak Spanish to 2.2 for clients who speak English."
    assert between_said(figure("rate", rate=RATE), [], naming) == []


def test_a_spread_is_its_bands_and_says_the_middle_of_each_group() -> None:
    found = figure("distribution", spread=SPREAD)
    assert headline(found["measure"], found["total"], EN, "T") == "T: half have 1 or fewer"
    assert tables(found) == ([("57", "40 of 70"), ("43", "30 of 70")], ["1 or fewer", "2 or more"])
    naming = Naming(EN, None)
    groups = groups_of(found, rows_of(found, None, naming), naming)
    assert groups is not None
    assert {line.label: line.cells for line in groups.lines} == {"Spanish": ("1", "1.6", "3"), "Hmong": None}
    without = figure("distribution", spread={**SPREAD, "median": None, "mean": None, "p90": None})
    empty = groups_of(without, rows_of(without, None, naming), naming)
    assert empty is not None
    assert [line.cells for line in empty.lines] == [None, None]
    assert groups_of({**found, "rows": []}, [], naming) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [("up to 1", "1 or fewer"), ("2", "2"), ("3-7", "3 to 7"), ("31+", "31 or more"), ("all", "All together")],
)
def test_a_band_is_said_in_words(name: str, said: str) -> None:
    assert band(name, EN) == said


def test_a_mix_is_its_pieces_the_largest_first() -> None:
    found = figure("mix", shares=SHARES)
    assert headline(found["measure"], found["total"], EN, "T") == "T: most often she was served, 60 of every 100"
    assert tables(found) == (
        [("60", "60 of 100"), ("30", "30 of 100"), ("10", "10 of 100")],
        ["She was served", "Nobody answered", "Everything else together"],
    )
    naming = Naming(EN, None)
    groups = groups_of(found, rows_of(found, None, naming), naming)
    assert groups is not None
    assert groups.columns == ("She was served", "Nobody answered", "Everything else together")
    assert {line.label: line.cells for line in groups.lines} == {"Spanish": ("60", "30", "10"), "Hmong": None}


def test_pieces_stand_beside_those_of_a_release_that_has_the_same() -> None:
    found = figure("mix", shares=SHARES)
    before = figure("mix", shares={**SHARES, "connected": 20, "expired": 70})
    assert [each.last for each in pieces_of(found, before, EN)] == [20, 70, 10]
    assert tables(found, before)[0][0] == ("60", "60 of 100", "20")
    pooled = figure("mix", shares={"connected": 60, "other": 40})
    assert [each.last for each in pieces_of(found, pooled, EN)] == [None, None, None]
    assert [len(cells or ()) for cells in tables(found, pooled)[0]] == [2, 2, 2]


def test_a_few_of_many_are_not_none_and_nearly_all_are_not_all() -> None:
    found = figure("mix", shares={"connected": 5852, "expired": 26, "declined": 0})
    assert [cells[0] for cells in tables(found)[0] if cells] == ["over 99", "under 1", "0"]
    groups = groups_of(found, rows_of(found, None, Naming(EN, None)), Naming(EN, None))
    assert groups is not None
    assert [line.cells for line in groups.lines if line.cells] == [("over 99", "under 1", "0")]


def test_a_share_of_few_is_under_one_in_its_sentence() -> None:
    measure = {"measure": "response_rate", "counts_clients": False, "title": "T"}
    for met, percent, said in ((11, 0, "Under 1"), (6989, 100, "Over 99"), (0, 0, "0"), (7000, 100, "100")):
        total = {"numerator": met, "denominator": 7000, "percent": percent}
        assert sentence(measure, total, EN) == f"{said} of every 100 referrals were answered in time"
        other = sentence({**measure, "measure": "x"}, total, EN)
        assert other == f"T: {said.lower()} of every 100"


@pytest.mark.parametrize(
    ("met", "of", "said"),
    [(11, 7000, "under 1"), (6989, 7000, "over 99"), (0, 7000, "0"), (7000, 7000, "100"), (1, 3, "33")],
)
def test_no_picture_says_none_of_a_few_or_all_of_most(met: int, of: int, said: str) -> None:
    shown = row("", met, of)
    assert row_of("x", shown, shown).said(EN) == row_of("x", shown, shown).last_said(EN) == said
    assert Point("Q1", 100 * met / of, None, None, few=False).said(EN) == said
    assert (
        pieces_of(figure("mix", shares={"a": met, "b": of - met}), None, EN)[-1 if met < of / 2 else 0].said(EN) == said
    )
    late = {**COURSE, "within": {"7": {**SURE, "value": met / of}}, "unresolved": met / of}
    assert (headline({"measure": "x"}, {"course": late}, EN, "T") or "").startswith(f"T: within 7 days for {said} of")


def test_a_rate_is_said_to_a_tenth_in_pictures_too() -> None:
    assert row_of("x", figure("rate", rate={**RATE, "value": 0.04})["total"], None).said(EN) == "0"
    assert row_of("x", figure("rate", rate={**RATE, "value": 112.26})["total"], None).said(EN) == "112.3"


def test_a_gap_is_headed_by_what_is_not_rounded_to_none_or_all() -> None:
    rows = [row("es", 6989, 7000), row("en", 3, 7000)]
    found = {
        **figure("proportion"),
        "rows": rows,
        "gaps": {"reference": "es", "per_days": None, "within_days": None, "groups": [gap("en", -99.8)]},
    }
    naming = Naming(EN, None)
    said = gaps.headline(found, (rows_of(found, None, naming)[0], rows_of(found, None, naming)[1]), naming, "T")
    assert said == "T: under 1 of every 100 for clients who speak English, over 99 for clients who speak Spanish"


def test_days_are_said_to_a_tenth() -> None:
    found = figure("distribution", spread={**SPREAD, "median": 0.264, "p90": 2.967})
    assert headline(found["measure"], found["total"], EN, "T") == "T: half have 0.3 or fewer"
    assert sentences(found["total"], EN) == ["The mean is 1.6; nine of ten have 3 or fewer."]


def test_a_mean_that_is_hidden_is_said_to_be_too_few_to_show() -> None:
    hidden: Json = {**SPREAD, "mean": None}
    found = figure("distribution", spread=hidden)
    naming = Naming(EN, None)
    groups = groups_of(found, rows_of(found, None, naming), naming)
    assert groups is not None
    assert [line.cells for line in groups.lines if line.label == "Spanish"] == [("1", "Too few to show", "3")]
    assert sentences(found["total"], EN) == ["Nine of ten have 3 or fewer; the mean: too few to show."]
    no_p90 = figure("distribution", spread={**SPREAD, "p90": None})["total"]
    assert sentences(no_p90, EN) == ["The mean is 1.6."]
    neither = figure("distribution", spread={**hidden, "p90": None, "median": None})
    assert sentences(neither["total"], EN) == ["The mean, and what nine of ten have: too few to show."]
    assert headline(neither["measure"], neither["total"], EN, "T") == "T: most often 1 or fewer, 57 of every 100"
    alone = {**neither["total"], "spread": {**neither["total"]["spread"], "bands": {"all": 70}}}
    assert headline(neither["measure"], alone, EN, "T") is None


def test_what_is_too_few_is_not_shown() -> None:
    hidden = row("", None, None)
    assert not is_shown(hidden)
    assert headline({"measure": "x"}, hidden, EN, "T") is None
    assert sentences(hidden, EN) == []
    for kind in ("rate", "distribution", "mix"):
        assert tables({**figure(kind), "total": hidden, "rows": []}) == ([None], ["All together"])


def test_every_piece_of_every_mix_has_a_name() -> None:
    for each in (each for each in CATALOGUE.values() if each.kind is Kind.MIX):
        for rule in (rule for rule in each.rules if rule.standing is Standing.MET):
            assert piece({"measure": each.id}, rule.code, EN) != rule.code, f"{each.id}: {rule.code}"
    assert piece({"measure": "outcome_mix"}, "new_one", EN) == "new_one"


def test_every_grouping_has_a_name() -> None:
    offered = {str(by) for each in CATALOGUE.values() for by in each.by} - {"none"}
    assert offered <= set(terms.GROUPINGS)


def test_a_language_inside_a_sentence_is_written_as_there() -> None:
    assert Naming(EN, None).whom("language", "es") == "for clients who speak Spanish"
    assert Naming(words("es"), None).whom("language", "es").endswith("hablan español")
    assert Naming(words("es"), None).of("language", "es") == "Español"
    assert Naming(EN, None).whom("language", "not_known") == "for clients who speak Not known"
