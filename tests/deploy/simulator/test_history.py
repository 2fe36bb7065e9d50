"""A made-up history is lawful, seeded, mixed as a real network's was, and says nothing that has not happened yet."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from contracts.initiative import load_initiatives
from contracts.vocabulary import AgeBand, DatingBasis
from deploy.simulator import steps
from deploy.simulator.county import County
from deploy.simulator.history import Plan, Tally, recorded
from deploy.simulator.journey import journey
from deploy.simulator.mix import OUT_OF_TOUCH
from deploy.simulator.officers import with_inquiries
from deploy.simulator.people import Person, invent
from deploy.simulator.records import Recorded, Records
from services.referrals.directory import Directory
from services.referrals.domain import episode, referral
from services.referrals.domain.appointment import Appointment
from services.referrals.domain.charge import ChargeHandedOn
from services.referrals.domain.claim import ClaimMade
from services.referrals.domain.client import DemographicsStated, NoFurtherContact, OutreachPaused
from services.referrals.domain.consent import ConsentRevoked
from services.referrals.domain.contact import Contact, ContactRecorded, Planned
from services.referrals.domain.episode import EpisodeDated, EpisodeEnteredInError, ResponsibilityAssigned
from services.referrals.domain.fact import Fact
from services.referrals.domain.handoff import ENDED, Handoff, HandoffAccepted, HandoffFailed
from services.referrals.domain.inquiry import InquiryOpened
from services.referrals.domain.need import NeedIdentified
from services.referrals.domain.note import NoteKept
from services.referrals.domain.question import QuestionAnswered, QuestionAsked
from services.referrals.domain.referral import (
    ReferralSent,
    ReferralServiceStarted,
    ReferralStatus,
    ReferralTakenBack,
)
from services.referrals.domain.safe_contact import SafeContactPlanned
from services.referrals.domain.screening import NeedScreened, ScreeningRecorded
from services.referrals.domain.timer import TimerFired
from services.referrals.domain.vocabulary import (
    Basis,
    Category,
    ContactMode,
    Reason,
    RestrictedClass,
    ScreeningResult,
)
from services.referrals.store.work_index import work_rows
from services.referrals.store.written import Written, happened

INITIATIVES = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")
pytestmark = pytest.mark.slow

UNTIL = datetime(2026, 11, 17, 8, tzinfo=UTC)
MONTHS = 24


def plans(clients: int) -> list[Plan]:
    return [Plan(County.of_months(each, MONTHS, UNTIL), clients) for each in INITIATIVES.values()]


def digest(seed: int, clients: int = 25) -> str:
    found = Tally()
    for one in recorded(plans(clients), seed):
        found.add(one)
    return found.digest()


@pytest.fixture(scope="module")
def history() -> list[Recorded]:
    return list(recorded(plans(400), seed=1))


@pytest.fixture(scope="module")
def events(history: list[Recorded]) -> list[Written]:
    return [event for one in history for event in one.events]


def facts(events: list[Written], kind: type[Fact]) -> list[Any]:
    return [event.fact for event in events if isinstance(event.fact, kind)]


def states(history: list[Recorded]) -> list[referral.Referral]:
    streams = {stream.id: stream.state for one in history for stream in one.streams}
    return [state for state in streams.values() if isinstance(state, referral.Referral)]


def test_the_same_seed_gives_the_same_events_and_another_others() -> None:
    assert digest(1) == digest(1)
    assert digest(1) != digest(2)


def test_it_is_in_the_order_of_recording_and_ends_at_the_present(events: list[Written]) -> None:
    times = [event.recorded_at for event in events if event.recorded_at]
    assert len(times) == len(events)
    assert times == sorted(times)
    assert times[-1] <= UNTIL
    assert all(event.envelope.occurred_at <= event.recorded_at for event in events if event.recorded_at)


def test_r15_the_clock_has_done_what_was_due_by_the_present(history: list[Recorded], events: list[Written]) -> None:
    streams = {stream.id: stream for one in history for stream in one.streams}
    directory = Directory(INITIATIVES)
    rows = [row for stream in streams.values() for row in work_rows(stream.events, directory.due)]
    assert [row.fires for row in rows if row.fires_at and row.fires_at <= UNTIL] == []
    assert {row.fires for row in rows} >= {"expire", "end_postpartum"}
    fired = {fact.timer for fact in facts(events, TimerFired)}
    assert fired == {"expire", "expire_handoff", "fail_handoff", "end_postpartum", "silence", "overdue"}
    by_id = {event.envelope.event_id: event for event in events}
    for event in events:
        if isinstance(event.fact, TimerFired):
            assert event.envelope.causation is not None
            assert by_id[event.envelope.causation].stream == event.stream


def test_r15_whoever_leads_is_met_or_waited_for(history: list[Recorded], events: list[Written]) -> None:
    streams = {stream.id: stream for one in history for stream in one.streams}
    rows = [row for stream in streams.values() for row in stream.rows if row.led]
    due = Directory(INITIATIVES).due
    assert [row for stream in streams.values() for row in work_rows(stream.events, due)] == [
        row for stream in streams.values() for row in stream.rows
    ]
    states = Counter(row.state for row in rows)
    out_of_touch = states["silent"] / (states["met"] + states["silent"])
    assert OUT_OF_TOUCH / 2 < out_of_touch < OUT_OF_TOUCH * 2
    assert states["over"] > 0.3 * len(rows)
    fired = [event for event in events if isinstance(event.fact, TimerFired) and event.fact.timer == "silence"]
    assert all(event.recorded_at and event.fact.model_dump()["due_at"] <= event.recorded_at for event in fired)
    at_once = [event for event in fired if event.fact.model_dump()["due_at"] == event.recorded_at]
    assert len(at_once) > 0.95 * len(fired)  # the others: a contact was written down when its own time was over


def test_each_officer_has_something_to_look_at(history: list[Recorded]) -> None:
    counties = [plan.county for plan in plans(1)]
    whole = list(with_inquiries(iter(history), counties))
    assert whole == list(with_inquiries(iter(history), counties)), "the same for the same history"
    times = [event.recorded_at for one in whole for event in one.events if event.recorded_at]
    assert (times == sorted(times), times[-1] <= UNTIL) == (True, True)
    known = {id(one) for one in history}
    more = [one for one in whole if id(one) not in known]
    rows = [row for one in more for stream in one.streams for row in stream.rows]
    assert all(row.due_at and row.due_at > UNTIL for row in rows), "none is late"
    opened = [event.fact for one in more for event in one.events if isinstance(event.fact, InquiryOpened)]
    waiting = Counter((fact.to_agency, fact.cause.value) for fact in opened)
    assert len(opened) == len(rows)
    people = [each for one in INITIATIVES.values() for each in one.practice if "privacy_officer" in each.roles]
    officers = {each.agency for each in people if each.agency}
    assert len(officers) > 1
    for agency in officers:
        assert 1 <= waiting[agency, "question"] <= 3, agency
        assert waiting[agency, "break_glass"] <= 1, agency
    assert sum(number for (_, cause), number in waiting.items() if cause == "break_glass") > 1


def test_some_things_are_written_down_late(events: list[Written]) -> None:
    late = [e for e in events if e.recorded_at and (e.recorded_at - e.envelope.occurred_at).days >= 7]
    assert 0 < len(late) < 0.05 * len(events)


def test_ids_are_unique_and_versions_follow_each_other(events: list[Written]) -> None:
    assert len({event.envelope.event_id for event in events}) == len(events)
    versions: Counter[object] = Counter()
    for event in events:
        versions[event.stream] += 1
        assert event.version == versions[event.stream]


def test_nothing_crosses_from_one_initiative_to_the_other(events: list[Written]) -> None:
    agencies = {slug: {agency.id for agency in each.agencies} for slug, each in INITIATIVES.items()}
    assert all(event.envelope.agency in agencies[event.envelope.initiative] for event in events)
    assert all(
        {sent.from_agency, sent.to_agency} <= agencies[event.envelope.initiative]
        for event in events
        if isinstance(sent := event.fact, ReferralSent)
    )


def test_referrals_end_as_those_of_a_real_network_did(history: list[Recorded]) -> None:
    ended = [state for state in states(history) if state.ended_at]
    served = sum(state.status is ReferralStatus.COMPLETED for state in ended) / len(ended)
    rejected = {ReferralStatus.DECLINED, ReferralStatus.REDIRECTED}  # "rejected or other" is not told apart in print
    declined = Counter(
        state.redirected.reason if state.redirected else state.reason for state in ended if state.status in rejected
    )
    she_declined = sum(
        declined[r] for r in (Reason.CLIENT_DECLINED, Reason.CHOSE_OTHER, Reason.NEED_RESOLVED, Reason.MOVED)
    )
    assert 0.28 <= served <= 0.45  # 39 of 107
    assert 0.05 <= she_declined / len(ended) <= 0.15  # 10 of 107
    assert 0.10 <= sum(declined[r] for r in (Reason.NO_CAPACITY, Reason.INELIGIBLE)) / len(ended) <= 0.26
    assert {Reason.DUPLICATE, Reason.SERVICE_NOT_OFFERED, Reason.OTHER} <= set(declined)


def test_there_is_something_left_to_do(history: list[Recorded]) -> None:
    open_states = Counter(state.status for state in states(history) if not state.ended_at)
    assert {ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.ACCEPTED} <= set(open_states)
    assert any(state.ended_at and not state.acknowledged_at for state in states(history))


def test_r15_nobody_answers_or_waits_longer_than_a_referral_lives(history: list[Recorded]) -> None:
    expired = [state for state in states(history) if state.status is ReferralStatus.EXPIRED]
    assert expired
    open_states = {ReferralStatus.SENT, ReferralStatus.RECEIVED}
    waiting = [state for state in states(history) if state.status in open_states and state.sent.mode == "direct"]
    assert waiting
    assert min(state.sent_at for state in waiting) > UNTIL - timedelta(days=21)


def test_r13_who_gave_up_had_tried(history: list[Recorded]) -> None:
    assert any(state.reason is Reason.UNABLE_TO_REACH for state in states(history))


def test_it_holds_refusals_handoffs_attempts_and_restricted_needs(events: list[Written]) -> None:
    kinds = Counter(event.fact.TYPE for event in events)
    assert kinds["handoff.declined.v1"]
    assert kinds["referral.redirected.v1"]
    assert kinds["episode.joined.v1"]
    consents = [event.fact.model_dump() for event in events if event.fact.TYPE == "consent.recorded.v1"]
    assert any(not consent["agreed"] for consent in consents)
    contacts = facts(events, ContactRecorded)
    assert {"not_home", "attempted_no_answer", "completed"} <= {contact.outcome for contact in contacts}
    classes = {sent.restricted for sent in facts(events, ReferralSent)}
    assert {None, "behavioral", "ipv"} <= classes
    modes = {sent.mode for sent in facts(events, ReferralSent)}
    assert modes == {"direct", "informational"}


def test_the_lead_moves_exactly_when_a_handoff_is_accepted_or_fails(events: list[Written]) -> None:
    moved = [each for each in facts(events, ResponsibilityAssigned) if each.basis is Basis.HANDOFF]
    assert len(moved) == len(facts(events, HandoffAccepted)) + len(facts(events, HandoffFailed)) > 0


def test_nobody_declines_what_was_served(history: list[Recorded], events: list[Written]) -> None:
    served = {event.stream for event in events if event.fact.TYPE == "referral.service_started.v1"}
    states = {stream.id: stream.state for one in history for stream in one.streams}
    assert served
    assert not [id for id in served if states[id].status is ReferralStatus.DECLINED]


def test_what_it_says_holds_no_name(history: list[Recorded], events: list[Written]) -> None:
    people: list[Person] = [one.person[0] for one in history if one.person]
    written = " ".join(event.fact.model_dump_json() for event in events)
    assert len(people) == 800
    assert not any(name in written for name in {name for who in people for name in (who.family, who.given)})
    assert {str(person.birth_date) for person in people}.isdisjoint(re.findall(r"\d{4}-\d\d-\d\d", written))
    assert "+1" not in written
    assert all(person.phone is None or person.phone.startswith("+1") for person in people)


def test_many_seeds_break_no_rule() -> None:
    for seed in range(30):
        for _ in recorded(plans(6), seed):
            pass


def test_who_comes_to_a_pregnancy_that_is_over_says_nothing_of_it() -> None:
    """One client of thousands: the clinic was through with her before the hub began."""
    county = County.of_months(INITIATIVES["fresno-ptbi"], MONTHS, UNTIL)
    clinic, hub = "example-clinic-north", "sample-county-chw-hub"
    records, day = Records(county, Random(1)), timedelta(days=1)
    began = county.since + day
    due = (began + 200 * day).date()

    def opens(at: datetime, agency: str) -> steps.Open:
        known = began.date()
        return steps.Open(
            at=at, agency=agency, identified_on=known, due_on=known + 200 * day, age_band=AgeBand.FROM_25_TO_29
        )

    records.take(
        steps.Register(at=began, agency=clinic, person=invent(county.initiative, began.date(), Random(1)), number=None)
    )
    assert records.take(opens(began, clinic)).events
    assert records.take(steps.EndCare(at=began + day, agency=clinic)).events
    for late in (
        opens(began + 2 * day, hub),
        steps.Date(at=began + 3 * day, agency=hub, edd=due, basis=DatingBasis.ULTRASOUND),
        steps.VoidDate(at=began + 3 * day, agency=hub, reason="Practice reason: not hers."),
        steps.Lose(at=began + 4 * day, agency=hub),
        steps.EndCare(at=began + 5 * day, agency=hub),
    ):
        assert records.take(late).events == ()


def test_needs_are_found_contacts_promised_and_groups_met(history: list[Recorded], events: list[Written]) -> None:
    found, identified = facts(events, NeedScreened), facts(events, NeedIdentified)
    assert {fact.result for fact in found} == set(ScreeningResult)
    assert {fact.category for fact in identified} >= {Category.FOOD_INSECURITY, Category.BEHAVIORAL_HEALTH}
    assert {fact.restricted for fact in facts(events, ScreeningRecorded)} == {
        *(RestrictedClass.BEHAVIORAL, RestrictedClass.IPV)
    }
    states = {stream.id: stream.state for one in history for stream in one.streams}.values()
    assert {type(state) for state in states} >= {Planned, Contact}
    assert any(isinstance(state, Contact) and state.plan is not None for state in states)
    assert {fact.mode for fact in facts(events, ContactRecorded) if fact.cohort} == {ContactMode.GROUP_SESSION}


def test_clients_say_who_they_are_and_when_they_are_due(events: list[Written]) -> None:
    stated, dated = facts(events, DemographicsStated), facts(events, EpisodeDated)
    assert {fact.source for fact in stated} == {"self_reported"}
    assert {True, False} == {fact.declined for fact in stated}
    assert len({fact.race_ethnicity for fact in stated}) > 3
    assert any(fact.zip_group for fact in stated)
    assert {fact.basis for fact in dated} >= {"ultrasound", "lmp"}
    assert facts(events, OutreachPaused)


def test_r5_nobody_asks_her_how_it_was_while_she_wants_quiet() -> None:
    county = County.of_months(INITIATIVES["fresno-ptbi"], MONTHS, UNTIL)
    lives = [journey(county, f"quiet-{number}", UNTIL - timedelta(days=400)) for number in range(600)]
    quiet = [life for life in lives if any(isinstance(step, steps.Resume) for step in life)]
    assert len(quiet) > 5
    assert any(isinstance(step, steps.AskHer) for life in quiet for step in life)
    for life in quiet:
        paused, resumed = (next(step.at for step in life if isinstance(step, k)) for k in (steps.Pause, steps.Resume))
        asked = {step.name: step.at for step in life if isinstance(step, steps.AskHer)}
        assert not [at for at in asked.values() if paused <= at <= resumed]
        assert {step.name for step in life if isinstance(step, steps.SheSaid)} <= set(asked)


def test_sides_ask_each_other_and_some_wait_for_an_answer(history: list[Recorded], events: list[Written]) -> None:
    asked, answered = facts(events, QuestionAsked), facts(events, QuestionAnswered)
    assert len(asked) > len(answered) > 0
    words = {one.typed.id for one in history if one.typed and one.typed.kind == "question"}
    assert {fact.text for fact in (*asked, *answered)} == words
    streams = {stream.id: stream for one in history for stream in one.streams}
    waiting = [row for stream in streams.values() for row in stream.rows if row.kind == "question" and row.waits_on]
    open_ones = {id for id, stream in streams.items() if getattr(stream.state, "status", "") == "received"}
    assert {row.subject for row in waiting} & open_ones


def test_papers_are_kept_with_contacts_and_some_of_what_waits_is_claimed(
    history: list[Recorded], events: list[Written]
) -> None:
    streams = {stream.id: stream.state for one in history for stream in one.streams}
    papers = facts(events, NoteKept)
    assert papers
    assert all(fact.is_file and isinstance(streams[fact.contact], Contact) for fact in papers)
    assert {fact.note for fact in papers} == {one.typed.id for one in history if one.typed and one.typed.kind == "file"}
    claims = facts(events, ClaimMade)
    assert claims
    assert all(isinstance(streams[fact.work], referral.Referral) and fact.waits_for == "answer" for fact in claims)


def test_r19_with_a_pregnancy_that_is_over_goes_what_is_asked_of_it(history: list[Recorded]) -> None:
    states = {stream.id: stream.state for one in history for stream in one.streams}
    handoffs = [state for state in states.values() if isinstance(state, Handoff)]
    over = [each for each in handoffs if states[each.proposed.episode].is_over]
    assert {each.reason for each in over} >= {Reason.OTHER}
    assert {each.status for each in over} <= ENDED
    assert {each.status for each in handoffs} - ENDED


def test_r22_some_of_what_is_looked_after_was_handed_on(history: list[Recorded], events: list[Written]) -> None:
    assert {fact.person for fact in facts(events, ChargeHandedOn)} == {"rosa-muestra"}
    held = {row.id: row.held_by for one in history for stream in one.streams for row in stream.rows}
    assert {"ada-example", "rosa-muestra"} <= set(held.values())


def test_r14_a_due_date_in_error_counts_no_more_and_another_does(history: list[Recorded]) -> None:
    streams = {stream.id: stream for one in history for stream in one.streams}
    voided = {
        event.stream: event.fact.event
        for stream in streams.values()
        for event in stream.events
        if isinstance(event.fact, EpisodeEnteredInError) and event.fact.dating
    }
    assert voided
    for id, wrong in voided.items():
        stream = streams[id]
        dated = [e.fact.edd for e in stream.events if isinstance(e.fact, EpisodeDated) and e.envelope.event_id != wrong]
        assert stream.state == episode.fold(happened(stream.events))
        assert stream.state.due == dated[-1]


def test_visits_are_booked_missed_moved_and_kept(history: list[Recorded], events: list[Written]) -> None:
    kinds = Counter(event.fact.TYPE for event in events)
    assert kinds["appointment.booked.v1"] > kinds["appointment.attended.v1"] > kinds["appointment.no_show.v1"] > 0
    assert kinds["appointment.rescheduled.v1"]
    visits = [stream for one in history for stream in one.streams if isinstance(stream.state, Appointment)]
    assert {stream.state.status for stream in visits} >= {"attended", "no_show"}
    evidence = {fact.evidence for fact in facts(events, ReferralServiceStarted)}
    assert evidence & {stream.id for stream in visits}


def test_r14_a_no_by_mistake_is_taken_back_and_all_that_is_stored_says_so(history: list[Recorded]) -> None:
    streams = {stream.id: stream for one in history for stream in one.streams}
    mistaken = [each for each in streams.values() if any(isinstance(e.fact, ReferralTakenBack) for e in each.events)]
    assert mistaken
    for stream in mistaken:
        assert stream.state == referral.fold(happened(stream.events))
        assert stream.state.accepted_at is not None


def test_r1_what_she_takes_back_ends_what_nobody_accepted(history: list[Recorded], events: list[Written]) -> None:
    assert facts(events, ConsentRevoked)
    revoked = {event.stream for event in events if isinstance(event.fact, ConsentRevoked)}
    rests = [state for state in states(history) if state.sent.consent in revoked]
    assert any(state.reason is Reason.CONSENT_WITHDRAWN for state in rests)
    unaccepted = [state for state in rests if state.accepted_at is None and state.sent.mode == "direct"]
    assert all(state.ended_at for state in unaccepted)


def test_r13_some_plans_say_how_she_may_be_contacted(history: list[Recorded], events: list[Written]) -> None:
    plans = facts(events, SafeContactPlanned)
    assert plans
    words = {one.typed.id for one in history if one.typed and one.typed.kind == "safe_contact"}
    assert {plan.words for plan in plans} == words


def test_r20_after_no_further_contact_nothing_is_open_and_nobody_acts(
    history: list[Recorded], events: list[Written]
) -> None:
    stopped = {
        event.envelope.client_id: (event.recorded_at, event.fact)
        for event in events
        if isinstance(event.fact, NoFurtherContact)
    }
    assert {fact.everything for _, fact in stopped.values()} == {True, False}
    for event in events:
        since, _ = stopped.get(event.envelope.client_id, (None, None))
        assert not (since and event.recorded_at and event.recorded_at > since) or event.envelope.actor == "timers"
    hers = {stream.id: stream for one in history if one.client in stopped for stream in one.streams}
    sent = [each.state for each in hers.values() if isinstance(each.state, referral.Referral)]
    assert all(state.ended_at for state in sent if state.sent.mode == "direct")
    assert any(state.reason is Reason.NO_FURTHER_CONTACT for state in sent)
