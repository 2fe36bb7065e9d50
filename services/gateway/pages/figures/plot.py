"""Owns the geometry of the pictures of released figures: a dot plot by group, and small panels over time.

Lengths are units of the picture's own box. Templates write the SVG (templates/plots.html); nothing here knows colours.
"""

import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.gateway.pages.figures.rows import Row, number_said
from services.gateway.pages.figures.scale import Scale, scale_of
from services.gateway.pages.figures.target import LETTER, Box, letters_of, level, upright
from services.gateway.pages.words import Words

WIDTH = 380
LEFT, RIGHT, TOP = 128, 368, 40
LINE = 15  # from one line of a label to the next
LETTERS = 16  # of a label on one line, in the widest face
STEP = 46
PANEL = (34, 166, 34, 100)  # left, right, top, bottom
MOST_PANELS = 6
ENOUGH = 2
VALUE, GAP = 20, 20  # a value stands so far under its dot, the words of a bracket so far over it
GAP_WORDS = (190, WIDTH - 84)  # within these the middle of a bracket's words
FEW, FEW_AT = 9, 88  # letters of "too few" in the longest language, and the line that they stand on
SHORT, EDGE, HIGH = 4, 198, 50  # of a panel's latest value

Scaled = Callable[[Iterable[float], float, float], Scale]
"""How values are laid between two ends of a picture."""


@dataclass(frozen=True)
class Dot:
    """One group of a dot plot. `gap` is what its bracket to the reference says, between `gap_from` and `gap_to`.

    The words of the bracket have their middle at `gap_at`, inside the picture.
    """

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

    @property
    def gap_at(self) -> float:
        return min(max((self.gap_from + self.gap_to) / 2, GAP_WORDS[0]), GAP_WORDS[1])

    @property
    def words(self) -> tuple[Box, ...]:
        """Where the words stand that its picture has beside the labels."""
        value = letters_of(self.row.percent or 0, tenths=self.row.tenths)
        said = (Box.around(value, self.x, self.y + VALUE),)
        return (*said, Box.around(len(self.gap), self.gap_at, self.y - GAP)) if self.gap else said


@dataclass(frozen=True)
class Dots:
    """A dot plot: for each group this release, the last one, and the interval; the target is a dashed line.

    Where the values are how far a group is `from_another`, nought is that other group's line.
    """

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, float], ...]
    height: float
    target: float | None
    target_line: str
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

    @property
    def at(self) -> float:
        """Where the middle of its words is, inside the picture."""
        return min(max(self.x, 68), 160)


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
    target_line: str
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
    target, height = scale.at(aim) if aim is not None else None, round(y + 34, 1)
    words = [each for dot in made for each in dot.words]
    line = upright(target, TOP - 5, round(height - 32, 1), words) if target is not None else ""
    return Dots(tuple(made), scale.ticks, height, target, line, unit)


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
    latest, target = points[-1], scale.at(aim) if aim is not None else None
    end = None if latest.percent is None else (xs[-1], scale.at(latest.percent), latest)
    words = [Box.around(FEW, mark.at, FEW_AT) for mark in marks if mark.said]
    words += [_beside(end[1], latest)] if end else []
    return Panel(
        label=row.label,
        focal=row.focal,
        reference=row.reference,
        lines=tuple(lines),
        bands=tuple(bands),
        alone=tuple(alone),
        few=tuple(marks),
        end=end,
        ticks=scale.ticks,
        target=target,
        target_line=level(target, left, right, words) if target is not None else "",
        first=points[0].label,
        last=points[-1].label,
        points=tuple(points),
    )


def _beside(y: float, latest: Point) -> Box:
    """Where the latest value stands: behind the end of its line, or at the edge and clear of it where it is long."""
    letters = letters_of(latest.percent or 0, tenths=latest.tenths)
    if letters <= SHORT:
        return Box(PANEL[1] + 8, EDGE, y - 7, y + 9)
    baseline = y + 18 if y < HIGH else y - 9
    return Box(EDGE - LETTER * letters, EDGE, baseline - 12, baseline + 4)


def _runs(points: Sequence[Point]) -> list[range]:
    """The runs of periods that can be shown, one after the other."""
    breaks = [-1, *(place for place, point in enumerate(points) if point.percent is None), len(points)]
    return [range(start + 1, end) for start, end in pairwise(breaks) if end - start > 1]
