"""A count of clients beside a count of the population of the same county and calendar years: a ratio, never a share."""

from __future__ import annotations

from datetime import date

import psycopg

from contracts.initiative import Initiative
from services.measures.application.looking import Asked, Look
from services.measures.domain.coverage import ratios
from services.measures.domain.figure import Journeys, tabulate
from services.measures.domain.measure import By, Definition
from services.measures.settings import MeasuresSettings
from services.measures.store import population
from services.runtime.postgres import conninfo


def county_of(initiative: Initiative) -> str | None:
    """The county of an initiative: the one that all its ZIP groups with a county are of."""
    found = {group.county for group in initiative.zip_groups if group.county is not None}
    return found.pop() if len(found) == 1 else None


def years_of(since: date | None, until: date | None) -> tuple[int, int] | None:
    """The first and last of the whole calendar years that a period [since, until) is; None where it is none."""
    if since is None or until is None or since >= until:
        return None
    whole = all((day.month, day.day) == (1, 1) for day in (since, until))
    return (since.year, until.year - 1) if whole else None


def beside(
    settings: MeasuresSettings, asked: Asked, definition: Definition, journeys: Journeys, seen: Look
) -> list[dict[str, object]]:
    """For each source of the population's count over the same years: clients of the county for 100 of it.

    None over what is no whole calendar years, without a figure of them, and without a county of the initiative's own.
    """
    county, years = county_of(asked.initiative), years_of(asked.since, asked.until)
    if county is None or years is None or definition.beside is None:
        return []
    rows = tabulate(definition, journeys, seen.period, seen.as_of, By.COUNTY)
    reached = rows[county].numerator if county in rows else 0
    with psycopg.connect(conninfo(settings.measures_dsn, "closeknit measures coverage")) as connection:
        figures = population.figures(connection, asked.initiative.slug)
    return [
        {
            "county": county,
            "clients": each.clients,
            "beside": definition.beside,
            "count": each.count,
            "for_100": each.for_100,
            "publisher": each.publisher,
            "sources": list(each.sources),
            "practice": each.practice,
        }
        for each in ratios(reached, figures, definition.beside, *years)
    ]
