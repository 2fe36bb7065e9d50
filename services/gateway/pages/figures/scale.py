"""Owns how values become lengths in a picture: scales with round numbers on them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

TICKS = 5
ROUND = (1, 2, 5, 10)
OF_SHARES = (5, 10, 20, 25)


@dataclass(frozen=True)
class Scale:
    """From values to a length; `step` is from one round number on it to the next."""

    low: float
    high: float
    start: float
    end: float
    step: float

    def at(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    @property
    def ticks(self) -> tuple[tuple[float, float], ...]:
        """Round numbers, each with its place."""
        first, last = math.ceil(self.low / self.step - 1e-9), math.floor(self.high / self.step + 1e-9)
        values = (round(number * self.step, 6) for number in range(first, last + 1))
        return tuple((int(value) if value == int(value) else value, self.at(value)) for value in values)


def scale_of(values: Iterable[float], start: float, end: float) -> Scale:
    """Of shares: from the ten below the lowest to the ten above the highest; dots may start away from zero."""
    known = list(values)
    low, high = max(0, min(known) // 10 * 10), min(100, -(-max(known) // 10) * 10)
    high = high if high > low else low + 10
    return Scale(low, high, start, end, next(each for each in OF_SHARES if (high - low) / each <= TICKS))


def open_scale(values: Iterable[float], start: float, end: float) -> Scale:
    """Of numbers that have no highest, from one round number to another."""
    known = list(values)
    span = max(known) - min(known) or abs(max(known)) or 1
    power = 10 ** math.floor(math.log10(span / TICKS))
    step = next(power * each for each in ROUND if span / (power * each) <= TICKS)
    low, high = math.floor(min(known) / step + 1e-9), math.ceil(max(known) / step - 1e-9)
    return Scale(low * step, (high if high > low else low + 1) * step, start, end, step)
