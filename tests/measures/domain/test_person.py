"""Who she says she is, in whatever order it was said (R7), and two pseudonyms that are one woman (R21)."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from contracts.events.client import ClientDemographicsStatedV1, ClientLinkedV1, ClientUnlinkedV1
from contracts.vocabulary import RaceEthnicity, StatedBy
from services.measures.domain.journey import Journey, fold
from services.measures.domain.person import one_woman
from tests.measures.published import CLINIC, DOULAS, START, Log, pseudonym

DAY = timedelta(days=1)
HER, TOO = pseudonym(1), pseudonym(2)


def said(source: StatedBy, *races: RaceEthnicity, declined: bool = False) -> ClientDemographicsStatedV1:
    return ClientDemographicsStatedV1(source=source, race_ethnicity=races, declined=declined)


SELF = said(StatedBy.SELF_REPORTED, RaceEthnicity.BLACK)
LATER = said(StatedBy.SELF_REPORTED, RaceEthnicity.BLACK, RaceEthnicity.HISPANIC)
SEEN = said(StatedBy.STAFF_OBSERVED, RaceEthnicity.WHITE)
FILE = said(StatedBy.IMPORTED, RaceEthnicity.ASIAN)
NO = said(StatedBy.SELF_REPORTED, declined=True)


def whole(*events: ClientDemographicsStatedV1 | ClientLinkedV1 | ClientUnlinkedV1) -> list[Journey]:
    """The journey of these, a day apart, in every order of arrival."""
    log = Log()
    for number, event in enumerate(events):
        log.add(event, HER, START + number * DAY, (CLINIC, DOULAS)[number % 2])
    return [fold(fact.observed for fact in order) for order in permutations(log.facts)]


@pytest.mark.parametrize(
    ("events", "stands"),
    [
        ((FILE,), FILE),
        ((FILE, SEEN), SEEN),
        ((SEEN, FILE), SEEN),
        ((SELF, SEEN, FILE), SELF),
        ((SELF, SEEN, LATER), LATER),
        ((LATER, FILE, SELF), SELF),
        ((SELF, NO), NO),
        ((NO, SEEN), NO),
    ],
)
def test_r7_self_reported_wins_over_observed_over_imported_then_the_latest(
    events: tuple[ClientDemographicsStatedV1, ...], stands: ClientDemographicsStatedV1
) -> None:
    journeys = whole(*events)
    assert [journey.demographics for journey in journeys] == [stands] * len(journeys)
    assert all(journey == journeys[0] for journey in journeys)


def test_r7_nobody_asked_is_not_known() -> None:
    assert fold(()).demographics is None


def test_r21_a_link_holds_until_it_is_undone_by_who_made_it() -> None:
    linked, undone = ClientLinkedV1(other=TOO), ClientUnlinkedV1(other=TOO)
    assert {journey.others for journey in whole(linked)} == {frozenset({TOO})}
    assert {journey.others for journey in whole(linked, undone)} == {frozenset({TOO})}
    log = Log()
    for number, event in enumerate((linked, undone)):
        log.add(event, HER, START + number * DAY, CLINIC)
    assert {fold(fact.observed for fact in order).others for order in permutations(log.facts)} == {frozenset()}


def test_r21_all_that_are_linked_are_one_woman() -> None:
    assert one_woman([("c", "b"), ("d", "e"), ("b", "a")]) == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d"}
    assert one_woman([]) == {}
