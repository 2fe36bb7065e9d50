"""The geometry of pictures: places by value, lines that break where a figure is too few, the reference always there."""

import re

import pytest

from services.gateway.pages.figures.bars import Piece, bars_of
from services.gateway.pages.figures.plot import MOST_PANELS, Panel, Point, dots_of, panels_of
from services.gateway.pages.figures.rows import Row
from services.gateway.pages.figures.scale import open_scale, scale_of


def row(code: str, percent: int | None, *, focal: bool = False, reference: bool = False) -> Row:
    low, high = (None, None) if percent is None else (percent - 5.0, percent + 5.0)
    hidden = None if percent is None else 30
    return Row(code, code, hidden, 60, percent, low, high, unsteady=False, last=None, focal=focal, reference=reference)


def point(label: str, percent: int | None, *, few: bool = False) -> Point:
    return Point(label, percent, percent, percent, few)


SHOWN = [point("Q1", 40), point("Q2", 50)]


def panel_of(points: list[Point]) -> Panel:
    [panel] = panels_of([(row("a", 50), points)], None)
    return panel


def test_a_scale_begins_at_the_ten_below_and_has_five_round_numbers_at_most() -> None:
    scale = scale_of([44.0, 68.0], 0, 100)
    assert (scale.low, scale.high, scale.at(55)) == (40, 70, 50)
    assert [value for value, _ in scale.ticks] == [40, 50, 60, 70]
    assert [value for value, _ in scale_of([2, 99], 0, 100).ticks] == [0, 20, 40, 60, 80, 100]
    assert scale_of([50, 50], 0, 1).high == 60


def test_a_scale_of_what_has_no_highest_has_round_numbers_of_any_size() -> None:
    scale = open_scale([1.2, 2.7], 0, 100)
    assert [value for value, _ in scale.ticks] == [1, 1.5, 2, 2.5, 3]
    assert scale.at(2) == 50
    assert [value for value, _ in open_scale([0, -4.1, 8.7], 0, 1).ticks] == [-5, 0, 5, 10]
    assert [value for value, _ in open_scale([180, 420], 0, 1).ticks] == [150, 200, 250, 300, 350, 400, 450]
    for alone in ([0.0], [3.0, 3.0]):
        assert open_scale(alone, 0, 1).high > open_scale(alone, 0, 1).low


def test_bars_begin_at_nothing_and_are_on_one_scale() -> None:
    plot = bars_of([Piece("a", "a long name of a piece", 60, 60, 40), Piece("b", "b", 40, 40, None)], "of 100")
    assert plot is not None
    first, second = plot.bars
    assert len(first.lines) == 2
    assert (first.end - plot.left) / (second.end - plot.left) == pytest.approx(1.5, abs=0.01), "as 60 to 40"
    assert (first.last, second.last) == (second.end, None)
    assert plot.ticks[0] == (0, plot.left)
    assert bars_of([], "of 100") is None


def test_a_gap_is_drawn_from_the_group_to_the_reference() -> None:
    plot = dots_of([row("a", 50, focal=True), row("b", 55), row("ref", 70, reference=True)], "of 100", 80, "20 behind")
    assert plot is not None
    a, b, reference = plot.dots
    assert (a.gap, a.gap_from, a.gap_to) == ("20 behind", a.x, reference.x)
    assert b.gap is None
    assert plot.target is not None
    assert plot.target > reference.x


def test_the_line_of_a_target_is_broken_behind_words() -> None:
    plot = dots_of([row("a", 86, focal=True), row("b", 90), row("ref", 90, reference=True)], "", 90, "4 points behind")
    assert plot is not None
    pieces = [tuple(map(float, each)) for each in re.findall(r"M([0-9.]+) ([0-9.]+)V([0-9.]+)", plot.target_line)]
    assert {x for x, *_ in pieces} == {plot.target}
    for dot in plot.dots:
        across = [box for box in dot.words if plot.target is not None and box.left < plot.target < box.right]
        for box in across:
            assert [piece for piece in pieces if piece[1] < box.bottom and piece[2] > box.top] == [], dot.row.code
    assert len(pieces) > 1, "it stands behind some"
    far = dots_of([row("a", 50), row("b", 60)], "", 90, None)
    assert far is not None
    assert far.target_line.count("M") == 1


def test_a_target_in_a_panel_strikes_out_no_words() -> None:
    few = [point("Q1", 90), point("Q2", None, few=True), point("Q3", 10)]
    [panel] = panels_of([(row("a", 50), few)], 22)
    assert panel.target is not None
    assert panel.target_line.count("M") == 2, "too few stands there"
    [whole] = panels_of([(row("a", 50), SHOWN)], 22)
    assert whole.target_line == f"M34 {whole.target}H166"
    [edge] = panels_of([(row("a", 50), [point("Q1", 40), Point("Q2", 99.8, 99, 100, few=False)])], 90)
    assert edge.target_line.endswith(f"H{198 - 8 * 10}"), "over 99 begins inside"


def test_what_is_hidden_or_nobodys_group_is_not_drawn() -> None:
    plot = dots_of([row("a", 50), row("b", None), row("not_known", 60), row("c", 70)], "", None, None)
    assert plot is not None
    assert [dot.row.code for dot in plot.dots] == ["a", "c"]
    assert dots_of([row("a", 50), row("b", None)], "", None, None) is None


def test_a_line_breaks_where_a_period_is_too_few_and_says_so_once() -> None:
    few = [point("Q2", None, few=True), point("Q3", None, few=True)]
    panel = panel_of([point("Q1", 40), *few, point("Q4", 50), point("Q5", 60)])
    assert len(panel.lines) == len(panel.bands) == len(panel.alone) == 1
    assert [mark.said for mark in panel.few] == [True, False]
    assert panel.end is not None
    assert panel.end[2].percent == 60


def test_a_period_with_no_one_to_count_breaks_the_line_without_a_cross() -> None:
    panel = panel_of([point("Q1", 40), point("Q2", None), point("Q3", 50)])
    assert (panel.few, panel.lines, len(panel.alone)) == ((), (), 2)


def test_one_period_is_no_picture() -> None:
    assert panels_of([(row("a", 50), [point("Q1", 40), point("Q2", None, few=True)])], None) == []
    assert panels_of([], None) == []


def test_six_panels_at_most_and_the_reference_among_them() -> None:
    groups = [(row(f"g{n}", 50), SHOWN) for n in range(9)] + [(row("ref", 70, reference=True), SHOWN)]
    panels = panels_of(groups, None)
    assert len(panels) == MOST_PANELS
    assert panels[-1].reference
    assert len({panel.ticks for panel in panels}) == 1, "all on the same scale"
