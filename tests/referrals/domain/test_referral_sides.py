"""Which side may take which step in which state (F2, R11, R16), and what a stream tells."""

from dataclasses import replace
from datetime import date

import pytest

from services.referrals.domain import referral
from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.handoff import HandoffProposed
from services.referrals.domain.referral import (
    EDGES,
    ENDED,
    Edge,
    Referral,
    ReferralAccepted,
    ReferralCommand,
    ReferralReceived,
    ReferralStatus,
    ReferralVerb,
    actions,
    side_of,
)
from services.referrals.domain.refusal import (
    Conflict,
    NotASide,
    Refusal,
    WrongSide,
    WrongState,
)
from services.referrals.domain.vocabulary import (
    Category,
    Mode,
    RestrictedClass,
    Side,
)
from tests.invented import (
    ACCEPT,
    ACKNOWLEDGE,
    ASK_TO_STOP,
    ATTEST,
    CANCEL,
    CLINIC,
    CLOSE,
    COMPLETE,
    DECLINE,
    EPISODE,
    ERROR,
    EXPIRE,
    HUB,
    LAPSE,
    LEAVE,
    NOON,
    PANTRY,
    RECEIVE,
    REDIRECT,
    START,
    STOP,
    STOP_CONTACT,
    STRANGER,
    WAITLIST,
    WAY_TO,
    WITHDRAW_CONSENT,
    propose,
    referral_history,
    send,
    standing,
)
from tests.scenario import Rules

given = Rules(referral.decide, referral.fold).given

ACCEPTED = ReferralAccepted(person="staff-pantry-1", on=date(2026, 11, 5))


def outcome(command: ReferralCommand, state: Referral) -> str | type[Refusal]:
    """What comes of a command: moved, the same again, or the kind of refusal."""
    try:
        return "moved" if referral.decide(command, state) else "the same again"
    except Refusal as refusal:
        return type(refusal)


class TestWhenInformational:
    history = referral_history(send(mode=Mode.INFORMATIONAL))

    def test_r11_it_can_be_opened(self) -> None:
        given(*self.history).when(RECEIVE).then(ReferralReceived())

    @pytest.mark.parametrize(
        "command", [ACCEPT, DECLINE, WAITLIST, REDIRECT, COMPLETE, CANCEL, ASK_TO_STOP, STOP, LAPSE, ACKNOWLEDGE]
    )
    def test_r11_it_has_no_answer_and_no_loop(self, command: ReferralCommand) -> None:
        given(*self.history).when(command).then_refused(WrongState, "referral-informational")

    def test_r11_nothing_is_offered_but_opening_it(self) -> None:
        state = referral.fold(self.history)
        assert state is not None
        assert actions(state, Side.RECEIVER) == (ReferralVerb.RECEIVE,)
        assert actions(state, Side.SENDER) == (ReferralVerb.ENTERED_IN_ERROR,)


