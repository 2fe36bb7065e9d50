"""The lattice: named periods by local dates, none of one length overlapping, and none that is not over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import islice, pairwise
from typing import get_args

import pytest

from contracts.initiative import Initiative, ReleasePeriod, Releases, load_initiatives
from services.measures.definitions import find
from services.measures.domain.measure import By
from services.measures.domain.period import whole_day
from services.measures.releases import views
from services.measures.releases.lattice import UnknownPeriod, from_then_on, named, newest, over, recent
from tests.measures.conftest import INITIATIVES, LARGE, SMALL

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def initiative(slug: str = LARGE, **releases: object) -> Initiative:
    found = load_initiatives(INITIATIVES)[slug]
    return found.model_copy(update={"releases": Releases.model_validate(releases)}) if releases else found


@pytest.mark.parametrize(
    ("name", "first", "end"),
    [
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2023-2025", date(2023, 1, 1), date(2026, 1, 1)),
    ],
)
def test_a_period_has_a_name_and_local_dates(name: str, first: date, end: date) -> None:
    span = named(initiative(), name)
    assert (span.name, span.first, span.end) == (name, first, end)
    assert span.since == datetime(first.year, first.month, 1, 8 if first.month == 1 else 7, tzinfo=UTC)


@pytest.mark.parametrize(
    "name", ["2026-Q0", "2026-Q5", "2024-2026", "2023-2024", "2020-2022", "26", "2026-", "2026-Q3\n"]
)
def test_what_is_not_of_the_lattice(name: str) -> None:
    with pytest.raises(UnknownPeriod):
        named(initiative(), name)


def test_a_length_that_the_initiative_does_not_release() -> None:
    with pytest.raises(UnknownPeriod):
        named(initiative(periods=["year"], default="year"), "2025-Q1")


@pytest.mark.parametrize("length", get_args(ReleasePeriod))
def test_periods_of_one_length_follow_each_other(length: ReleasePeriod) -> None:
    found = list(islice(from_then_on(initiative(), length, NOW), 9))
    assert all(one.end == other.first and named(initiative(), one.name) == one for one, other in pairwise(found))
    assert found[0].until <= NOW < found[1].until
    months = {"quarter": 1, "year": 4, "three_years": 12}[length]
    assert {len(span.quarters) for span in found} == {months}


def test_the_first_window_of_three_years_is_the_first() -> None:
    """What began before the initiative counts in windows is in none of them."""
    assert newest(initiative(SMALL), "three_years", NOW).name == "2025-2027"
    assert newest(initiative(LARGE), "three_years", NOW).name == "2023-2025"


def test_what_to_look_back_at_begins_with_what_is_running() -> None:
    names = [span.name for span in recent(initiative(), NOW)]
    assert names[:3] == ["2026-Q4", "2026-Q3", "2026-Q2"]
    assert names[-6:] == ["2026", "2025", "2024", "2023", "2026-2028", "2023-2025"]
    assert [span.name for span in recent(initiative(SMALL), NOW) if span.length == "three_years"] == ["2025-2027"]


def test_what_is_over_begins_with_the_newest_of_each_length_and_ends_where_the_data_begin() -> None:
    names = [span.name for span in over(initiative(), NOW, date(2025, 11, 3))]
    assert names == ["2026-Q3", "2026-Q2", "2026-Q1", "2025-Q4", "2025", "2023-2025"]
    assert names == [span.name for span in over(initiative(), NOW, date(2025, 12, 31))], "its last day is in it"
    later = [span.name for span in over(initiative(), NOW, date(2026, 1, 1))]
    assert later == ["2026-Q3", "2026-Q2", "2026-Q1"]
    unknown = [span.name for span in over(initiative(), NOW)]
    assert unknown == [span.name for span in recent(initiative(), NOW) if span.until <= NOW]


def test_midnight_decides_whether_it_is_over() -> None:
    just_before, midnight = datetime(2027, 1, 1, 7, 59, tzinfo=UTC), datetime(2027, 1, 1, 8, tzinfo=UTC)
    assert newest(initiative(), "year", just_before).name == "2025"
    assert newest(initiative(), "year", midnight).name == "2026"


def test_only_declared_views_are_in_the_catalogue() -> None:
    here = initiative()
    measures = views.listed(here)
    quarter = views.catalogue(here, named(here, "2026-Q3"), measures)
    year = views.catalogue(here, named(here, "2026"), measures)
    assert {by for view in year for by in view.by} - {by for view in quarter for by in view.by} == {By.QUARTER}
    assert all(set(view.by) <= view.definition.by and view.by[0] is By.NONE for view in year)
    without = here.model_copy(update={"zip_groups": ()})
    assert By.ZIP_GROUP in year[0].by
    assert By.ZIP_GROUP not in views.catalogue(without, named(here, "2026"), measures)[0].by


def test_with_whom_groups_are_compared_is_fixed_for_a_version() -> None:
    here = initiative().model_copy(update={"reference_groups": {"payer": "private", "age": "20_and_over"}})
    first = views.catalogue(here, named(here, "2026"), [find("response_rate")])
    second = [views.View(replace(first[0].definition, version=2), first[0].by)]
    usual = {"response_rate": {"payer": "private", "age": "20_and_over"}}

    def compared(of: Sequence[views.View], **chosen: dict[str, str]) -> dict[str, dict[str, str]]:
        return views.references(here.model_copy(update={"reference_groups_of": chosen}), of)

    assert compared(first) == usual
    assert compared(second) == {}, "a new version has none before it says so"
    assert compared(second, response_rate_v2={}) == usual
    assert compared(second, response_rate_v2={"age": "under_20"}) == {
        "response_rate": {"payer": "private", "age": "under_20"}
    }
    assert compared(first, response_rate_v2={"age": "under_20"}) == usual, (
        "what a new one says leaves the old as it was"
    )


def test_a_measure_on_no_scorecard_is_in_no_view() -> None:
    with pytest.raises(views.NotInCatalogue):
        views.chosen(initiative().model_copy(update={"working_groups": ()}), ["response_rate"])


def test_r6_a_sensitive_measure_needs_the_restricted_topic() -> None:
    group = initiative().working_groups[0].model_copy(update={"measures": ("preterm_birth", "response_rate")})
    on = initiative().model_copy(update={"working_groups": (group,), "restricted_topic": True})
    assert [each.id for each in views.listed(on)] == ["response_rate", "preterm_birth"]
    assert [each.id for each in views.listed(on.model_copy(update={"restricted_topic": False}))] == ["response_rate"]


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ((2026, 9, 29, 7), date(2026, 9, 29)),  # midnight there
        ((2026, 12, 30, 7), date(2026, 12, 30)),  # an hour before midnight, in winter: the 29th is too early by day
        ((2026, 12, 30, 8), date(2026, 12, 30)),
        ((2026, 12, 30, 9), date(2026, 12, 31)),
    ],
)
def test_a_day_from_which_on_something_is_due_is_a_whole_one(at: tuple[int, int, int, int], day: date) -> None:
    assert whole_day(datetime(*at, tzinfo=UTC), initiative().timezone) == day
