"""G17: clients beside births are two counts, put side by side only where both are of the same whole years."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.initiative import load_initiatives
from services.measures.application.coverage import county_of, years_of
from services.measures.domain.coverage import Ratio, ratios
from services.measures.domain.population import Basis, Counting, PopulationFigure
from tests.measures.conftest import INITIATIVES


def births(
    year: int, count: int | None, *, publisher: str = "cdph", until: int | None = None, **other: str
) -> PopulationFigure:
    counting = Counting(other.get("measure", "live_births"), publisher, Basis.NOT_SAID, None, 0)
    group = other.get("group", "all")
    return PopulationFigure(counting, "none", group, year, until or year, count, None, None, f"{publisher} {year}")


def found(*figures: PopulationFigure, first: int = 2026, last: int = 2026) -> list[Ratio]:
    return list(ratios(150, figures, "live_births", first, last))


def test_clients_for_100_births_of_the_same_year() -> None:
    [one] = found(births(2025, 9_000), births(2026, 12_000))
    assert (one.clients, one.count, one.for_100, one.sources) == (150, 12_000, 1.25, ("cdph 2026",))


def test_several_years_are_added_up_where_all_are_there() -> None:
    figures = births(2025, 100), births(2026, 50)
    [one] = found(*figures, first=2025)
    assert (one.count, one.for_100, one.sources) == (150, 100, ("cdph 2025", "cdph 2026"))
    assert found(*figures, first=2024) == []
    [whole] = found(births(2024, 400, until=2026), births(2026, 1), first=2024)
    assert whole.count == 400


def test_each_publisher_has_its_own() -> None:
    assert [each.publisher for each in found(births(2026, 10), births(2026, 12, publisher="nchs"))] == ["cdph", "nchs"]


@pytest.mark.parametrize(
    "figure",
    [births(2026, None), births(2027, 10), births(2026, 10, group="white"), births(2026, 10, measure="preterm_birth")],
)
def test_what_is_no_count_of_all_births_of_the_year_is_beside_nothing(figure: PopulationFigure) -> None:
    assert found(figure) == []


def test_no_births_are_no_one_to_count_and_never_a_division() -> None:
    assert [each.for_100 for each in found(births(2026, 0))] == [None]


@pytest.mark.parametrize(
    ("since", "until", "years"),
    [
        (date(2026, 1, 1), date(2027, 1, 1), (2026, 2026)),
        (date(2024, 1, 1), date(2027, 1, 1), (2024, 2026)),
        (date(2026, 1, 1), date(2026, 7, 1), None),
        (date(2026, 2, 1), date(2027, 1, 1), None),
        (date(2026, 1, 1), date(2026, 1, 1), None),
        (None, date(2027, 1, 1), None),
    ],
)
def test_whole_calendar_years(since: date | None, until: date | None, years: tuple[int, int] | None) -> None:
    assert years_of(since, until) == years


def test_the_county_of_an_initiative_is_that_of_its_zip_groups() -> None:
    initiatives = load_initiatives(INITIATIVES)
    assert [county_of(initiatives[slug]) for slug in sorted(initiatives)] == ["san-francisco", "fresno"]
    fresno = initiatives["fresno-ptbi"]
    groups = (*fresno.zip_groups, *initiatives["expecting-justice-sf"].zip_groups)
    assert county_of(fresno.model_copy(update={"zip_groups": groups})) is None
