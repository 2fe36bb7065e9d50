"""How far the targets of an initiative are, by the figures of its population that were imported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from contracts.initiative import Initiative, Target
from services.measures.application.disparities import Disparity, disparities
from services.measures.application.population_gaps import WindowGaps, window_gaps
from services.measures.domain.axis import Axis
from services.measures.domain.goal import Progress, progress
from services.measures.domain.population import PopulationFigure, Window, windows


@dataclass(frozen=True, slots=True)
class Followed:
    """A target with the progress to it from every baseline, in the order of baselines, ways of counting and years.

    `gaps` and `disparities` are those of its measure between groups of the population.
    """

    target: Target
    progress: tuple[Progress, ...]
    gaps: tuple[WindowGaps, ...]
    disparities: tuple[Disparity, ...]


def follow(initiative: Initiative, figures: Iterable[PopulationFigure]) -> tuple[Followed, ...]:
    """Every target of an initiative; one without figures of its measure and groups has no progress."""
    return tuple(_follow(initiative, target, list(figures)) for target in initiative.targets)


def _follow(initiative: Initiative, target: Target, figures: list[PopulationFigure]) -> Followed:
    found = windows(
        (each for each in figures if each.counting.measure == target.measure), target.window_years, target.by_year
    )
    made = list[Progress]()
    for baseline in target.baselines:
        own = (each for each in found if (each.by, each.group) == (baseline.by, baseline.group))
        for axis in _axes(own):
            for window in axis.points:
                made += progress(target, baseline, window)
    gaps = tuple(window_gaps(initiative, found))
    return Followed(target, tuple(made), gaps, tuple(disparities(figures, target.measure)))


def _axes(found: Iterable[Window]) -> list[Axis[Window]]:
    """One for each way of counting: no line is drawn from one to another (G26)."""
    return [Axis(tuple(each)) for _, each in groupby(found, key=lambda window: window.counting)]
