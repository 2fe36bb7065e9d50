"""Owns the geometry of the pictures of released figures: a dot plot by group, and small panels over time.

Lengths are units of the picture's own box. Templates write the SVG (templates/plots.html); nothing here knows colours.
"""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.gateway.pages.figures.rows import Row, number_said
from services.gateway.pages.figures.scale import Scale, scale_of
from services.gateway.pages.words import Words

WIDTH = 380
LEFT, RIGHT, TOP = 128, 368, 40
LINE = 15  # from one line of a label to the next
LETTERS = 16  # of a label on one line, in the widest face
STEP = 46
PANEL = (34, 166, 34, 100)  # left, right, top, bottom
MOST_PANELS = 6
ENOUGH = 2

Scaled = Callable[[Iterable[float], float, float], Scale]
"""How values are laid between two ends of a picture."""


@dataclass(frozen=True)
class Dot:
    """One group of a dot plot. `gap` is what its bracket to the reference says, between `gap_from` and `gap_to`."""

    row: Row
    lines: tuple[str, ...]
    y: float
    x: float
    low: float | None
    high: float | None
    last: float | None
    gap: str | None = None
    gap_from: float = 0
    gap_to: float = 0


@dataclass(frozen=True)
class Dots:
    """A dot plot: for each group this release, the last one, and the interval; the target is a dashed line.

    Where the values are how far a group is `from_another`, nought is that other group's line.
    """

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, float], ...]
    height: float
    target: float | None
    unit: str
    width: float = WIDTH
    top: float = TOP
    from_another: bool = False


@dataclass(frozen=True)
class Point:
    """One period of a panel. `few`: too few to show; with no percent otherwise there was no one to count.

    `tenths` are said to a tenth, else whole, as in a row.
    """

    label: str
    percent: float | None
    low: float | None
    high: float | None
    few: bool
    tenths: bool = False

    def said(self, words: Words) -> str:
        return number_said(self.percent or 0, words, tenths=self.tenths)


@dataclass(frozen=True)
class Mark:
    """A place in a panel where something stands for a period that is too few; `said` once in a run of them."""

    x: float
    said: bool


@dataclass(frozen=True)
class Panel:
    """One group over time. Lines and bands are paths, broken where a period is too few or empty."""

    label: str
    focal: bool
    reference: bool
    lines: tuple[str, ...]
    bands: tuple[str, ...]
    alone: tuple[tuple[float, float], ...]
    few: tuple[Mark, ...]
    end: tuple[float, float, Point] | None
    ticks: tuple[tuple[float, float], ...]
    target: float | None
    first: str
    last: str
    points: tuple[Point, ...]


def dots_of(
    rows: Sequence[Row], unit: str, aim: float | None, gap: str | None, scaled: Scaled = scale_of
) -> Dots | None:
    """A dot plot of the rows that can be shown; None where fewer than two can."""
    shown = [row for row in rows if row.percent is not None and row.named]
    if len(shown) < ENOUGH:
        return None
    ends = [value for row in shown for value in (row.low, row.high, row.percent, row.last) if value is not None]
    scale = scaled([*ends, *([aim] if aim is not None else [])], LEFT, RIGHT)
    reference = next((row.percent for row in shown if row.reference), None)
    made, y = [], float(TOP)
    for row in shown:
        lines = lines_of(row.label)
        step = max(STEP, LINE * (len(lines) + row.reference) + LINE)
        made.append(_dot(row, lines, y + step * 0.6, scale, (gap, reference)))
        y += step
    target = scale.at(aim) if aim is not None else None
    return Dots(tuple(made), scale.ticks, round(y + 34, 1), target, unit)


def lines_of(label: str) -> tuple[str, ...]:
    """A label in the lines that it takes beside a picture."""
    return tuple(textwrap.wrap(label, LETTERS)) or (label,)


def _dot(row: Row, lines: tuple[str, ...], y: float, scale: Scale, gap: tuple[str | None, float | None]) -> Dot:
    said, reference = gap
    x, low, high, last = scale.at(row.percent or 0), *(_place(scale, value) for value in (row.low, row.high, row.last))
    if said is None or reference is None or not row.focal:
        return Dot(row, lines, round(y, 1), x, low, high, last)
    start, end = sorted((x, scale.at(reference)))
    return Dot(row, lines, round(y, 1), x, low, high, last, gap=said, gap_from=start, gap_to=end)


def _place(scale: Scale, value: float | None) -> float | None:
    return None if value is None else scale.at(value)


def panels_of(
    series: Sequence[tuple[Row, Sequence[Point]]], aim: float | None, scaled: Scaled = scale_of
) -> list[Panel]:
    """Panels over the same periods and on the same scale, six at most; none where no group has two periods to show."""
    enough = [(row, points) for row, points in series if sum(point.percent is not None for point in points) >= ENOUGH]
    chosen = _chosen(enough)
    values = [
        value
        for _, points in chosen
        for point in points
        for value in (point.low, point.high, point.percent)
        if value is not None
    ]
    if not values:
        return []
    left, right, top, bottom = PANEL
    scale = scaled([*values, *([aim] if aim is not None else [])], bottom, top)
    return [_panel(row, points, scale, aim, (left, right)) for row, points in chosen]


def _chosen(series: list[tuple[Row, Sequence[Point]]]) -> list[tuple[Row, Sequence[Point]]]:
    """The first six, and the reference among them."""
    if len(series) <= MOST_PANELS:
        return series
    reference = [each for each in series if each[0].reference]
    return [each for each in series if not each[0].reference][: MOST_PANELS - len(reference)] + reference


def _panel(row: Row, points: Sequence[Point], scale: Scale, aim: float | None, span: tuple[float, float]) -> Panel:
    left, right = span
    xs = [round(left + (right - left) * place / (len(points) - 1), 1) for place in range(len(points))]
    lines, bands, alone = [], [], []
    for run in _runs(points):
        path = [(xs[place], scale.at(points[place].percent or 0)) for place in run]
        alone += path if len(path) == 1 else []
        lines += ["M" + "L".join(f"{x} {y}" for x, y in path)] if len(path) > 1 else []
        upper = [(xs[place], scale.at(points[place].high or 0)) for place in run]
        lower = [(xs[place], scale.at(points[place].low or 0)) for place in run]
        edge = "L".join(f"{x} {y}" for x, y in upper + lower[::-1])
        bands += [f"M{edge}Z"] if len(path) > 1 else []
    few = [point.few for point in points]
    marks = [Mark(xs[place], not (place and few[place - 1])) for place, is_few in enumerate(few) if is_few]
    latest = points[-1]
    return Panel(
        label=row.label,
        focal=row.focal,
        reference=row.reference,
        lines=tuple(lines),
        bands=tuple(bands),
        alone=tuple(alone),
        few=tuple(marks),
        end=None if latest.percent is None else (xs[-1], scale.at(latest.percent), latest),
        ticks=scale.ticks,
        target=scale.at(aim) if aim is not None else None,
        first=points[0].label,
        last=points[-1].label,
        points=tuple(points),
    )


def _runs(points: Sequence[Point]) -> list[range]:
    """The runs of periods that can be shown, one after the other."""
    breaks = [-1, *(place for place, point in enumerate(points) if point.percent is None), len(points)]
    return [range(start + 1, end) for start, end in pairwise(breaks) if end - start > 1]
