"""What closing a gap would mean: every measure that can have one says what it is more or fewer of, of one and many."""

from zoneinfo import ZoneInfo

import pytest

from services.gateway.pages.api import Json
from services.gateway.pages.figures.gaps import gap_said
from services.gateway.pages.figures.rows import Naming
from services.gateway.pages.terms import CLOSING
from services.gateway.pages.words import LANGUAGES, Words, translations
from services.measures.definitions import CATALOGUE
from services.measures.domain.measure import Direction, Kind
from tests.gateway.upstream_figures import gap

CLOSED = {
    each.id: each
    for each in CATALOGUE.values()
    if each.kind in {Kind.PROPORTION, Kind.TIME} and each.direction is not Direction.NEUTRAL
}


def said(language: str, measure: str, excess: float) -> str:
    """The last sentence of a gap of 12 points."""
    known = CATALOGUE[measure]
    wide = gap("es", 12.0 if known.direction is Direction.FEWER else -12.0) | {"excess": excess, "behind": True}
    table: Json = {
        "by": "language",
        "measure": {"measure": measure, "kind": str(known.kind), "direction": str(known.direction)},
        "gaps": {
            "reference": "en",
            "per_days": None,
            "within_days": max(known.marks, default=None),
            "groups": [wide],
        },
        "rows": [],
    }
    words = Words(language, translations(language), ZoneInfo("America/Los_Angeles"))
    return gap_said(table, None, Naming(words, None), {})[-1]


def test_every_measure_that_can_have_a_gap_says_what_closing_it_means() -> None:
    assert CLOSING.keys() == CLOSED.keys()


@pytest.mark.parametrize("measure", CLOSED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_more_or_fewer_as_the_measure_has_it(language: str, measure: str) -> None:
    more, fewer = {"en": ("more", "fewer"), "es": ("más", "menos")}[language]
    one, many = said(language, measure, 1.2), said(language, measure, -17.4)
    wanted, other = (more, fewer) if CLOSED[measure].direction is Direction.MORE else (fewer, more)
    for number, text in (("1", one), ("17", many)):
        assert f" {number} " in text
        assert wanted in text.strip(".").split()
        assert other not in text.strip(".").split()
        assert "%(" not in text
    assert one.replace(" 1 ", " 17 ") != many, "one has its own form"


@pytest.mark.parametrize(
    ("measure", "excess", "text"),
    [
        ("preterm_birth", 17.1, "17 fewer deliveries before 37 weeks"),
        ("lost_to_follow_up", 6.0, "6 fewer accepted referrals lost to follow-up"),
        ("connected_rate", -24.0, "24 more referrals connected within 30 days"),
        ("connected_rate", -1.0, "1 more referral connected within 30 days"),
        ("time_to_acceptance", -2.0, "2 more referrals accepted within 7 days"),
    ],
)
def test_it_says_what_of_them(measure: str, excess: float, text: str) -> None:
    assert said("en", measure, excess) == f"Closing it means about {text}."


def test_it_says_nothing_of_less_than_one() -> None:
    assert "Closing" not in said("en", "connected_rate", -0.4)
