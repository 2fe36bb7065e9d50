"""The list of counties: all of the state's, each once, and known however it is written."""

import pytest

from contracts.counties import CALIFORNIA, county_of


def test_there_are_58_in_order() -> None:
    assert len(CALIFORNIA) == 58
    assert list(CALIFORNIA) == sorted(set(CALIFORNIA))


@pytest.mark.parametrize(
    ("said", "county"),
    [
        ("Fresno", "Fresno"),
        (" fresno  county", "Fresno"),
        ("SAN FRANCISCO", "San Francisco"),
        ("Fres", None),
        ("County", None),
        ("Atlantis", None),
        ("", None),
    ],
)
def test_a_county_is_known_however_it_is_written(said: str, county: str | None) -> None:
    assert county_of(said, CALIFORNIA) == county
