"""Who leads her and has not met her for so long: which timer runs for whom, from when (R15, R17)."""

from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from uuid_utils.compat import uuid7

from services.referrals.domain.episode import (
    EpisodeClosed,
    EpisodeJoined,
    EpisodeLost,
    EpisodeOpened,
    EpisodeParted,
    EpisodeResumed,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)
from services.referrals.domain.fact import Fact
from services.referrals.domain.timer import Timer, TimerFired, TimerSet
from services.referrals.domain.vocabulary import Basis, EpisodeEnd, ResponsibilityDomain
from services.referrals.store.commit import WorkRow
from services.referrals.store.work_index import work_rows
from tests.referrals.store.commits import CLINIC, HUB, NOON, Story, due

LEADS, DOULA = ResponsibilityDomain.PRIMARY_CARE_COORDINATION, ResponsibilityDomain.DOULA
EPISODE = UUID("0194a000-0000-5000-8000-000000000001")


def day(number: float) -> datetime:
    return NOON + timedelta(days=number)


def assigned(agency: str, domain: ResponsibilityDomain = LEADS) -> ResponsibilityAssigned:
    return ResponsibilityAssigned(domain=domain, agency=agency, basis=Basis.INTAKE)


def met(number: float, domain: ResponsibilityDomain = LEADS) -> TimerSet:
    return TimerSet(timer=Timer.SILENCE, domain=domain, since=day(number))


def fired(number: float) -> TimerFired:
    return TimerFired(timer=Timer.SILENCE, domain=LEADS, due_at=day(number))


OPENED = [(EpisodeOpened(identified_on=NOON.date()), CLINIC), (assigned(CLINIC), CLINIC)]
LOST, FOUND, CLOSED = EpisodeLost(), EpisodeResumed(), EpisodeClosed(reason=EpisodeEnd.OTHER)
FALLS = (ResponsibilityLeft(domain=LEADS, agency=CLINIC), CLINIC)
HELD = ResponsibilityAssigned(domain=LEADS, agency=HUB, basis=Basis.HUB)
JOINED, PARTED = EpisodeJoined(), EpisodeParted()
Told = list[tuple[Fact, str]]


def rows_of(told: Told) -> list[WorkRow]:
    """The rows of leads after facts of a pregnancy, that of each day told at its noon."""
    story = Story()
    for number, (fact, agency) in enumerate([*OPENED, *told]):
        story.tell(EPISODE, fact, agency, at=day(max(0, number - 1)))
    own, *leads = work_rows(story.told[EPISODE], due)
    assert (own.id, own.fires) == (EPISODE, None if own.state == "closed" else "end_postpartum")
    assert [row.stream for row in leads] == [EPISODE] * len(leads)
    return leads


@pytest.mark.parametrize(
    ("told", "fires"),
    [
        ([], 21),
        ([(met(1), CLINIC)], 22),
        ([(met(1), CLINIC), (met(0.5), CLINIC)], 21.5),  # what was met last does not count any more
        ([(met(-1), CLINIC)], 21),  # before it led
        ([(met(1), HUB)], 21),  # another's
        ([(met(1, DOULA), CLINIC)], 21),  # for what it does not lead
        ([(fired(21), CLINIC), (met(2), CLINIC)], 23),
        ([(LOST, CLINIC)], None),
        ([(LOST, CLINIC), (FOUND, CLINIC)], 2 + 21),
        ([(JOINED, HUB), (LOST, HUB)], 21),  # who leads can find her
        ([(assigned(HUB), HUB)], 1 + 21),
        ([(met(1), CLINIC), (assigned(HUB), HUB)], 2 + 21),
        ([(CLOSED, CLINIC)], None),
        ([(JOINED, HUB), (PARTED, CLINIC)], None),
        ([(assigned(HUB), HUB), (assigned(CLINIC), CLINIC)], 2 + 21),
    ],
)
def test_r15_silence_is_counted_from_when_she_was_last_met(told: Told, fires: float | None) -> None:
    (row,) = rows_of(told)
    assert (row.fires, row.fires_at) == ((None, None) if fires is None else ("silence", day(fires)))
    assert (row.waits_for, row.due_at) == (None, None)


@pytest.mark.parametrize(
    ("told", "waits"),
    [
        ([(fired(21), CLINIC)], True),
        ([(fired(20), CLINIC)], False),  # of another time
        ([(fired(21), CLINIC), (met(2), CLINIC)], False),
        ([(fired(21), CLINIC), (met(2), CLINIC), (met(0), CLINIC)], True),  # that one did not count
        ([(fired(21), CLINIC), (LOST, CLINIC)], False),
        ([(fired(21), CLINIC), (CLOSED, CLINIC)], False),
        ([(fired(21), CLINIC), (assigned(HUB), HUB)], False),
        ([(fired(21 + 2), CLINIC), (assigned(HUB), HUB)], False),  # that was the one before
    ],
)
def test_what_has_fired_waits_until_she_is_met(told: Told, waits: bool) -> None:
    (row,) = rows_of(told)
    assert (row.waits_for, row.waits_on, row.due_at) == (("silence", CLINIC, day(21)) if waits else (None, None, None))
    assert row.fires is None or not waits


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ([FALLS, (HELD, HUB)], True),
        ([FALLS, (HELD, HUB), (met(3), HUB)], False),
        ([FALLS, (HELD, HUB), (CLOSED, CLINIC)], False),
        ([FALLS, (HELD, HUB), (assigned(CLINIC), CLINIC)], False),
        ([(HELD, HUB)], True),  # a failed handoff goes to the hub where its sender has left
        ([(assigned(HUB, DOULA), HUB)], False),
    ],
)
def test_r19_what_falls_to_the_hub_waits_there_until_it_has_met_her(told: Told, left: bool) -> None:
    row = rows_of(told)[0]
    assert (row.state == "left", row.waits_for, row.waits_on) == (
        (True, "silence", HUB) if left else (False, None, None)
    )


def test_each_domain_has_a_timer_of_its_own() -> None:
    first, second = rows_of([(assigned(HUB, DOULA), HUB), (fired(21), CLINIC)])
    assert (first.domain, first.from_agency, first.waits_on, first.fires) == (LEADS, CLINIC, CLINIC, None)
    assert (second.domain, second.from_agency, second.waits_on, second.fires) == (DOULA, HUB, None, "silence")
    assert first.id != second.id
    assert {first.version, second.version} == {4}


def test_its_row_never_goes_away() -> None:
    """The index is written by id: a row that nobody writes any more would wait for ever."""
    told: Told = [(assigned(HUB, DOULA), HUB), (CLOSED, CLINIC)]
    ids = [{row.id for row in rows_of(told[:number])} for number in range(len(told) + 1)]
    assert all(before <= after for before, after in pairwise(ids))
    assert [row.state for row in rows_of(told)] == ["over", "over"]


def test_of_any_other_record_the_stream_is_its_own() -> None:
    row = rows_of([])[0]
    assert row.stream == EPISODE != row.id
    other = WorkRow("referral", uuid7(), "i", uuid7(), CLINIC, HUB, "sent", 1, NOON)
    assert (other.stream, other.led) == (other.id, None)
