"""Owns the line of a target in a picture: broken where words stand, so that it strikes none of them out."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

LETTER = 8  # how wide one is at most, of the size in pictures
ABOVE, BELOW = 12, 4  # of the line that words stand on
CLEAR = 3  # beside words
DASH = 5  # what is shorter is no piece of a dashed line
UNDER_OR_OVER = 10
"""Letters of "under 1" or "over 99" in the longest language."""


class Box(NamedTuple):
    """Where words stand in a picture."""

    left: float
    right: float
    top: float
    bottom: float

    @classmethod
    def around(cls, letters: int, x: float, baseline: float) -> "Box":
        """Of so many letters, with their middle at a place."""
        half = LETTER * letters / 2 + CLEAR
        return cls(x - half, x + half, baseline - ABOVE, baseline + BELOW)


def letters_of(percent: float, *, tenths: bool) -> int:
    """How many letters a value takes beside its dot."""
    if tenths:
        return len(f"{percent:,.1f}")
    rounded = round(percent)
    return UNDER_OR_OVER if rounded == 0 < percent or percent < rounded == 100 else len(str(rounded))  # noqa: PLR2004


def upright(x: float, start: float, end: float, words: Iterable[Box]) -> str:
    """The path of a line from the top down, at a place."""
    breaks = [(each.top, each.bottom) for each in words if each.left < x < each.right]
    return "".join(f"M{x} {first}V{last}" for first, last in _pieces(start, end, breaks))


def level(y: float, start: float, end: float, words: Iterable[Box]) -> str:
    """The path of a line from left to right, at a height."""
    breaks = [(each.left, each.right) for each in words if each.top < y < each.bottom]
    return "".join(f"M{first} {y}H{last}" for first, last in _pieces(start, end, breaks))


def _pieces(start: float, end: float, breaks: list[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    at = start
    for first, last in sorted(breaks):
        if at + DASH < (until := round(min(first, end), 1)):
            yield at, until
        at = max(at, round(last, 1))
    if at + DASH < end:
        yield at, end
