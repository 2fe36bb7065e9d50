"""A journey is the same in whatever order, however cut and however often its events come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import reduce
from itertools import permutations
from pathlib import Path
from typing import TypeGuard, get_args
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts import registry
from contracts.events.appointment import (
    AppointmentAttendedV1,
    AppointmentCancelledV1,
    AppointmentNoShowV1,
    AppointmentRescheduledV1,
)
from contracts.events.contact import ContactEnteredInErrorV1, ContactRecordedV1, ContactTakenBackV1
from contracts.events.handoff import (
    HandoffAcceptedV1,
    HandoffCompletedV1,
    HandoffExpiredV1,
    HandoffIntroducedV1,
    HandoffOfferedV1,
    HandoffTakenBackV1,
)
from contracts.vocabulary import CalledBy, Category, ContactMode
from services.measures.domain.journey import MOVED_BY, Journey, Observed, evolve, fold
from services.measures.domain.path import Ending, Moment
from services.measures.domain.paths import MOVES, Unmoving
from tests.measures import lives
from tests.measures.published import CLINIC, DOULAS, START, Log, busy
from tests.measures.worlds import World

DAY = timedelta(days=1)


def test_every_event_moves_a_journey_or_is_said_not_to() -> None:
    assert MOVES.keys() == {*get_args(registry.Event)} - {*get_args(Unmoving)}
    assert {kind.TYPE for kind in MOVES} >= MOVED_BY


def a_client() -> Log:
    """One client with two referrals, a handoff and contacts at the same moment."""
    log = Log()
    first = log.sent("her", START)
    second = log.sent("her", START + DAY, category=Category.WIC)
    log.accepted("her", first, START + 2 * DAY)
    log.declined("her", second, START + 2 * DAY)
    log.contact("her", START + 3 * DAY, DOULAS)
    log.contact("her", START + 3 * DAY, CLINIC)
    log.contact("her", START + 4 * DAY, CLINIC, met=False)
    log.completed("her", first, START + 5 * DAY)
    log.acknowledged("her", first, START + 6 * DAY)
    handoff = log.offered("her", START + 7 * DAY)
    log.handed_over("her", handoff, START + 9 * DAY)
    return log


def observed(log: Log) -> list[Observed]:
    return [fact.observed for fact in log.facts]


def test_what_a_journey_knows() -> None:
    log = a_client()
    journey = fold(observed(log))
    [first, second] = journey.referrals.values()
    assert first.sent
    assert first.answered
    assert first.connected
    assert first.ended
    assert first.acknowledged
    assert (first.answered.at - first.sent.at, first.ended.at - first.sent.at) == (2 * DAY, 5 * DAY)
    assert (second.category, second.mode) == ("wic", "direct")
    assert second.ended == second.answered
    assert second.connected is None
    [handoff] = journey.handoffs.values()
    assert handoff.offered
    assert handoff.completed
    assert handoff.completed.at - handoff.offered.at == 2 * DAY


def visits() -> tuple[Log, list[UUID]]:
    """Three visits: moved twice and attended, missed, called off the day before."""
    log = Log()
    referral = log.sent("her", START)
    attended, missed, off = (log.booked("her", referral, START + DAY, START + n * DAY) for n in (3, 4, 6))
    for n in (5, 7):
        moved = AppointmentRescheduledV1(
            appointment=attended, by=CalledBy.CLIENT, due_at=START + n * DAY, notice_hours=1
        )
        log.visit("her", moved, START + (n - 3) * DAY)
    log.visit("her", AppointmentAttendedV1(appointment=attended, due_at=START + 7 * DAY), START + 7 * DAY)
    log.visit("her", AppointmentNoShowV1(appointment=missed, due_at=START + 4 * DAY), START + 4 * DAY)
    called_off = AppointmentCancelledV1(appointment=off, by=CalledBy.AGENCY, due_at=START + 6 * DAY, notice_hours=24)
    log.visit("her", called_off, START + 5 * DAY)
    return log, [attended, missed, off]


def test_what_it_knows_of_visits() -> None:
    log, ids = visits()
    known = fold(observed(log)).appointments
    attended, missed, off = (known[id] for id in ids)
    assert {each.referral for each in known.values()} == set(fold(observed(log)).referrals)
    assert attended.plan
    assert attended.plan.due_at == START + 7 * DAY
    assert attended.attended
    assert (attended.missed, attended.cancelled) == (None, None)
    assert missed.missed
    assert missed.attended is None
    assert off.cancelled
    assert (off.cancelled.notice_hours, off.cancelled.by) == (24, "agency")


@given(st.data())
def test_visits_come_to_the_same_in_any_order(data: st.DataObject) -> None:
    events = observed(visits()[0])
    arrived = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=6))))
    assert reduce(evolve, arrived, Journey()) == fold(events)


def test_contacts_at_the_same_time_are_in_the_order_of_the_store() -> None:
    journey = fold(observed(a_client()))
    assert [contact.agency for contact in journey.in_order()] == [DOULAS, CLINIC]


def test_an_attempt_is_no_contact() -> None:
    log = Log()
    log.contact("her", START, met=False)
    [attempt] = fold(observed(log)).contacts.values()
    assert (attempt.met, attempt.served, attempt.outcome) == (False, False, "attempted_no_answer")
    assert fold(observed(log)).in_order() == []


def test_r17_goods_that_were_left_are_no_contact_but_a_service() -> None:
    log = Log()
    log.contact("her", START, met=True, mode=ContactMode.GOODS_DELIVERY)
    kept = observed(log)[0]
    left = Observed(kept.event.model_copy(update={"met": False}), kept.moment, kept.agency, kept.id)
    assert (fold([left]).in_order(), len(fold([kept]).in_order())) == ([], 1)
    assert all(contact.served for contact in (*fold([left]).contacts.values(), *fold([kept]).contacts.values()))


def test_a_contact_reads_as_it_was_said_last_whatever_came_first() -> None:
    log = Log()
    never, moved, met_after_all = (log.contact("her", START, met=met) for met in (True, True, False))
    log.amended("her", never, START, met=False)
    log.amended("her", moved, START + DAY, met=True)
    log.amended("her", moved, START - DAY, met=True)
    log.amended("her", met_after_all, START + 2 * DAY, met=True)
    events = observed(log)
    for order in permutations(events):
        journey = fold(order)
        assert [contact.moment.at for contact in journey.in_order()] == [START - DAY, START + 2 * DAY]
        assert journey == fold(events)


def test_r14_a_contact_that_was_taken_back_or_entered_in_error_counts_nowhere() -> None:
    log = Log()
    kept, taken_back, in_error = (log.contact("her", START) for _ in range(3))
    recorded = {fact.event.contact: fact.headers.id for fact in log.facts if isinstance(fact.event, ContactRecordedV1)}
    log.amended("her", in_error, START + DAY, met=True)
    log.add(ContactTakenBackV1(contact=taken_back, event=recorded[taken_back]), "her", START + DAY)
    log.add(ContactEnteredInErrorV1(contact=in_error, event=recorded[in_error]), "her", START + DAY)
    events = observed(log)
    for order in permutations(events):
        assert set(fold(order).contacts) == {kept}


def test_r14_an_amendment_that_was_taken_back_leaves_what_was_said_first() -> None:
    log = Log()
    contact = log.contact("her", START)
    log.amended("her", contact, START + DAY, met=False)
    log.add(ContactTakenBackV1(contact=contact, event=log.facts[-1].headers.id), "her", START + DAY)
    for order in permutations(observed(log)):
        assert [each.moment.at for each in fold(order).in_order()] == [START]


def test_every_order_of_a_short_story() -> None:
    log = Log()
    referral = log.sent("her", START)
    log.accepted("her", referral, START + DAY)
    log.completed("her", referral, START + 2 * DAY)
    log.acknowledged("her", referral, START + 3 * DAY)
    log.contact("her", START + DAY, DOULAS)
    events = observed(log)
    assert {repr(sorted_journey(fold(order))) for order in permutations(events)} == {repr(sorted_journey(fold(events)))}


def mistaken() -> Log:
    """A decline that was taken back and became an acceptance, and a referral that should never have been sent."""
    log = Log()
    referral = log.sent("her", START)
    log.declined("her", referral, START + DAY)
    log.taken_back("her", log.facts[-1], referral, START + DAY)
    log.accepted("her", referral, START + 2 * DAY)
    error = log.sent("her", START)
    log.accepted("her", error, START + DAY)
    log.in_error("her", error, START + 3 * DAY)
    return log


def test_r14_what_was_taken_back_or_entered_in_error_counts_nowhere() -> None:
    [path] = fold(observed(mistaken())).referrals.values()
    assert path.answered
    assert (path.answered.at, path.ended) == (START + 2 * DAY, None)


def test_r14_an_error_that_was_itself_a_mistake_counts_again() -> None:
    log = mistaken()
    [error] = fold(observed(log)).in_error
    log.taken_back("her", log.facts[-1], error, START + 3 * DAY)
    assert len(fold(observed(log)).referrals) == 2


def test_r14_every_order_of_a_mistake_gives_the_same_journey() -> None:
    events = observed(mistaken())
    whole = fold(events)
    for order in permutations(events):
        assert fold(order[3:], fold(order[:3])) == whole


def sorted_journey(journey: Journey) -> tuple[object, ...]:
    return (
        sorted(journey.referrals.items()),
        sorted(journey.handoffs.items()),
        sorted(journey.contacts.items()),
    )


def known(event: registry.Event | registry.UnknownEvent) -> TypeGuard[registry.Event]:
    return not isinstance(event, registry.UnknownEvent)


EXAMPLES = Path(__file__).parents[3] / "contracts" / "examples"


@pytest.mark.parametrize("type_name", sorted(registry.EVENTS))
def test_only_some_types_move_a_journey(type_name: str) -> None:
    examples = [path.read_bytes() for path in (EXAMPLES / type_name.removesuffix(".v1") / "1").glob("*.json")]
    events = [registry.decode(type_name, example) for example in examples]
    assert events
    moved = any(
        fold([Observed(event, Moment(START, 1), CLINIC, UUID(int=1))]) != Journey() for event in events if known(event)
    )
    assert moved is (type_name in MOVED_BY)


@given(st.data())
def test_any_arrival_batching_and_replay(data: st.DataObject) -> None:
    log = busy(1, data.draw(st.integers(1, 25)), seed=data.draw(st.integers(0, 1_000)))
    for fact in tuple(log.facts):
        for days in data.draw(st.lists(st.integers(-3, 3), max_size=2)):
            at, met = fact.headers.time + days * DAY, data.draw(st.booleans())
            if isinstance(fact.event, ContactRecordedV1):
                log.amended(fact.headers.subject, fact.event.contact, at, met=met)
    steps = [fact for fact in log.facts if fact.headers.type.startswith("referral.")]
    for fact in data.draw(st.lists(st.sampled_from(steps), max_size=4)) if steps else []:
        referral = UUID(str(fact.event.model_dump()["referral"]))
        log.taken_back(fact.headers.subject, fact, referral, fact.headers.time)
        if data.draw(st.booleans()):
            log.in_error(fact.headers.subject, referral, fact.headers.time)
    events = observed(log)
    whole = fold(events)
    arrived = data.draw(st.permutations(events + data.draw(st.lists(st.sampled_from(events), max_size=10))))
    journey, rest = Journey(), list(arrived)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        journey, rest = fold(rest[:size], journey), rest[size:]
    assert journey == whole == reduce(evolve, arrived, Journey())
    assert journey.in_order() == whole.in_order()


def test_r14_a_completion_of_a_handoff_taken_back_leaves_the_offer() -> None:
    handoff, pressed = UUID(int=7), UUID(int=2)
    offered = Observed(HandoffOfferedV1(handoff=handoff), Moment(START, 1), CLINIC, UUID(int=1))
    done = Observed(HandoffCompletedV1(handoff=handoff), Moment(START, 2), CLINIC, pressed)
    taken = Observed(HandoffTakenBackV1(event=pressed, handoff=handoff), Moment(START, 3), CLINIC, UUID(int=3))
    for order in permutations([offered, done, taken]):
        path = fold(order).handoffs[handoff]
        assert (path.offered, path.completed) == (Moment(START, 1), None)
    assert fold([offered, done]).handoffs[handoff].completed == Moment(START, 2)


def test_how_a_referral_ended_and_whose_decision_it_was() -> None:
    log = Log()
    declined, cancelled, done = (log.sent("her", START) for _ in range(3))
    log.accepted("her", declined, START + DAY)
    log.declined("her", declined, START + 2 * DAY)
    log.withdrawn("her", cancelled, START + 3 * DAY)
    log.completed("her", done, START + 4 * DAY)
    events = observed(log)
    for order in permutations(events[3:]):
        paths = fold([*order, *events[:3]]).referrals
        assert paths[declined].accepted == Moment(START + DAY, 4)
        assert [paths[id].end for id in (declined, cancelled, done)] == [
            Ending(Moment(START + 2 * DAY, 5), "declined", "no_capacity", "recipient", "recipient"),
            Ending(Moment(START + 3 * DAY, 6), "cancelled", "need_resolved", "client", "sender"),
            Ending(Moment(START + 4 * DAY, 7), "completed", source="recipient"),
        ]


def test_what_a_handoff_came_to() -> None:
    log = Log()
    warm, cold = log.offered("her", START), log.offered("her", START)
    log.add(HandoffAcceptedV1(handoff=warm), "her", START + DAY)
    for present, day in ((False, 1), (True, 3), (True, 2)):
        log.add(HandoffIntroducedV1(client_present=present, handoff=warm), "her", START + day * DAY)
    log.add(HandoffExpiredV1(handoff=cold), "her", START + 4 * DAY)
    paths = fold(observed(log)).handoffs
    assert paths[warm].accepted == Moment(START + DAY, 3)
    assert paths[warm].warm == Moment(START + 2 * DAY, 6)
    assert (paths[warm].end, paths[cold].end) == (None, Ending(Moment(START + 4 * DAY, 7), "expired"))


@pytest.mark.parametrize("seed", range(8))
def test_random_worlds_come_to_the_same_in_any_order_and_any_pieces(seed: int) -> None:
    world = World(seed)
    facts = world.log.facts
    for client in {fact.headers.subject for fact in facts}:
        events = [fact.observed for fact in facts if fact.headers.subject == client]
        whole = fold(events)
        for _ in range(3):
            world.dice.shuffle(events)
            cut = world.dice.randrange(len(events))
            assert fold(events[cut:], fold(events[: cut + 1])) == whole


@given(st.integers(0, 2**32))
@settings(max_examples=60)
def test_restricted_facts_gone_on_with_are_the_same_as_all_folded_at_once(seed: int) -> None:
    facts = lives.world(seed).facts
    for client in {fact.headers.subject for fact in facts}:
        events = [fact.observed for fact in facts if fact.headers.subject == client]
        at_once = fold(each._replace(restricted=False) for each in events)
        assert replace(fold(events).whole, restricted_too=None) == at_once


def test_a_restricted_fact_can_take_back_an_ordinary_one() -> None:
    log = Log()
    said = log.contact("her", START)
    log.add(ContactTakenBackV1(contact=said, event=log.facts[-1].headers.id), "her", START + DAY, restricted=True)
    journey = fold(fact.observed for fact in log.facts)
    assert (said in journey.contacts, said in journey.whole.contacts) == (True, False)
