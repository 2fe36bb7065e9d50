"""A pregnancy is counted once, whoever opened it how often; it goes by its due date, whatever became of it (R5)."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from services.measures.domain.journey import Journey, fold
from services.measures.domain.path import Contact, Moment
from services.measures.domain.pregnancy import Pregnancy, deliveries, of_contact, pregnancies
from tests.measures import pregnancies as of
from tests.measures.published import CLINIC, DOULAS, START, Log

DAY = timedelta(days=1)
KNOWN = START.date()
ZONE = ZoneInfo("America/Los_Angeles")


def lived(log: Log) -> Journey:
    return fold(fact.observed for fact in log.facts)


def entered(*entries: tuple[int, int | None]) -> list[Pregnancy]:
    """Pregnancies of entries that became known, and are due, so many days after the start; in any order."""
    log = Log()
    for known, due in entries:
        episode = of.opened(log, "her", START + known * DAY)
        if due is not None:
            of.dated(log, "her", episode, START + known * DAY, KNOWN + due * DAY)
    orders = [fold(fact.observed for fact in order) for order in permutations(log.facts)]
    assert len({tuple(each.ids for each in pregnancies(journey.episodes)) for journey in orders}) == 1
    return list(pregnancies(lived(log).episodes))


@pytest.mark.parametrize(
    ("entries", "count"),
    [
        (((0, 200),), 1),
        (((0, 200), (10, 228)), 1),
        (((0, 200), (10, 229)), 2),
        (((0, 200), (10, 225), (20, 250)), 1),
        (((0, None), (279, None)), 1),
        (((0, None), (280, None)), 2),
        (((0, 200), (200, None)), 1),
        (((0, 200), (201, None)), 2),
        (((0, None), (100, 280)), 1),
        (((0, None), (100, 281)), 2),
        (((0, 200), (300, 500)), 2),
        ((), 0),
    ],
)
def test_r18_entries_that_are_one_pregnancy(entries: tuple[tuple[int, int | None], ...], count: int) -> None:
    assert len(entered(*entries)) == count


def test_r25_two_pseudonyms_of_one_woman_have_one_pregnancy() -> None:
    log = Log()
    first = of.opened(log, "her", START)
    of.dated(log, "her", first, START, KNOWN + 200 * DAY)
    second = of.opened(log, "too", START + 3 * DAY, agency=DOULAS)
    of.dated(log, "too", second, START + 3 * DAY, KNOWN + 210 * DAY, agency=DOULAS)
    [one] = pregnancies(lived(log).episodes)
    assert one.ids == {first, second}
    assert (one.known_on, one.edd, one.closed) == (KNOWN, KNOWN + 210 * DAY, None)
    apart = [
        pregnancies(fold(f.observed for f in log.facts if f.headers.subject == who).episodes) for who in ("her", "too")
    ]
    assert [each[0].edd for each in apart] == [KNOWN + 200 * DAY, KNOWN + 210 * DAY]


def test_r5_it_goes_by_the_due_date_and_undated_by_280_days() -> None:
    [dated], [undated] = entered((0, 200)), entered((0, None))
    assert (dated.due, undated.due) == (KNOWN + 200 * DAY, KNOWN + 280 * DAY)
    assert (dated.begins, undated.begins) == (KNOWN - 80 * DAY, KNOWN)
    assert (dated.gestation(KNOWN), dated.gestation(dated.due), undated.gestation(KNOWN)) == (80, 280, None)
    assert [dated.is_prenatal(dated.due + n * DAY) for n in (0, 1)] == [True, False]
    assert dated.ends == dated.due + 366 * DAY


def test_r5_a_birth_changes_nothing_that_ordinary_measures_read() -> None:
    log = Log()
    episode = of.opened(log, "her", START)
    of.dated(log, "her", episode, START, KNOWN + 200 * DAY)
    before = lived(log)
    of.born(log, "her", episode, START + 150 * DAY, KNOWN + 150 * DAY)
    assert pregnancies(lived(log).episodes) == pregnancies(before.episodes)
    [whole] = pregnancies(lived(log).whole.episodes)
    assert whole.birth
    assert whole.birth.delivered_on == KNOWN + 150 * DAY


def test_it_is_closed_when_the_last_entry_is() -> None:
    log = Log()
    first, second = of.opened(log, "her", START), of.opened(log, "her", START + DAY)
    of.superseded(log, "her", second, START + 2 * DAY, first)
    assert pregnancies(lived(log).episodes)[0].closed is None
    of.closed(log, "her", first, START + 9 * DAY)
    [one] = pregnancies(lived(log).episodes)
    assert one.closed
    assert one.closed.at == START + 9 * DAY


@pytest.mark.parametrize(("days", "count"), [(180, 1), (181, 2)])
def test_of_two_deliveries_within_180_days_the_first_stands(days: int, count: int) -> None:
    log = Log()
    for known in (0, 300):
        episode = of.opened(log, "her", START + known * DAY)
        of.dated(log, "her", episode, START, KNOWN + (known + 100) * DAY)
        of.born(log, "her", episode, START, KNOWN + (days if known else 0) * DAY)
    found = [birth.delivered_on for _, birth in deliveries(pregnancies(lived(log).whole.episodes))]
    assert found == [KNOWN, KNOWN + 181 * DAY][:count]


def test_a_contact_belongs_to_the_pregnancy_that_it_names_or_that_was_known_last() -> None:
    first, second = entered((0, 200), (400, 600))

    def belongs(day: int, to: Pregnancy | None = None) -> Pregnancy | None:
        named = next(iter(to.ids)) if to else None
        at = START + day * DAY
        return of_contact(Contact(Moment(at, 1), CLINIC, episode=named), [first, second], ZONE)

    assert [belongs(day) for day in (-81, -80, 0, 350, 399, 400, 965, 966)] == [
        *(None, first, first, first, first, second),
        *(second, None),
    ]
    assert (belongs(0, second), belongs(500, first)) == (second, first)
    assert of_contact(Contact(Moment(START, 1), CLINIC, episode=Log(seed=9).id()), [first], ZONE) is None
