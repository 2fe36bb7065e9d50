"""Figures of a whole population as somebody printed them: births of a county or state, never of our clients (G26 b).

CDPH and NCHS count preterm births by the obstetric estimate, CDPH those of 17 to 47 weeks; older series count from the
last period and are not comparable. A figure is kept as it was printed; what follows from its own numerator and
denominator stands beside it, and where the two differ, both are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Final, NamedTuple

from services.measures.domain.interval import Estimate, wilson

EVERYBODY: Final = "all"
_PRINTED: Final = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?:\s?[-–]\s?(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?)?\s?%?")  # noqa: RUF001


class Basis(StrEnum):
    """What gestational age was counted from."""

    OBSTETRIC_ESTIMATE = "obstetric_estimate"
    LAST_PERIOD = "last_menstrual_period"
    NOT_SAID = "not_said"


class Counting(NamedTuple):
    """How a figure came to be: figures of another kind of counting are never on the same axis.

    `weeks` are the first and last completed weeks of gestation that count; `per` is 100 for per cent, 1,000 for a
    rate of a thousand, 0 for a plain count.
    """

    measure: str
    publisher: str
    basis: Basis
    weeks: tuple[int, int] | None
    per: int


class Printed(NamedTuple):
    """What was printed, `low` and `high` the same but for a range, to so many decimal places."""

    low: Decimal
    high: Decimal
    places: int

    @classmethod
    def read(cls, text: str) -> Printed:
        """Reads `11.1`, `14-16`, `14,250` or `7.3 %`. Raises ValueError."""
        found = _PRINTED.fullmatch(text.strip())
        if found is None:
            raise ValueError("no figure as one would print it")
        whole, part, to, to_part = found.groups(default="")
        low = Decimal(whole.replace(",", "") + part)
        high = Decimal(to.replace(",", "") + to_part) if to else low
        if high < low:
            raise ValueError("a range from more to less")
        return cls(low, high, max(len(part), len(to_part), 1) - 1)


@dataclass(frozen=True, slots=True)
class PopulationFigure:
    """One figure. `since` and `until` are calendar years, both included; None where no period was printed.

    `by` is what the group is one of (`none` for everybody); `printed` is the text itself; `practice` says that it was
    invented for a practice system. A numerator without denominator is a count.
    """

    counting: Counting
    by: str
    group: str
    since: int | None
    until: int | None
    numerator: int | None
    denominator: int | None
    printed: str | None
    source: str
    practice: bool = False
    version: int = 1

    @property
    def rate(self) -> Estimate | None:
        """The share that follows from its own counts; None without them, for a count, and where nobody is to count."""
        if self.numerator is None or self.denominator is None:
            return None
        return wilson(self.numerator, self.denominator)

    @property
    def recomputed(self) -> Decimal | None:
        """What its own counts give, in the unit and to the places of what was printed (to one where nothing was).

        Half-way between two such numbers, of which the lower was printed, to a place more.
        """
        exact = self._exact()
        if exact is None:
            return None
        places = Printed.read(self.printed).places if self.printed else int(self.counting.per > 0)
        found = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
        rounded_down = self.printed and exact == Printed.read(self.printed).high + Decimal(5).scaleb(-places - 1)
        return exact if rounded_down else found

    @property
    def difference(self) -> Decimal | None:
        """Recomputed less printed (its nearer end); None where they agree as rounded, or one of them is not there."""
        exact, recomputed = self._exact(), self.recomputed
        if exact is None or recomputed is None or self.printed is None:
            return None
        printed = Printed.read(self.printed)
        rounding = Decimal(5).scaleb(-printed.places - 1)
        if printed.low - rounding <= exact <= printed.high + rounding:
            return None
        return recomputed - (printed.low if exact < printed.low else printed.high)

    def _exact(self) -> Decimal | None:
        if self.numerator is None:
            return None
        if self.counting.per == 0:
            return Decimal(self.numerator)
        return Decimal(self.numerator * self.counting.per) / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Window:
    """Several years of one group as one figure; `sources` are those of its parts, each once."""

    counting: Counting
    by: str
    group: str
    since: int
    until: int
    numerator: int
    denominator: int
    rate: Estimate
    sources: tuple[str, ...]
    practice: bool


def windows(figures: Iterable[PopulationFigure], years: int, ending: int) -> Sequence[Window]:
    """The whole windows of so many years that lie end to end and of which one ends with the year `ending`.

    A window is a figure of just these years where it has counts, else the sum of its years, all of them there.
    """
    found: dict[tuple[Counting, str, str], dict[tuple[int, int], PopulationFigure]] = {}
    for figure in figures:
        if figure.since is not None and figure.until is not None and figure.rate is not None:
            row = found.setdefault((figure.counting, figure.by, figure.group), {})
            row[figure.since, figure.until] = figure
    made = []
    for _, spans in sorted(found.items(), key=lambda each: _place(*each[0])):
        for until in sorted({last + (ending - last) % years for _, last in spans}):
            since = until - years + 1
            whole = spans.get((since, until))
            parts = [whole] if whole else [spans.get((year, year)) for year in range(since, until + 1)]
            there = [part for part in parts if part is not None]
            if len(there) == len(parts):
                made.append(_together(since, until, there))
    return made


def _place(counting: Counting, by: str, group: str) -> tuple[object, ...]:
    return *counting._replace(weeks=counting.weeks or (0, 0)), by, group


def _together(since: int, until: int, parts: Sequence[PopulationFigure]) -> Window:
    first = parts[0]
    numerator, denominator = (sum(getattr(part, name) for part in parts) for name in ("numerator", "denominator"))
    rate = wilson(numerator, denominator)
    if rate is None:
        raise ValueError("parts without anyone to count make no window")
    sources = tuple(dict.fromkeys(part.source for part in parts))
    practice = any(part.practice for part in parts)
    return Window(first.counting, first.by, first.group, since, until, numerator, denominator, rate, sources, practice)
