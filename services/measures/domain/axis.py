"""What may stand on one axis: figures of our clients, or those of a whole population, and never both (G26).

Clients of a programme are few, chosen and late: who joined at 30 weeks has escaped an early birth already. On one axis
with a county's births they would look like its effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from services.measures.domain.figure import Figure
from services.measures.domain.population import Counting, PopulationFigure, Window

Point = TypeVar("Point", Figure, PopulationFigure, Window)
"""Constrained: a type checker refuses an axis of several kinds before anything runs."""


class MixedAxis(Exception):
    """These were counted in different ways and cannot be read off one axis."""


@dataclass(frozen=True)
class Axis(Generic[Point]):
    """Points that were counted in one way: by one definition and version, or by one publisher on one basis."""

    points: tuple[Point, ...]

    def __post_init__(self) -> None:
        """Raises MixedAxis."""
        if len({_counted_as(point) for point in self.points}) > 1:
            raise MixedAxis


def _counted_as(point: Figure | PopulationFigure | Window) -> tuple[type, str | Counting]:
    return type(point), point.definition if isinstance(point, Figure) else point.counting
