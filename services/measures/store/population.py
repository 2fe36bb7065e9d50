"""Figures of a population as they were imported: added, corrected by a next version, read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final, LiteralString

from psycopg import Connection

from services.measures.domain.population import Basis, Counting, PopulationFigure

_FIGURES: Final[LiteralString] = """
    SELECT measure, publisher, basis, weeks_from, weeks_to, per, by_, group_, since, until, numerator, denominator,
        printed, source, practice, version
    FROM (
        SELECT DISTINCT ON (measure, publisher, basis, weeks_from, weeks_to, per, by_, group_, since, until, source) *
        FROM population_figures WHERE initiative = %s
        ORDER BY measure, publisher, basis, weeks_from, weeks_to, per, by_, group_, since, until, source, version DESC
    ) AS latest
    ORDER BY id
"""
_ADD: Final[LiteralString] = """
    INSERT INTO population_figures (initiative, measure, publisher, basis, weeks_from, weeks_to, per, by_, group_,
        since, until, source, version, numerator, denominator, printed, practice)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def figures(connection: Connection[Any], initiative: str) -> list[PopulationFigure]:
    """The newest version of every figure of an initiative, in the order in which they came."""
    return [_figure(row) for row in connection.execute(_FIGURES, [initiative]).fetchall()]


def add(connection: Connection[Any], initiative: str, found: Sequence[PopulationFigure]) -> None:
    """Adds figures, each as the version that it says."""
    with connection.cursor() as cursor:
        cursor.executemany(_ADD, [_row(initiative, figure) for figure in found])


def hold(connection: Connection[Any]) -> None:
    """Until the transaction ends nobody else imports."""
    connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('closeknit population figures', 0))")


def key(figure: PopulationFigure) -> PopulationFigure:
    """What of a figure names it: all but what it says, and the version that says it."""
    return replace(figure, numerator=None, denominator=None, printed=None, practice=False, version=0)


def _row(initiative: str, figure: PopulationFigure) -> tuple[object, ...]:
    counting = figure.counting
    weeks = counting.weeks or (None, None)
    named = (initiative, counting.measure, counting.publisher, str(counting.basis), *weeks, counting.per)
    placed = (figure.by, figure.group, figure.since, figure.until, figure.source, figure.version)
    return (*named, *placed, figure.numerator, figure.denominator, figure.printed, figure.practice)


def _figure(row: tuple[Any, ...]) -> PopulationFigure:
    measure, publisher, basis, first, last, per, *rest = row
    weeks = None if first is None else (first, last)
    return PopulationFigure(Counting(measure, publisher, Basis(basis), weeks, per), *rest)
