"""The groups of a client (R7): two roll-ups of race and ethnicity, and a row of its own for what is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.events.client import ClientDemographicsStatedV1
from contracts.events.episode import EpisodeOpenedV1
from contracts.vocabulary import AgeBand, DetailedGroup, Payer, RaceEthnicity, StatedBy
from services.measures.definitions import CATALOGUE
from services.measures.domain.figure import tabulate
from services.measures.domain.groups import CDPH8, Groups, cdph8, groups_of, spd15
from services.measures.domain.journey import Journey, fold
from services.measures.domain.measure import AsOf, By
from services.measures.domain.period import Period
from tests.measures.published import START, Log

AMERICAN_INDIAN, ASIAN, BLACK, HISPANIC, MENA, PACIFIC, WHITE = RaceEthnicity


@pytest.mark.parametrize(
    ("stated", "eighth"),
    [
        ([HISPANIC], "hispanic"),
        ([HISPANIC, BLACK], "hispanic"),
        ([BLACK], "african_american"),
        ([AMERICAN_INDIAN], "american_indian"),
        ([ASIAN], "asian"),
        ([PACIFIC], "pacific_islander"),
        ([WHITE], "white"),
        ([MENA], "white"),
        ([MENA, WHITE], "white"),
        ([MENA, BLACK], "multi_race"),
        ([BLACK, WHITE], "multi_race"),
        ([ASIAN, PACIFIC], "multi_race"),
        ([], "unknown"),
    ],
)
def test_the_eight_groups_of_birth_tables(stated: Sequence[str], eighth: str) -> None:
    assert cdph8(stated) == eighth


@given(st.lists(st.sampled_from(RaceEthnicity), unique=True), st.booleans())
def test_both_roll_ups_come_from_what_was_said_whatever_its_order(stated: list[RaceEthnicity], declined: bool) -> None:
    rows = spd15(stated, declined=declined)
    assert set(rows) == {*map(str, stated)} or (not stated and rows == (("declined" if declined else "not_known"),))
    assert cdph8(stated) == cdph8(reversed(stated))
    assert cdph8(stated) in CDPH8


def stated(**said: object) -> Journey:
    log = Log()
    said = {"source": StatedBy.SELF_REPORTED, "declined": False} | said
    log.add(ClientDemographicsStatedV1.model_validate(said), "her", START)
    return fold(fact.observed for fact in log.facts)


def test_r7_what_is_not_known_is_a_group_of_its_own() -> None:
    assert groups_of(Journey()) == Groups()
    assert groups_of(stated()) == Groups()
    assert groups_of(stated(declined=True)) == Groups(spd15=("declined",))


def test_what_she_said_is_where_she_stands() -> None:
    whole = stated(
        race_ethnicity=(ASIAN, PACIFIC),
        detailed=(DetailedGroup.HMONG, DetailedGroup.SAMOAN),
        language="hmn",
        payer=Payer.MEDI_CAL,
        zip_group="fresno-937",
        county="fresno",
    )
    assert groups_of(whole) == Groups(
        spd15=("asian", "native_hawaiian_pacific_islander"),
        cdph8="multi_race",
        detailed=("hmong", "samoan"),
        language="hmn",
        zip_group="fresno-937",
        payer="medi_cal",
        county="fresno",
    )


def test_alone_or_in_combination_adds_up_to_more_than_all_and_the_eight_to_all() -> None:
    people = [
        (str(number), stated_with_a_contact(number, *races))
        for number, races in enumerate([(ASIAN, PACIFIC), (ASIAN,), (BLACK, HISPANIC), ()])
    ]
    as_of = AsOf(START + timedelta(days=9), UTC)
    reached = CATALOGUE["clients_reached"]
    tables = {by: tabulate(reached, people, Period(), as_of, by) for by in (By.NONE, By.SPD15, By.CDPH8)}
    counts = {by: {label: figure.numerator for label, figure in rows.items()} for by, rows in tables.items()}
    assert counts == {
        By.NONE: {"": 4},
        By.SPD15: {
            "asian": 2,
            "black_african_american": 1,
            "hispanic_latino": 1,
            "native_hawaiian_pacific_islander": 1,
            "not_known": 1,
        },
        By.CDPH8: {"asian": 1, "hispanic": 1, "multi_race": 1, "unknown": 1},
    }


def stated_with_a_contact(seed: int, *races: RaceEthnicity) -> Journey:
    log = Log(seed=seed)
    log.contact("her", START)
    if races:
        said = ClientDemographicsStatedV1(source=StatedBy.SELF_REPORTED, declined=False, race_ethnicity=races)
        log.add(said, "her", START)
    return fold(fact.observed for fact in log.facts)


def test_r7_her_age_is_that_of_the_pregnancy_of_the_time() -> None:
    log = Log()
    opened = ((AgeBand.UNDER_20, 0), (None, 100), (AgeBand.FROM_20_TO_24, 900))
    for band, day in opened:
        at = START + timedelta(days=day)
        log.add(EpisodeOpenedV1(age_band=band, episode=log.id(), identified_on=at.date()), "her", at)
    groups = groups_of(fold(fact.observed for fact in log.facts))
    found = [groups.age(START + timedelta(days=day)) for day in (-9, 0, 200, 899, 900)]
    assert found == ["under_20", "under_20", "under_20", "under_20", "20_and_over"]
    assert groups_of(Journey()).age(START) == "not_known"
