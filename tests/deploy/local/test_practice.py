"""What of the practice history is released: a year of Fresno, of San Francisco in a whole county alone."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.initiative import load_initiatives
from deploy.local.practice import PERSONS, due
from deploy.simulator.seed import SIZES

INITIATIVES = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
FRESNO, SAN_FRANCISCO = "fresno-ptbi", "expecting-justice-sf"


@pytest.mark.parametrize(
    ("slug", "size", "year"),
    [
        (FRESNO, "small", "2025"),
        (FRESNO, "county", "2025"),
        (SAN_FRANCISCO, "small", None),
        (SAN_FRANCISCO, "county", "2025"),
    ],
)
def test_one_year_is_released(slug: str, size: str, year: str | None) -> None:
    assert size in SIZES
    assert due(INITIATIVES[slug], size, NOW) == year


def test_who_builds_it_does_not_approve_it() -> None:
    for initiative in INITIATIVES.values():
        assert sum("backbone" in person.roles for person in initiative.practice) >= PERSONS
