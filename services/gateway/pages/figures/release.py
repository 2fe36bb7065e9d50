"""Owns what a release has and what of it comes first: its views, its period, its widest gaps."""

from collections.abc import Iterable

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.figures import kinds
from services.gateway.pages.figures.gaps import is_rate
from services.gateway.pages.figures.rows import behind, widest_of

LESS_THAN_A_POINT = 0.4
NOTHING = "none"
"""The grouping that is none: the total alone."""


def points_of(table: Json) -> float:
    """How far the widest gap of a table is behind, in points of 100; 0 where no group is.

    The gap of a rate is in no points: it comes after all that are a point or more.
    """
    gap = widest_of(table)
    if gap is not None and is_rate(table):
        return LESS_THAN_A_POINT
    return (behind(gap)["value"] or 0.0) if gap else 0.0


def is_visible(table: Json) -> bool:
    """Whether the total of a table can be shown."""
    total = table["total"]
    counted = table["measure"]["counts_clients"] and total["numerator"] is not None
    return total["percent"] is not None or counted or kinds.is_shown(total)


def views_of(release: Json, measure: str) -> list[str]:
    """By what a release has a measure, in the order in which that is offered."""
    there = {each["by"] for each in release["views"] if each["measure"] == measure}
    return [by for by in terms.GROUPINGS if by in there]


def groupings_of(release: Json, measures: Iterable[str]) -> list[str]:
    """By what a release has any of these measures."""
    there = {by for measure in measures for by in views_of(release, measure)}
    return [by for by in terms.GROUPINGS if by in there]


def chosen_by(release: Json, measure: str, wanted: str) -> str:
    """The grouping in which a measure is shown: the one wanted, else the first that the release has of it."""
    views = views_of(release, measure)
    return wanted if wanted in views else next(iter(views), NOTHING)


def period_of(release: Json) -> str:
    """What the period of a release is called: 2026-Q3, 2026, 2025-2027."""
    return str(release["name"]).rpartition(".")[0]
