"""Who was asked by letter is told apart: how many never answered for want of a login."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from contracts.vocabulary import Channel
from services.measures.definitions import CATALOGUE
from services.measures.domain.journey import Observed, fold
from services.measures.domain.measure import AsOf, By
from services.measures.domain.period import Period
from services.measures.domain.suppression import Shown
from services.measures.releases.cells import Counted
from services.measures.releases.sheets import count
from services.measures.releases.views import Frame, View
from tests.measures.published import RECEIVERS, SENDERS, START, Log

DAY = timedelta(days=1)


def by_channel(answered_letters: int, silent_letters: int, answered: int, silent: int) -> Mapping[str, Shown]:
    """What a release shows of answers by how the receiver was asked, each client with one referral."""
    log = Log()
    for channel, yes, no in (
        (Channel.LETTER, answered_letters, silent_letters),
        (Channel.SYSTEM, answered, silent),
    ):
        for number in range(yes + no):
            client = f"{channel}-{number}"
            between = SENDERS[number % 3], RECEIVERS[number % 3]
            referral = log.sent(client, START + DAY, channel=channel, between=between)
            if number < yes:
                log.accepted(client, referral, START + 2 * DAY)
    known: dict[str, list[Observed]] = {}
    for fact in log.facts:
        known.setdefault(fact.headers.subject, []).append(fact.observed)
    as_of = AsOf(START + 60 * DAY, ZoneInfo("America/Los_Angeles"))
    over = Counted(Period(START, START + 90 * DAY), Frame({}), as_of)
    journeys = [(client, fold(events)) for client, events in known.items()]
    [measured] = count([View(CATALOGUE["response_rate"], (By.NONE, By.CHANNEL))], journeys, over)
    return measured.cells[By.CHANNEL]


def test_letters_that_nobody_answered_are_counted_apart() -> None:
    shown = by_channel(20, 40, 80, 20)
    assert {label: (row.numerator, row.denominator) for label, row in shown.items()} == {
        "letter": (20, 60),
        "system": (80, 100),
    }


def test_r24_few_letters_hide_both() -> None:
    shown = by_channel(5, 40, 80, 20)
    assert {label: (row.numerator, row.denominator) for label, row in shown.items()} == {
        "letter": (None, None),
        "system": (None, None),
    }
