"""On which days somebody who led had been in touch lately: spells of a lead, and runs of days."""

from __future__ import annotations

from datetime import UTC, date, timedelta
from uuid import UUID

from services.measures.domain.cover import COORDINATION, Spell, covered, days_in, spells
from services.measures.domain.episode import EpisodePath, Lead, Superseded
from services.measures.domain.path import Moment
from tests.measures.published import CLINIC, DOULAS, START

DAY = timedelta(days=1)
FIRST = START.date()
WEEK = timedelta(days=7)


def lead(days: int, agency: str = CLINIC, *, leads: bool = True, domain: str = COORDINATION) -> Lead:
    return Lead(Moment(START + days * DAY, days + 10), domain, agency, leads)


def day(days: int) -> date:
    return FIRST + days * DAY


def test_a_lead_ends_with_the_next_one_or_where_it_is_left() -> None:
    path = EpisodePath(leads=(lead(0), lead(5, DOULAS), lead(9, CLINIC, leads=False), lead(12, DOULAS, leads=False)))
    assert list(spells(path, UTC)) == [Spell(CLINIC, day(0), day(5)), Spell(DOULAS, day(5), day(12))]
    assert list(spells(EpisodePath(leads=(lead(0), lead(3, domain="doula"))), UTC)) == [Spell(CLINIC, day(0), None)]


def test_nobody_leads_an_entry_that_is_over_whoever_takes_over_later() -> None:
    over = Superseded(Moment(START + 4 * DAY, 90), UUID(int=1))
    path = EpisodePath(leads=(lead(0), lead(9, DOULAS)), superseded=over)
    led = list(spells(path, UTC))
    assert led[0] == Spell(CLINIC, day(0), day(4))
    assert covered(led, [(CLINIC, day(3)), (DOULAS, day(10))], WEEK) == [(day(3), day(4))]


def test_a_contact_covers_its_day_and_the_days_after_it_while_its_agency_leads() -> None:
    met = [(CLINIC, day(0)), (CLINIC, day(6)), (DOULAS, day(8))]
    led = [Spell(CLINIC, day(2), day(9)), Spell(DOULAS, day(9), None)]
    runs = covered(led, met, WEEK)
    assert runs == [(day(2), day(14))]
    assert [days_in(runs, day(first), day(last)) for first, last in ((0, 2), (5, 9), (14, 30), (15, 30))] == [
        1,
        5,
        1,
        0,
    ]
    assert covered(led, (), WEEK) == []
