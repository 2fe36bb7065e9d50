"""A service is connected as long as something shows it: whatever came in which order."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest

from contracts.events.appointment import AppointmentAttendedV1, AppointmentEnteredInErrorV1
from contracts.events.contact import ContactEnteredInErrorV1, ContactTakenBackV1
from contracts.events.handoff import HandoffAcceptedV1, HandoffCompletedV1
from contracts.events.referral import ReferralCompletedV1, ReferralServiceStartedV1
from contracts.vocabulary import Outcome, Source
from services.measures.domain.journey import fold
from tests.measures.published import CLINIC, DOULAS, START, Log

DAY = timedelta(days=1)


def shown(log: Log, *, by: str = DOULAS, other: int | None = None) -> tuple[UUID, UUID]:
    """A referral that was completed on a contact, and that contact; another one for it, so many days after."""
    referral = log.sent("her", START)
    contact = log.contact("her", START + DAY, DOULAS, referral=referral)
    done = ReferralCompletedV1(
        evidence=contact, outcome=Outcome.SERVICE_RECEIVED, referral=referral, source=Source.RECIPIENT
    )
    log.add(done, "her", START + 2 * DAY, DOULAS)
    if other is not None:
        log.contact("her", START + other * DAY, by, referral=referral)
    return referral, contact


def mistaken(log: Log, mistake: str, contact: UUID, recorded: UUID) -> None:
    """What is said of a contact on the fifth day: an error, taken back, she was not met; `none`: nothing."""
    at = START + 5 * DAY
    match mistake:
        case "in_error":
            log.add(ContactEnteredInErrorV1(contact=contact, event=recorded), "her", at, DOULAS)
        case "taken_back":
            log.add(ContactTakenBackV1(contact=contact, event=recorded), "her", at, DOULAS)
        case "not_met":
            log.amended("her", contact, at, DOULAS, met=False)
        case _:
            assert mistake == "none"


@pytest.mark.parametrize(
    ("mistake", "other", "by", "connected"),
    [
        ("none", None, DOULAS, 2),
        ("in_error", None, DOULAS, None),
        ("in_error", 9, DOULAS, 9),
        ("in_error", 9, CLINIC, None),
        ("taken_back", None, DOULAS, None),
        ("taken_back", 1, DOULAS, 1),
        ("not_met", None, DOULAS, None),
        ("not_met", 4, DOULAS, 4),
    ],
)
def test_r14_a_service_that_nothing_shows_any_more_connects_nothing(
    mistake: str, other: int | None, by: str, connected: int | None
) -> None:
    log = Log()
    referral, contact = shown(log, by=by, other=other)
    recorded = log.facts[1].headers.id
    mistaken(log, mistake, contact, recorded)
    events = [fact.observed for fact in log.facts]
    for order in permutations(events):
        path = fold(order[2:], fold(order[:2])).referrals[referral]
        assert (path.connected and path.connected.at) == (None if connected is None else START + connected * DAY)
        assert path.end is not None
        assert path.end.how == "completed"


def test_r14_a_visit_that_was_an_error_shows_nothing_and_what_names_nothing_speaks_for_itself() -> None:
    log, visit = Log(), UUID(int=9)
    seen, unseen = (log.sent("her", START) for _ in range(2))
    log.add(AppointmentAttendedV1(appointment=visit, due_at=START), "her", START, DOULAS)
    log.add(ReferralServiceStartedV1(evidence=visit, referral=seen), "her", START + DAY, DOULAS)
    log.completed("her", unseen, START + DAY)
    both = {seen: START + DAY, unseen: START + DAY}
    assert {
        id: path.connected and path.connected.at
        for id, path in fold([fact.observed for fact in log.facts]).referrals.items()
    } == both
    log.add(AppointmentEnteredInErrorV1(appointment=visit, event=log.id()), "her", START + 2 * DAY, DOULAS)
    for order in permutations([fact.observed for fact in log.facts]):
        found = {id: path.connected and path.connected.at for id, path in fold(order).referrals.items()}
        assert found == both | {seen: None}


@pytest.mark.parametrize(
    ("mistake", "other", "completed"),
    [
        ("none", None, 3),
        ("in_error", None, None),
        ("in_error", (DOULAS, 9), 9),
        ("in_error", (DOULAS, 0), None),
        ("in_error", (CLINIC, 9), None),
        ("taken_back", None, None),
        ("not_met", None, None),
        ("not_met", (DOULAS, 1), 1),
    ],
)
def test_r14_a_handoff_that_no_contact_shows_any_more_is_not_complete(
    mistake: str, other: tuple[str, int] | None, completed: int | None
) -> None:
    log = Log()
    handoff = log.proposed("her", START, (CLINIC, DOULAS))
    log.add(HandoffAcceptedV1(handoff=handoff), "her", START + DAY, DOULAS)
    contact = log.contact("her", START + 2 * DAY, DOULAS)
    recorded = log.facts[-1].headers.id
    log.add(HandoffCompletedV1(evidence=contact, handoff=handoff), "her", START + 3 * DAY, DOULAS)
    if other is not None:
        log.contact("her", START + other[1] * DAY, other[0])
    mistaken(log, mistake, contact, recorded)
    for order in permutations([fact.observed for fact in log.facts[1:]]):
        path = fold(order, fold([log.facts[0].observed])).handoffs[handoff]
        assert (path.completed and path.completed.at) == (None if completed is None else START + completed * DAY)
