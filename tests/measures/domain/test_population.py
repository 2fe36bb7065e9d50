"""Figures of a population: as printed, as recomputed, the difference said; windows of whole years; one axis each."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from services.measures.definitions import CATALOGUE
from services.measures.domain.axis import Axis, MixedAxis
from services.measures.domain.figure import compute
from services.measures.domain.measure import AsOf
from services.measures.domain.period import Period
from services.measures.domain.population import Basis, Counting, PopulationFigure, Printed, windows

CDPH = Counting("preterm_birth", "cdph", Basis.OBSTETRIC_ESTIMATE, (17, 47), 100)
BIRTHS = Counting("live_births", "cdph", Basis.NOT_SAID, None, 0)


def figure(
    numerator: int | None, denominator: int | None, printed: str | None = None, *, year: int = 2022, **other: object
) -> PopulationFigure:
    made = PopulationFigure(CDPH, "none", "all", year, year, numerator, denominator, printed, "Table 1 (invented)")
    return replace(made, **other)  # type: ignore[arg-type]  # names and values of its own fields


@pytest.mark.parametrize(
    ("text", "low", "high", "places"),
    [
        ("11.1", "11.1", "11.1", 1),
        ("7", "7", "7", 0),
        ("10.30 %", "10.30", "10.30", 2),
        ("14-16", "14", "16", 0),
        ("10–11", "10", "11", 0),  # noqa: RUF001 - as printers write it
        ("14,250", "14250", "14250", 0),
    ],
)
def test_a_figure_is_read_as_printed(text: str, low: str, high: str, places: int) -> None:
    assert Printed.read(text) == (Decimal(low), Decimal(high), places)


@pytest.mark.parametrize("text", ["", "about 11", "<11", "11.1.1", "16-14", "14,25", "*", "-3", "1e3"])
def test_what_is_no_figure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"figure|range"):
        Printed.read(text)


@pytest.mark.parametrize(
    ("counts", "printed", "recomputed", "difference"),
    [
        ((57, 400), "14.3", "14.3", None),
        ((1_110, 10_000), "11.1", "11.1", None),
        ((1_030, 10_000), "11.1", "10.3", "-0.8"),  # printed from another count than its own
        ((1_115, 10_000), "11.1", "11.15", None),  # some round down
        ((1_116, 10_000), "11.1", "11.2", "0.1"),
        ((1_104, 10_000), "11", "11", None),
        ((1_500, 10_000), "14-16", "15", None),
        ((1_700, 10_000), "14-16", "17", "1"),
        ((1_300, 10_000), "14-16", "13", "-1"),
        ((0, 500), "0.0", "0.0", None),
        ((1_037, 10_000), None, "10.4", None),
        ((None, None), "12", None, None),
    ],
)
def test_recomputed_from_its_own_counts(
    counts: tuple[int | None, int | None], printed: str | None, recomputed: str | None, difference: str | None
) -> None:
    """A hundred times numerator over denominator, to the places printed; printed stays as it was."""
    found = figure(*counts, printed)
    assert found.recomputed == (None if recomputed is None else Decimal(recomputed))
    assert found.difference == (None if difference is None else Decimal(difference))
    assert found.printed == printed


def test_of_a_thousand_and_a_plain_count() -> None:
    of_thousand = figure(62, 10_000, "6.3", counting=CDPH._replace(measure="infant_deaths", per=1_000))
    assert (of_thousand.recomputed, of_thousand.difference) == (Decimal("6.2"), Decimal("-0.1"))
    births = figure(14_250, None, "14,250", counting=BIRTHS)
    assert (births.recomputed, births.difference, births.rate) == (Decimal(14_250), None, None)
    assert replace(births, printed="14,520").difference == Decimal(-270)


def test_no_one_to_count_is_never_nothing_of_a_hundred() -> None:
    nobody = figure(0, 0, "0.0")
    assert (nobody.rate, nobody.recomputed, nobody.difference) == (None, None, None)


class TestWindows:
    YEARS = tuple(figure(100 + year - 2017, 1_000, year=year) for year in range(2017, 2026))

    def test_three_years_that_lie_end_to_end(self) -> None:
        """100 to 108 of 1,000 in 2017 to 2025: 303, 312 and 321 of 3,000."""
        found = windows(self.YEARS, 3, 2025)
        assert [(each.since, each.until, each.numerator, each.denominator) for each in found] == [
            (2017, 2019, 303, 3_000),
            (2020, 2022, 312, 3_000),
            (2023, 2025, 321, 3_000),
        ]
        assert found[0].rate.value == pytest.approx(0.101)
        assert found[0].sources == ("Table 1 (invented)",)

    def test_they_end_with_the_year_of_the_target(self) -> None:
        assert [(each.since, each.until) for each in windows(self.YEARS, 3, 2030)] == [(2019, 2021), (2022, 2024)]

    def test_a_year_that_is_missing_makes_no_window(self) -> None:
        without = [each for each in self.YEARS if each.since != 2021]
        assert [each.until for each in windows(without, 3, 2025)] == [2019, 2025]
        uncounted = [*without, figure(None, None, "10.4", year=2021)]
        assert [each.until for each in windows(uncounted, 3, 2025)] == [2019, 2025]

    def test_a_figure_of_just_these_years_stands_for_them(self) -> None:
        printed = figure(330, 3_000, "11.0", since=2020, until=2022, source="Table 9 (invented)")
        second = windows([*self.YEARS, printed], 3, 2025)[1]
        assert (second.numerator, second.sources) == (330, ("Table 9 (invented)",))

    def test_groups_and_ways_of_counting_stay_apart(self) -> None:
        older = [replace(each, counting=CDPH._replace(basis=Basis.LAST_PERIOD, weeks=None)) for each in self.YEARS[:3]]
        unsaid = [replace(each, counting=CDPH._replace(weeks=None)) for each in self.YEARS[:3]]
        black = [replace(each, by="cdph8", group="black") for each in self.YEARS[:3]]
        mixed = [self.YEARS[0], older[1], black[2]]
        assert [each.numerator for each in windows([*self.YEARS[:3], *older, *unsaid, *black], 3, 2025)] == [303] * 4
        assert windows(mixed, 3, 2025) == []

    def test_practice_figures_are_said_to_be_practice(self) -> None:
        [window] = windows([replace(each, practice=each.since == 2018) for each in self.YEARS[:3]], 3, 2025)
        assert window.practice


class TestOneAxis:
    """G26: (a) the programme and (b) the population are never on one axis."""

    PROGRAMME = compute(CATALOGUE["response_rate"], [], Period(), AsOf(datetime(2026, 1, 1, tzinfo=UTC), UTC))
    POPULATION = figure(1_110, 10_000)

    def test_g26_programme_and_population_are_refused_by_types_and_when_run(self) -> None:
        with pytest.raises(MixedAxis):
            # mypy calls the comment unused, and `make check` fails, should the types ever allow this.
            Axis((self.PROGRAMME, self.POPULATION))  # type: ignore[type-var]

    def test_g26_obstetric_estimates_of_17_to_47_weeks_stand_alone(self) -> None:
        for other in (
            CDPH._replace(basis=Basis.LAST_PERIOD),
            CDPH._replace(weeks=None),
            CDPH._replace(publisher="nchs"),
            CDPH._replace(measure="very_preterm_birth"),
        ):
            with pytest.raises(MixedAxis):
                Axis((self.POPULATION, replace(self.POPULATION, counting=other)))

    def test_versions_of_a_definition_stand_apart(self) -> None:
        with pytest.raises(MixedAxis):
            Axis((self.PROGRAMME, replace(self.PROGRAMME, definition="response_rate_v2")))

    def test_what_is_counted_alike_stands_together(self) -> None:
        black = replace(self.POPULATION, by="cdph8", group="black")
        assert Axis((self.POPULATION, black)).points == (self.POPULATION, black)
        assert Axis((self.PROGRAMME, self.PROGRAMME)).points
