"""Gaps between groups of a population: against the chosen group, window by window, each way of counting by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from contracts.initiative import Initiative, load_initiatives
from services.measures.application.population_gaps import WindowGaps, window_gaps
from services.measures.domain.counted import Absent, Share
from services.measures.domain.interval import wilson
from services.measures.domain.population import Basis, Counting, Window
from tests.measures.conftest import INITIATIVES, SMALL

CDPH = Counting("preterm_birth", "cdph", Basis.OBSTETRIC_ESTIMATE, (17, 47), 100)


@pytest.fixture(scope="module")
def francisco() -> Initiative:
    return load_initiatives(INITIATIVES)[SMALL]


def window(group: str, numerator: int, since: int, by: str = "cdph8_exclusive") -> Window:
    rate = wilson(numerator, 1_000)
    assert rate is not None
    return Window(CDPH, by, group, since, since + 2, numerator, 1_000, rate, ("Table 9 (invented)",), practice=False)


BLACK, WHITE = "african_american", "white"
TABLE = [
    *(window(BLACK, 150, 2019), window(WHITE, 70, 2019), window("all", 90, 2019, "none")),
    *(window(BLACK, 110, 2022), window(WHITE, 70, 2022), window("hispanic", 90, 2022)),
]


def closed(found: WindowGaps) -> dict[str, float | Absent]:
    return {group: part if isinstance(part, Absent) else round(part, 9) for group, part in found.closed.items()}


def test_what_has_closed_since_the_first_window(francisco: Initiative) -> None:
    """15 less 7 is 8 points, 11 less 7 is 4: half of it has closed; who came later starts with her own first window."""
    first, second = window_gaps(francisco, TABLE)
    assert (first.reference, first.since, closed(first)) == (WHITE, 2019, {BLACK: 0.0})
    assert closed(second) == {BLACK: 0.5, "hispanic": 0.0}
    assert (first.everyone, second.everyone) == (Share(90, 1_000), None)
    assert second.groups[BLACK] == Share(110, 1_000)


def test_a_window_without_the_reference_compares_nobody(francisco: Initiative) -> None:
    found = window_gaps(francisco, [each for each in TABLE if (each.group, each.since) != (WHITE, 2019)])
    assert [(each.since, closed(each)[BLACK]) for each in found] == [(2022, 0.0)]


def test_no_gap_at_first_cannot_close(francisco: Initiative) -> None:
    found = window_gaps(francisco, [replace(each, numerator=70) if each.since == 2019 else each for each in TABLE])
    assert found[1].closed[BLACK] is Absent.NOT_DEFINED


def test_where_nobody_chose_a_group_none_is_compared_with(francisco: Initiative) -> None:
    nobody = francisco.model_copy(update={"reference_groups": {}})
    assert window_gaps(nobody, TABLE) == []


def test_g26_ways_of_counting_stay_apart(francisco: Initiative) -> None:
    older = [replace(each, counting=CDPH._replace(basis=Basis.LAST_PERIOD, weeks=None)) for each in TABLE[:3]]
    found = window_gaps(francisco, [*TABLE, *older])
    assert [(each.counting.basis, each.since) for each in found] == [
        (Basis.OBSTETRIC_ESTIMATE, 2019),
        (Basis.OBSTETRIC_ESTIMATE, 2022),
        (Basis.LAST_PERIOD, 2019),
    ]
