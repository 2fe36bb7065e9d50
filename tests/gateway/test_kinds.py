"""Figures that are no share of a hundred: each kind has its sentence and its table, and hides what is too few."""

import pytest

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures.kinds import headline, is_shown, piece, sentences, table_of
from services.gateway.pages.figures.rows import Naming, row_of
from services.measures.definitions import CATALOGUE
from services.measures.domain.measure import Kind, Standing
from tests.gateway.test_words import words
from tests.gateway.upstream_figures import row

EN = words("en")
SURE = {"value": 0.524, "low": 0.441, "high": 0.599, "unstable": False}
COURSE: Json = {"within": {"2": {**SURE, "value": 0.1}, "7": SURE}, "median": 6.5, "p90": None, "unresolved": 0.2}
RATE: Json = {"value": 1.84, "low": 1.2, "high": 2.7, "unstable": True, "per": 30}
SPREAD: Json = {"mean": 1.62, "median": 1, "p90": 3, "bands": {"up to 1": 40, "2+": 30}}
SHARES = {"connected": 60, "expired": 30, "other": 10}


def figure(kind: str, **beside: Json | dict[str, int]) -> Json:
    empty = {**row("", 40, 80), "percent": None, "low": None, "high": None}
    hidden = {**row("hmn", None, None)}
    measure = {"measure": "outcome_mix", "kind": kind, "title": "T", "of": "referrals"}
    return {"measure": measure, "by": "language", "rows": [{**empty, "label": "es", **beside}, hidden],
            "total": {**empty, **beside}}  # fmt: skip


def test_a_time_is_the_share_by_its_last_mark() -> None:
    found = figure("time", course=COURSE)
    shown = row_of("x", found["total"], None)
    assert (shown.percent, shown.low, shown.high, shown.unsteady) == (52, 44.1, 59.9, False)
    assert headline(found["measure"], found["total"], EN, "T") == "T: within 7 days for 52 of every 100"
    assert sentences(found["total"], EN) == ["It came for half within 6.5 days.", "Of every 100, 20 were still open."]
    assert table_of(found, Naming(EN, None)) is None, "its table is that of shares"


def test_a_median_that_is_not_there_is_said() -> None:
    [said, *_] = sentences({"course": {**COURSE, "median": None}}, EN)
    assert said == "It never came for half of all."


@pytest.mark.parametrize("course", [{**COURSE, "within": {}}, {**COURSE, "within": {"7": None}}])
def test_a_time_without_a_mark_has_no_share(course: Json) -> None:
    found = figure("time", course=course)
    assert headline(found["measure"], found["total"], EN, "T") is None
    assert row_of("x", found["total"], None).percent is None


def test_a_rate_says_its_days() -> None:
    found = figure("rate", rate=RATE)
    assert headline(found["measure"], found["total"], EN, "T") == "T: 1.8 in 30 days"
    table = table_of(found, Naming(EN, None))
    assert table is not None
    assert [line.cells for line in table.lines] == [("1.8", "1.2 to 2.7", "40 in 80 days"), None,
                                                    ("1.8", "1.2 to 2.7", "40 in 80 days")]  # fmt: skip
    assert [line.nobody for line in table.lines] == [False, False, False]


def test_a_spread_says_its_middle() -> None:
    found = figure("distribution", spread=SPREAD)
    assert headline(found["measure"], found["total"], EN, "T") == "T: half have 1 or fewer"
    table = table_of(found, Naming(EN, None))
    assert table is not None
    assert table.lines[0].cells == ("1", "1.6", "3")
    empty = table_of(figure("distribution", spread={**SPREAD, "median": None}), Naming(EN, None))
    assert empty is not None
    assert empty.lines[0].cells is None


def test_a_mix_is_its_pieces_the_largest_first() -> None:
    found = figure("mix", shares=SHARES)
    assert headline(found["measure"], found["total"], EN, "T") == "T: most often she was served, 60 of every 100"
    table = table_of(found, Naming(EN, None))
    assert table is not None
    assert [(line.label, line.cells) for line in table.lines] == [
        ("She was served", ("60", "60 of 100")),
        ("Nobody answered", ("30", "30 of 100")),
        ("Everything else together", ("10", "10 of 100")),
    ]


def test_what_is_too_few_is_not_shown() -> None:
    hidden = row("", None, None)
    assert not is_shown(hidden)
    assert headline({"measure": "x"}, hidden, EN, "T") is None
    assert sentences(hidden, EN) == []
    for kind in ("rate", "distribution"):
        table = table_of({**figure(kind), "total": hidden}, Naming(EN, None))
        assert table is not None
        assert table.lines[-1].cells is None


def test_every_piece_of_every_mix_has_a_name() -> None:
    for each in (each for each in CATALOGUE.values() if each.kind is Kind.MIX):
        for rule in (rule for rule in each.rules if rule.standing is Standing.MET):
            assert piece({"measure": each.id}, rule.code, EN) != rule.code, f"{each.id}: {rule.code}"
    assert piece({"measure": "outcome_mix"}, "new_one", EN) == "new_one"


def test_every_grouping_has_a_name() -> None:
    offered = {str(by) for each in CATALOGUE.values() for by in each.by} - {"none"}
    assert offered <= set(terms.GROUPINGS)
