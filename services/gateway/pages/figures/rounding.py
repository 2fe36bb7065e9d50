"""Owns how a difference is said beside the two numbers that it is of: each of the three is rounded by itself."""

from services.gateway.pages.words import Words

HALF = 0.5
"""Of a point: less is said to a tenth, since it is not none."""
CLOSE = 0.01


def differs(ends: tuple[float | None, float | None], by: float, *, tenths: bool) -> bool:
    """Whether who subtracts the two numbers as they are shown gets another one than is said: `by`, before rounding."""
    one, other = ends
    if one is None or other is None or (not tenths and abs(by) < HALF):
        return False
    digits = 1 if tenths else 0
    return abs(abs(round(one, digits) - round(other, digits)) - round(abs(by), digits)) > CLOSE


def about(size: str, words: Words) -> str:
    """A difference that is not the one between the numbers shown beside it."""
    return words.say("about %(number)s", number=size)
