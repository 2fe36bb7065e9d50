"""What holds after any commands of any agencies in any order: tables are kept, R12 holds, every event folds."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st

from services.referrals.domain import episode, handoff, referral
from services.referrals.domain.catalogue import FACTS
from services.referrals.domain.episode import GiveBack, LeaveLead, OpenEpisode, TakeLead, TakeOver
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.referral import (
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralCancelled,
    ReferralCompleted,
    ReferralDeclined,
    ReferralNotCompleted,
    ReferralServiceStarted,
    ReferralWaitlisted,
)
from services.referrals.domain.refusal import Refusal
from services.referrals.domain.taking_back import TakeBack, counting
from services.referrals.domain.vocabulary import Category, Mode, Reason, ResponsibilityDomain, Source, ToldBy
from tests.invented import (
    ACCEPT,
    ACCEPT_HANDOFF,
    ACKNOWLEDGE,
    AGREES,
    ASK_TO_STOP,
    ATTEST,
    CANCEL,
    CLINIC,
    CLOSE,
    COMPLETE,
    COMPLETE_HANDOFF,
    DECLINE,
    DECLINE_HANDOFF,
    ERROR,
    EXPIRE,
    EXPIRE_HANDOFF,
    FAIL_HANDOFF,
    HANDOFF_WAY_TO,
    HUB,
    INTRODUCE,
    LEAVE,
    NOON,
    NOTE,
    OFFER,
    PANTRY,
    RECEIVE,
    SHE_DECLINES,
    START,
    STOP,
    STOP_CONTACT,
    STRANGER,
    TODAY,
    WAITLIST,
    WAY_TO,
    WITHDRAW,
    agreement,
    contacted,
    evidence,
    later,
    propose,
    send,
    told,
)

AGENCIES: Final = (CLINIC, PANTRY, HUB, STRANGER)


@dataclass
class Step:
    """One thing asked and what came of it."""

    command: Any
    before: Any
    facts: tuple[Fact, ...]
    after: Any


def walk(rules: Any, commands: list[Any]) -> list[Step]:
    """Asks one after the other; refusals leave everything as it is. Each event is folded as it would be read back."""
    history: list[Happened] = []
    steps = []
    for number, command in enumerate(commands):
        asked = replace(command, at=later(days=3, hours=number))
        before = rules.fold(history)
        try:
            facts = tuple(rules.decide(asked, before))
        except Refusal:
            facts = ()
        stored = tuple(FACTS[fact.TYPE].model_validate_json(fact.model_dump_json()) for fact in facts)
        assert stored == facts
        history += [Happened(fact, asked.at, asked.agency) for fact in stored]
        steps.append(Step(asked, before, facts, rules.fold(history)))
    return steps


calm = settings(max_examples=settings().max_examples * 3 // 2, deadline=None)  # a busy machine is no finding

agencies = st.sampled_from(AGENCIES)
people = st.sampled_from(["staff-1", "staff-2"])
days = st.none() | st.dates(date(2026, 11, 3), date(2026, 11, 5))
reasons = st.sampled_from(Reason)
proofs = st.sampled_from([evidence(), evidence(contact_id=NOTE), evidence(contacted(agency=HUB))])

referral_commands = st.lists(
    st.one_of(
        st.builds(
            send,
            mode=st.sampled_from(Mode),
            category=st.sampled_from([Category.FOOD_INSECURITY, Category.CONTRACEPTION]),
            agreement=st.sampled_from([agreement(), agreement(agreed=False), None]),
        ),
        st.builds(replace, st.just(RECEIVE), agency=agencies),
        st.builds(replace, st.just(ACCEPT), agency=agencies, person=people, on=days),
        st.builds(replace, st.just(DECLINE), agency=agencies, reason=reasons),
        st.builds(replace, st.just(START), agency=agencies, evidence=proofs),
        st.builds(replace, st.just(COMPLETE), agency=agencies, evidence=proofs),
        st.builds(replace, st.just(ACKNOWLEDGE), agency=agencies, channel=st.sampled_from(ToldBy)),
        st.builds(replace, st.sampled_from([CANCEL, ASK_TO_STOP, CLOSE]), agency=agencies, reason=reasons),
        st.builds(replace, st.sampled_from([WAITLIST, STOP, ATTEST, ERROR, STOP_CONTACT, LEAVE]), agency=agencies),
        st.builds(replace, st.just(EXPIRE), agency=agencies, not_before=st.just(NOON)),
    ),
    max_size=14,
).map(lambda rest: [send(), *rest])

handoff_commands = st.lists(
    st.one_of(
        st.builds(propose, lead=st.sampled_from([CLINIC, HUB, None])),
        st.builds(replace, st.just(AGREES), agency=agencies),
        st.builds(replace, st.just(OFFER), agency=agencies),
        st.builds(replace, st.just(ACCEPT_HANDOFF), agency=agencies, person=people, on=days),
        st.builds(replace, st.just(DECLINE_HANDOFF), agency=agencies, reason=reasons),
        st.builds(replace, st.just(COMPLETE_HANDOFF), agency=agencies),
        st.builds(replace, st.just(SHE_DECLINES), agency=agencies),
        st.builds(replace, st.just(WITHDRAW), agency=agencies, reason=reasons),
        st.builds(replace, st.just(INTRODUCE), agency=agencies, client_present=st.booleans()),
        st.just(EXPIRE_HANDOFF),
        st.just(FAIL_HANDOFF),
    ),
    max_size=14,
).map(lambda rest: [propose(), *rest])

episode_commands = st.lists(
    st.one_of(
        st.builds(
            OpenEpisode,
            agency=agencies,
            at=st.just(NOON),
            today=st.just(TODAY),
            identified_on=st.dates(TODAY - timedelta(days=9), TODAY + timedelta(days=1)),
        ),
        st.builds(
            TakeOver,
            agency=agencies,
            at=st.just(NOON),
            domain=st.sampled_from(ResponsibilityDomain),
            from_agency=agencies,
            handoff=st.just(NOTE),
        ),
        st.builds(
            GiveBack,
            agency=agencies,
            at=st.just(NOON),
            domain=st.sampled_from(ResponsibilityDomain),
            from_agency=agencies,
            handoff=st.just(NOTE),
            hub=st.sampled_from([HUB, None]),
        ),
        st.builds(
            TakeLead,
            agency=agencies,
            at=st.just(NOON),
            domain=st.sampled_from(ResponsibilityDomain),
            as_hub=st.booleans(),
        ),
        st.builds(
            LeaveLead,
            agency=agencies,
            at=st.just(NOON),
            domain=st.sampled_from(ResponsibilityDomain),
            hub=st.sampled_from([HUB, None]),
        ),
    ),
    max_size=12,
)


@calm
@given(referral_commands)
def test_r16_a_referral_moves_along_the_table_alone_and_only_by_its_side(commands: list[Any]) -> None:
    for step in walk(referral, commands):
        if step.before is None or not step.facts:
            continue
        side = referral.side_of(step.before, step.command.agency)
        allowed = {
            edge.target or step.before.status
            for verb, edge in referral.EDGES.items()
            if edge.side in {side, None} and step.before.status in edge.sources
        }
        assert step.after.status in allowed
        assert step.after.status in WAY_TO


@calm
@given(handoff_commands)
def test_r16_a_handoff_moves_along_the_table_alone_and_only_by_its_side(commands: list[Any]) -> None:
    for step in walk(handoff, commands):
        if step.before is None or not step.facts:
            continue
        side, before = handoff.side_of(step.before, step.command.agency), step.before.status
        of_clock = isinstance(step.command, handoff.ExpireHandoff | handoff.FailHandoff)
        allowed = {
            edge.target or before
            for edge in handoff.EDGES.values()
            if before in edge.sources and (not edge.sides if of_clock else side in edge.sides)
        }
        assert step.after.status in allowed
        assert step.after.status in HANDOFF_WAY_TO


@calm
@given(referral_commands, handoff_commands, episode_commands)
def test_r12_what_was_done_can_be_asked_again_and_changes_nothing(
    of_referral: list[Any], of_handoff: list[Any], of_episode: list[Any]
) -> None:
    for rules, commands in ((referral, of_referral), (handoff, of_handoff), (episode, of_episode)):
        for step in walk(rules, commands):
            if step.facts:
                assert tuple(rules.decide(step.command, step.after)) == ()


@calm
@given(referral_commands)
def test_the_three_facts_come_in_their_order_and_are_never_taken_away(commands: list[Any]) -> None:
    seen: tuple[Any, ...] = (None, None, None)
    for step in walk(referral, commands):
        if step.after is None:
            continue
        facts = (referral.responded(step.after), referral.connected(step.after), referral.closed(step.after))
        assert all(now == before for before, now in zip(seen, facts, strict=True) if before)
        responded, connected, closed = facts
        assert not connected or responded <= connected  # type: ignore[operator]  # connected only after an answer
        assert not closed or step.after.ended_at <= closed
        seen = facts


@calm
@given(referral_commands)
def test_an_ended_referral_is_never_reopened(commands: list[Any]) -> None:
    for step in walk(referral, commands):
        if step.before is not None and step.before.status in referral.ENDED:
            assert step.after.status in {step.before.status, referral.ReferralStatus.ENTERED_IN_ERROR}


@calm
@given(episode_commands)
def test_r19_a_domain_that_was_led_is_never_without_a_lead_and_moves_alone(commands: list[Any]) -> None:
    """Whatever is taken, handed over, given back or left: one lead at most, and no hole while the pregnancy is open."""
    for step in walk(episode, commands):
        if step.before is None or step.after is None:
            continue
        for domain in ResponsibilityDomain:
            was, now = step.before.lead(domain), step.after.lead(domain)
            assert was is None or now is not None
            assert was == now or domain == getattr(step.command, "domain", None)
        if step.facts and isinstance(step.command, TakeLead):
            assert step.before.lead(step.command.domain) is None
        if step.facts and isinstance(step.command, LeaveLead):
            assert step.after.lead(step.command.domain) != step.command.agency


@calm
@given(episode_commands)
def test_r19_each_domain_has_at_most_one_lead_and_it_moves_from_the_lead_alone(commands: list[Any]) -> None:
    for step in walk(episode, commands):
        if step.before is None or not isinstance(step.command, TakeOver) or not step.facts:
            continue
        domain = step.command.domain
        assert step.before.lead(domain) in (None, step.command.from_agency)
        assert step.after.lead(domain) == step.command.agency
        others = set(ResponsibilityDomain) - {domain}
        assert {each: step.after.lead(each) for each in others} == {each: step.before.lead(each) for each in others}


RESPONSES = (ReferralAccepted, ReferralDeclined, ReferralWaitlisted, ReferralNotCompleted)
SERVED = (ReferralServiceStarted, ReferralCompleted)


@calm
@given(referral_commands, st.data())
def test_the_three_facts_follow_from_the_history_alone_and_are_never_set(
    commands: list[Any], data: st.DataObject
) -> None:
    """Told anew from the facts by their own definition, whatever was taken back: nothing else moves them."""
    history: tuple[Happened, ...] = ()
    for number, command in enumerate(commands):
        asked = replace(command, at=later(days=3, hours=number / 60))
        try:
            facts = referral.decide(asked, referral.fold(history))
        except Refusal:
            continue
        history = told(history, facts, asked.at, asked.agency)
        if data.draw(st.booleans()):
            try:
                back = referral.take_back(TakeBack(agency=asked.agency, at=asked.at), history)
            except Refusal:
                continue
            history = told(history, back, asked.at, asked.agency)
    state = referral.fold(history)
    assert state is not None
    counts = counting(history)
    answers = [each.at for each in counts if isinstance(each.fact, RESPONSES) and _by_receiver(each.fact)]
    services = [each.at for each in counts if isinstance(each.fact, SERVED)]
    told_at = [each.at for each in counts if isinstance(each.fact, ReferralAcknowledged) or _by_sender(each.fact)]
    assert referral.responded(state) == next(iter(answers), None)
    assert referral.connected(state) == next(iter(services), None)
    assert referral.closed(state) == next(iter(told_at), None)


def _by_receiver(fact: Fact) -> bool:
    left = getattr(fact, "reason", None) is Reason.AGENCY_LEFT
    return getattr(fact, "source", Source.RECIPIENT) is Source.RECIPIENT and not left


def _by_sender(fact: Fact) -> bool:
    ends = isinstance(fact, ReferralCancelled | ReferralNotCompleted)
    return ends and getattr(fact, "source", None) is Source.SENDER
