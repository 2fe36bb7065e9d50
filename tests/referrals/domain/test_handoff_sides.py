"""Which side may take which step of a handoff in which state (F3, R16), and what a stream tells (R6)."""

import contextlib
from dataclasses import replace

import pytest

from services.referrals.domain import handoff
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.handoff import (
    EDGES,
    HandoffOffered,
    HandoffStatus,
    HandoffVerb,
    actions,
)
from services.referrals.domain.refusal import Conflict, NotASide, WrongSide, WrongState
from services.referrals.domain.vocabulary import (
    ResponsibilityDomain,
    RestrictedClass,
    Side,
)
from tests.invented import (
    CLINIC,
    HANDOFF,
    HANDOFF_COMMANDS,
    HANDOFF_WAY_TO,
    HUB,
    MET_BY_HUB,
    STRANGER,
    handoff_history,
    later,
    propose,
)
from tests.scenario import Rules

given = Rules(handoff.decide, handoff.fold).given


class TestSides:
    @pytest.mark.parametrize("status", HANDOFF_WAY_TO)
    @pytest.mark.parametrize("verb", [verb for verb in EDGES if EDGES[verb].sides])
    def test_r16_the_wrong_side_and_a_stranger_are_refused_in_every_state(
        self, status: HandoffStatus, verb: HandoffVerb
    ) -> None:
        history = handoff_history(*HANDOFF_WAY_TO[status])
        seen = status not in (HandoffStatus.PROPOSED, HandoffStatus.AGREED)
        if len(EDGES[verb].sides) == 1:
            receivers = EDGES[verb].sides == {Side.RECEIVER}
            wrong = replace(HANDOFF_COMMANDS[verb], agency=CLINIC if receivers else HUB)
            given(*history).when(wrong).then_refused(WrongSide if receivers or seen else NotASide)
        given(*history).when(replace(HANDOFF_COMMANDS[verb], agency=STRANGER)).then_refused(NotASide)

    @pytest.mark.parametrize("status", HANDOFF_WAY_TO)
    @pytest.mark.parametrize("side", Side)
    def test_a_button_is_shown_just_where_the_step_is_possible(self, status: HandoffStatus, side: Side) -> None:
        state = handoff.fold(handoff_history(*HANDOFF_WAY_TO[status]))
        assert state is not None
        possible = tuple(verb for verb, edge in EDGES.items() if side in edge.sides and status in edge.sources_of(side))
        assert actions(state, side) == possible
        for verb in possible:
            agency = CLINIC if side is Side.SENDER else HUB
            assert len(handoff.decide(replace(HANDOFF_COMMANDS[verb], agency=agency), state)) == 1

    @pytest.mark.parametrize("status", HANDOFF_WAY_TO)
    def test_r1_a_receiver_speaks_of_a_call_once_it_has_accepted(self, status: HandoffStatus) -> None:
        state = handoff.fold(handoff_history(*HANDOFF_WAY_TO[status]))
        assert state is not None
        said = replace(HANDOFF_COMMANDS[HandoffVerb.INTRODUCE], agency=HUB)
        if status is HandoffStatus.ACCEPTED:
            assert len(handoff.decide(said, state)) == 1
            return
        refused = WrongState if state.offered_at else NotASide
        with pytest.raises(refused):
            handoff.decide(said, state)

    @pytest.mark.parametrize("status", HANDOFF_WAY_TO)
    @pytest.mark.parametrize("verb", EDGES)
    def test_r16_a_step_moves_it_just_where_the_table_says(self, status: HandoffStatus, verb: HandoffVerb) -> None:
        """Every state, every step: moved as the table says, or the same again (R12), or refused for its state."""
        state = handoff.fold(handoff_history(*HANDOFF_WAY_TO[status]))
        assert state is not None
        command, edge = HANDOFF_COMMANDS[verb], EDGES[verb]
        refused = (WrongState, Conflict) if handoff.side_of(state, command.agency) or not edge.sides else (NotASide,)
        if status in edge.sources:
            (fact,) = handoff.decide(command, state)
            assert handoff.evolve(state, fact, command.at, command.agency).status is (edge.target or status)
            return
        with contextlib.suppress(*refused):
            assert handoff.decide(command, state) == () or verb.startswith("end-contact")


class TestFold:
    def test_an_empty_stream_is_no_handoff(self) -> None:
        assert handoff.fold(()) is None

    def test_a_stream_that_does_not_begin_with_a_proposal_is_damaged(self) -> None:
        with pytest.raises(ForeignFact):
            handoff.fold((Happened(HandoffOffered(given=()), later(), HUB),))

    def test_r6_every_later_fact_repeats_the_class(self) -> None:
        way = (propose(domain=ResponsibilityDomain.BEHAVIORAL_HEALTH), *HANDOFF_WAY_TO[HandoffStatus.COMPLETED][1:])
        classes = {getattr(happened.fact, "restricted", None) for happened in handoff_history(*way)}
        assert classes == {RestrictedClass.BEHAVIORAL}

    def test_the_id_that_evidence_names_is_its_own(self) -> None:
        assert MET_BY_HUB.contact.recorded.handoff == HANDOFF
