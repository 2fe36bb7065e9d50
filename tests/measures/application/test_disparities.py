"""When the yearly figures of a population make a disparity ratio, and when they make none."""

from __future__ import annotations

from dataclasses import replace

from services.measures.application.disparities import Disparity, disparities
from services.measures.domain.disparity import DisparityRatio, TooSmall
from services.measures.domain.population import Basis, Counting, PopulationFigure

CDPH = Counting("preterm_birth", "cdph", Basis.OBSTETRIC_ESTIMATE, (17, 47), 100)


def years(group: str, preterm: int, births: int, first: int = 2018, last: int = 2024) -> list[PopulationFigure]:
    return [
        PopulationFigure(CDPH, "cdph8_exclusive", group, year, year, preterm, births, None, "Table 1 (invented)")
        for year in range(first, last + 1)
    ]


BLACK, WHITE = years("african_american", 60, 400), years("white", 70, 1_000)


def one(figures: list[PopulationFigure]) -> Disparity:
    [found] = disparities(figures, "preterm_birth")
    return found


def test_the_last_six_years_that_every_group_has() -> None:
    """15 against 7 of 100, in every year: 2.142857, and no change."""
    found = one([*BLACK, *WHITE])
    assert (found.years, found.rated) == (range(2019, 2025), range(2022, 2025))
    assert isinstance(found.now, DisparityRatio)
    assert (round(found.now.ratio, 6), found.now.compared_with, found.has_changed) == (2.142857, "white", False)
    assert one([*BLACK[:-1], *WHITE]).years == range(2018, 2024)


def test_a_change_is_told_from_chance() -> None:
    better = [replace(each, numerator=30) if (each.since or 0) >= 2022 else each for each in BLACK]
    assert one([*better, *WHITE]).has_changed is True


def test_fewer_years_than_six_in_a_row_make_none() -> None:
    assert disparities([*years("a", 60, 400, 2019, 2023), *WHITE], "preterm_birth") == []
    assert disparities([each for each in [*BLACK, *WHITE] if each.since != 2022], "preterm_birth") == []
    assert disparities([], "preterm_birth") == []


def test_what_is_no_group_and_no_year_is_left_out() -> None:
    unknown, everybody = years("unknown", 60, 400), [replace(each, by="none", group="all") for each in BLACK]
    three = [replace(BLACK[0], since=2022, until=2024, numerator=999, denominator=1_200)]
    printed = [replace(each, group="asian", numerator=None, denominator=None, printed="9.0") for each in BLACK]
    other = [replace(each, counting=CDPH._replace(measure="very_preterm_birth")) for each in BLACK]
    assert one([*BLACK, *WHITE, *unknown, *everybody, *three, *printed, *other]) == one([*BLACK, *WHITE])


def test_g26_ways_of_counting_stay_apart() -> None:
    older = [replace(each, counting=CDPH._replace(basis=Basis.LAST_PERIOD, weeks=None)) for each in [*BLACK, *WHITE]]
    assert len(disparities([*BLACK, *WHITE, *older], "preterm_birth")) == 2


def test_groups_that_are_too_small_are_named_and_nothing_is_computed() -> None:
    found = one([*BLACK, *WHITE, *years("pacific_islander", 0, 30)])
    assert (found.now, found.has_changed) == (TooSmall(("pacific_islander",)), None)