class TestSides:
    """R16: wrong side 403, wrong state 409, not a side 404, for every state and every step."""

    COMMANDS: dict[ReferralVerb, ReferralCommand] = {
        ReferralVerb.RECEIVE: RECEIVE,
        ReferralVerb.ACCEPT: ACCEPT,
        ReferralVerb.DECLINE: DECLINE,
        ReferralVerb.WAITLIST: WAITLIST,
        ReferralVerb.REDIRECT: REDIRECT,
        ReferralVerb.START_SERVICE: START,
        ReferralVerb.COMPLETE: COMPLETE,
        ReferralVerb.CANCEL: CANCEL,
        ReferralVerb.REQUEST_CANCELLATION: ASK_TO_STOP,
        ReferralVerb.CONFIRM_CANCELLATION: STOP,
        ReferralVerb.CONSENT_WITHDRAWN: WITHDRAW_CONSENT,
        ReferralVerb.LAPSE_CANCELLATION: LAPSE,
        ReferralVerb.CLOSE: CLOSE,
        ReferralVerb.EXPIRE: EXPIRE,
        ReferralVerb.STOP_CONTACT: STOP_CONTACT,
        ReferralVerb.STOP_CONTACT_IN_SERVICE: STOP_CONTACT,
        ReferralVerb.AGENCY_LEFT: LEAVE,
        ReferralVerb.AGENCY_LEFT_IN_SERVICE: LEAVE,
        ReferralVerb.ACKNOWLEDGE: ACKNOWLEDGE,
        ReferralVerb.ATTEST: ATTEST,
        ReferralVerb.ENTERED_IN_ERROR: ERROR,
    }

    @pytest.mark.parametrize("status", WAY_TO)
    @pytest.mark.parametrize("verb", [verb for verb, edge in EDGES.items() if edge.side is not None])
    def test_r16_the_wrong_side_and_a_stranger_are_refused_in_every_state(
        self, status: ReferralStatus, verb: ReferralVerb
    ) -> None:
        history = referral_history(*WAY_TO[status])
        other = CLINIC if EDGES[verb].side is Side.RECEIVER else PANTRY
        command = self.COMMANDS[verb]
        given(*history).when(replace(command, agency=other)).then_refused(WrongSide)
        given(*history).when(replace(command, agency=STRANGER)).then_refused(NotASide)

    def edge(self, verb: ReferralVerb, status: ReferralStatus) -> Edge | None:
        """The edge that the command of a verb takes from a state: one command may have two, by where it stands."""
        if (verb, status) == (ReferralVerb.DECLINE, ReferralStatus.IN_SERVICE):
            return EDGES[ReferralVerb.CLOSE]
        same = [each for each, command in self.COMMANDS.items() if command is self.COMMANDS[verb]]
        return next((EDGES[each] for each in same if status in EDGES[each].sources), None)

    @pytest.mark.parametrize("status", WAY_TO)
    @pytest.mark.parametrize("verb", EDGES)
    def test_r16_a_step_moves_it_just_where_the_table_says(self, status: ReferralStatus, verb: ReferralVerb) -> None:
        state = standing(status)
        command, edge = self.COMMANDS[verb], self.edge(verb, status)
        kept = verb is ReferralVerb.CONSENT_WITHDRAWN and state.accepted_at is not None
        if edge and not kept:
            (fact,) = referral.decide(command, state)
            after = referral.evolve(state, fact, command.at, command.agency)
            assert after.status is (edge.target or status)
        else:
            assert outcome(command, state) in ("the same again", WrongState, Conflict)

    @pytest.mark.parametrize("status", WAY_TO)
    @pytest.mark.parametrize("side", Side)
    def test_a_button_is_shown_just_where_the_step_is_possible(self, status: ReferralStatus, side: Side) -> None:
        state = standing(status)
        moving = [verb for verb, command in self.COMMANDS.items() if outcome(command, state) == "moved"]
        if status is ReferralStatus.IN_SERVICE:
            moving.remove(ReferralVerb.DECLINE)  # it is taken from systems that know no other word (BSeR 25)
        shown = [verb for verb in moving if EDGES[verb].side is side and EDGES[verb].pressed]
        assert actions(state, side) == tuple(shown)

    def test_side_of_names_the_two_sides_alone(self) -> None:
        state = standing(ReferralStatus.SENT)
        assert [side_of(state, agency) for agency in (CLINIC, PANTRY, HUB)] == [Side.SENDER, Side.RECEIVER, None]


class TestFold:
    def test_r6_every_later_fact_repeats_the_class(self) -> None:
        category = Category.INTIMATE_PARTNER_VIOLENCE
        way = (send(category=category), RECEIVE, ACCEPT, START, COMPLETE, ACKNOWLEDGE)
        history = referral_history(*way)
        assert len(history) == len(way)
        assert {getattr(happened.fact, "restricted", None) for happened in history} == {RestrictedClass.IPV}

    def test_an_empty_stream_is_no_referral(self) -> None:
        assert referral.fold(()) is None

    @pytest.mark.parametrize("first", [ReferralReceived(), ACCEPTED])
    def test_a_stream_that_does_not_begin_with_sending_is_damaged(self, first: Fact) -> None:
        with pytest.raises(ForeignFact):
            referral.fold((Happened(first, NOON, PANTRY),))

    def test_a_fact_of_another_entity_is_not_passed_over(self) -> None:
        command = propose()
        foreign = HandoffProposed(
            from_agency=CLINIC, to_agency=HUB, domain=command.domain, kind=command.kind, episode=EPISODE
        )
        with pytest.raises(ForeignFact):
            referral.fold((*referral_history(send()), Happened(foreign, NOON, CLINIC)))

    def test_every_way_out_is_an_end(self) -> None:
        on = {verb: edge for verb, edge in EDGES.items() if verb is not ReferralVerb.ENTERED_IN_ERROR}
        leaving = {source for edge in on.values() if edge.target for source in edge.sources}
        assert leaving.isdisjoint(ENDED)
