"""An agency's own figures: what it wrote down or was a side of, exact, and nothing of what others did for her."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from services.measures.application.own import LATELY, Lately, OwnFigure, own
from services.measures.definitions import CATALOGUE
from services.measures.domain.journey import fold
from tests.measures.published import CLINIC, DOULAS, RECEIVERS, SENDERS, START, Log

DAY = timedelta(days=1)


def test_of_her_journey_an_agency_has_what_it_was_part_of() -> None:
    log = Log()
    mine = log.sent("her", START, between=(CLINIC, DOULAS))
    log.accepted("her", mine, START + DAY)
    others = log.sent("her", START + DAY, between=(SENDERS[1], RECEIVERS[1]))
    log.accepted("her", others, START + 2 * DAY)
    handoff = log.proposed("her", START + 3 * DAY, (SENDERS[1], CLINIC))
    elsewhere = log.proposed("her", START + 3 * DAY, (SENDERS[1], DOULAS))
    log.contact("her", START + 4 * DAY, CLINIC)
    log.contact("her", START + 5 * DAY, DOULAS)
    known = [fact.observed for fact in log.facts]
    journey = fold(own(known, CLINIC))
    assert set(journey.referrals) == {mine}
    assert journey.referrals[mine].accepted is not None
    assert set(journey.handoffs) == {handoff}
    assert elsewhere in fold(known).handoffs
    assert [contact.agency for contact in journey.in_order()] == [CLINIC]


def test_what_was_counted_lately_is_not_counted_anew() -> None:
    lately, counted, clinic = Lately(), [0], ("fresno", CLINIC, "2026-Q1")

    def count() -> list[OwnFigure]:
        counted[0] += 1
        return []

    assert lately.of(clinic, START, count) == (START, [])
    soon = START + LATELY - timedelta(seconds=1)
    assert lately.of(clinic, soon, count) == (START, [])
    assert counted == [1]
    for other in (("fresno", DOULAS, "2026-Q1"), ("fresno", CLINIC, "2026-Q2"), ("francisco", CLINIC, "2026-Q1")):
        assert lately.of(other, soon, count)[0] == soon, "of another agency, time or initiative nothing was counted"
    assert lately.of(clinic, START + LATELY, count)[0] == START + LATELY
    assert counted == [5]


def test_who_asks_meanwhile_neither_waits_nor_is_in_the_way() -> None:
    lately, doulas = Lately(), ("fresno", DOULAS, "2026-Q1")

    def slow() -> list[OwnFigure]:
        assert other.submit(lately.of, doulas, START + LATELY, list).result(5) == (START + LATELY, [])
        return []

    with ThreadPoolExecutor(1) as other:
        assert lately.of(("fresno", CLINIC, "2026-Q1"), START, slow) == (START, [])


def test_that_she_was_seen_elsewhere_is_not_told() -> None:
    log = Log()
    log.contact("her", START, CLINIC)
    log.contact("her", START + DAY, DOULAS)
    journey = fold(own([fact.observed for fact in log.facts], CLINIC))
    assert list(journey.consecutive()) == []
    assert len(list(fold(fact.observed for fact in log.facts).consecutive())) == 1
    assert "agency_changes" in CATALOGUE
