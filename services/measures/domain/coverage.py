"""Coverage (G17): clients of a county beside the births there in the same years: two counts of different people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from services.measures.domain.population import EVERYBODY, Counting, PopulationFigure


@dataclass(frozen=True, slots=True)
class Ratio:
    """So many clients beside such a count of the population, from one publisher; `practice`: the count was invented.

    It has no interval and can be above 100: who was pregnant in a year need not give birth in it, nor have one child.
    """

    clients: int
    count: int
    publisher: str
    sources: tuple[str, ...]
    practice: bool

    @property
    def for_100(self) -> float | None:
        """Clients for 100 of the population; None where there was no one."""
        return 100 * self.clients / self.count if self.count else None


def ratios(clients: int, figures: Iterable[PopulationFigure], measure: str, first: int, last: int) -> Iterator[Ratio]:
    """One for each way of counting that has every year from the first to the last, or all of them as one figure."""
    counts = [
        each
        for each in figures
        if each.counting.measure == measure and each.counting.per == 0 and each.group == EVERYBODY
        if each.numerator is not None and each.since is not None and each.until is not None
    ]
    for counting, found in groupby(sorted(counts, key=_place), key=lambda each: each.counting):
        parts = _parts({(each.since, each.until): each for each in found}, first, last)
        if parts:
            total = sum(each.numerator or 0 for each in parts)
            sources = tuple(dict.fromkeys(each.source for each in parts))
            yield Ratio(clients, total, counting.publisher, sources, any(each.practice for each in parts))


def _place(figure: PopulationFigure) -> tuple[object, ...]:
    counting: Counting = figure.counting
    return (*counting._replace(weeks=counting.weeks or (0, 0)), figure.since)


def _parts(
    spans: dict[tuple[int | None, int | None], PopulationFigure], first: int, last: int
) -> list[PopulationFigure]:
    whole = spans.get((first, last))
    if whole:
        return [whole]
    years = [spans.get((year, year)) for year in range(first, last + 1)]
    there = [each for each in years if each is not None]
    return there if len(there) == len(years) else []
