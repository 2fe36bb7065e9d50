"""Owns the geometry of bars: what a whole of 100 falls into, piece beside piece, each from zero and on one scale.

The pieces stand one under another, never stacked: only then can each be compared with each, also without colours.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.pages.figures.plot import LEFT, LINE, RIGHT, TOP, WIDTH, lines_of
from services.gateway.pages.figures.rows import number_said
from services.gateway.pages.figures.scale import scale_of
from services.gateway.pages.words import Words

STEP = 32
THICK = 16
ROOM = 48  # at the end of the longest bar, for its number, which may be in words


@dataclass(frozen=True)
class Piece:
    """One piece: so many of the whole, the share of it (of 100) and that of the release compared with."""

    code: str
    label: str
    units: int
    percent: float
    last: float | None

    def said(self, words: Words) -> str:
        return number_said(self.percent, words)


@dataclass(frozen=True)
class Bar:
    """One piece in the picture; `last` is the place of its ring."""

    piece: Piece
    lines: tuple[str, ...]
    y: float
    end: float
    last: float | None


@dataclass(frozen=True)
class Bars:
    """A picture of pieces, with the unit under its scale."""

    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, float], ...]
    height: float
    unit: str
    width: float = WIDTH
    left: float = LEFT
    top: float = TOP - 24
    thick: float = THICK


def bars_of(pieces: Sequence[Piece], unit: str) -> Bars | None:
    """Bars in the order of the pieces; None without any."""
    if not pieces:
        return None
    scale = scale_of([0, *(value for each in pieces for value in (each.percent, each.last or 0))], LEFT, RIGHT - ROOM)
    made, y = [], float(TOP - 24)
    for piece in pieces:
        lines = lines_of(piece.label)
        step = max(STEP, LINE * len(lines) + 8)
        last = None if piece.last is None else scale.at(piece.last)
        made.append(Bar(piece, lines, round(y + step / 2, 1), scale.at(piece.percent), last))
        y += step
    return Bars(tuple(made), scale.ticks, round(y + 38, 1), unit)
