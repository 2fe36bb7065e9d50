"""Who leads a domain, how it is taken, given back and left (R19)."""

import pytest

from services.referrals.domain import episode
from services.referrals.domain.episode import (
    GiveBack,
    LeaveLead,
    OpenEpisode,
    ResponsibilityAssigned,
    ResponsibilityLeft,
    TakeLead,
    TakeOver,
)
from services.referrals.domain.fact import Happened
from services.referrals.domain.refusal import Conflict, WrongState
from services.referrals.domain.vocabulary import Basis, ResponsibilityDomain
from tests.invented import CLIENT, CLINIC, HANDOFF, HUB, NOON, PANTRY, TODAY, later
from tests.scenario import Rules

given = Rules(episode.decide, episode.fold).given

COORDINATION, DOULA = ResponsibilityDomain.PRIMARY_CARE_COORDINATION, ResponsibilityDomain.DOULA
OPEN = OpenEpisode(agency=CLINIC, at=NOON, today=TODAY)
TAKE = TakeLead(agency=PANTRY, at=later(days=1), domain=DOULA, as_hub=False)
OVER = TakeOver(agency=PANTRY, at=later(days=1), domain=COORDINATION, from_agency=CLINIC, handoff=HANDOFF)
BACK = GiveBack(agency=CLINIC, at=later(days=15), domain=COORDINATION, from_agency=PANTRY, handoff=HANDOFF, hub=HUB)
LEAVE = LeaveLead(agency=CLINIC, at=later(days=2), domain=COORDINATION, hub=HUB)
LEFT = ResponsibilityLeft(domain=COORDINATION, agency=CLINIC)
TO_HUB = ResponsibilityAssigned(domain=COORDINATION, agency=HUB, basis=Basis.HUB)


def history(*commands: episode.EpisodeCommand) -> tuple[Happened, ...]:
    """What these left behind, one after the other."""
    told: tuple[Happened, ...] = ()
    for command in commands:
        facts = episode.decide(command, episode.fold(told))
        told += tuple(Happened(fact, command.at, command.agency) for fact in facts)
    return told


@pytest.mark.parametrize("domain", ResponsibilityDomain)
def test_a_lead_has_an_id_from_which_both_can_be_read(domain: ResponsibilityDomain) -> None:
    pregnancy = episode.episode_id(CLIENT, 0)
    assert episode.of_lead_id(episode.lead_id(pregnancy, domain)) == (pregnancy, domain)
    assert episode.of_lead_id(pregnancy) is None


class TestTake:
    @pytest.mark.parametrize(("as_hub", "basis"), [(False, Basis.INTAKE), (True, Basis.HUB)])
    def test_r19_what_nobody_leads_can_be_taken(self, as_hub: bool, basis: Basis) -> None:
        taken = ResponsibilityAssigned(domain=DOULA, agency=PANTRY, basis=basis)
        command = TakeLead(agency=PANTRY, at=TAKE.at, domain=DOULA, as_hub=as_hub)
        state = given(*history(OPEN)).when(command).then(taken)
        assert (state.lead(DOULA), state.lead(COORDINATION)) == (PANTRY, CLINIC)

    def test_r12_taken_again_is_nothing_new(self) -> None:
        given(*history(OPEN, TAKE)).when(TAKE).then_nothing()

    def test_r19_where_somebody_leads_it_is_a_handoff(self) -> None:
        coordination = TakeLead(agency=PANTRY, at=TAKE.at, domain=COORDINATION, as_hub=False)
        given(*history(OPEN)).when(coordination).then_refused(Conflict, "domain-led")

    def test_there_has_to_be_a_pregnancy(self) -> None:
        given().when(TAKE).then_refused(WrongState, "episode-not-open")


class TestGiveBack:
    def test_r19_it_goes_back_to_the_sender(self) -> None:
        returned = ResponsibilityAssigned(domain=COORDINATION, agency=CLINIC, basis=Basis.HANDOFF, handoff=HANDOFF)
        given(*history(OPEN, OVER)).when(BACK).then(returned)

    def test_r19_to_the_hub_where_the_sender_left(self) -> None:
        to_hub = TO_HUB.model_copy(update={"handoff": HANDOFF})
        given(*history(OPEN, OVER, LEAVE)).when(BACK).then(to_hub)

    def test_not_where_the_receiver_has_handed_it_on(self) -> None:
        on = TakeOver(agency=HUB, at=later(days=3), domain=COORDINATION, from_agency=PANTRY, handoff=HANDOFF)
        given(*history(OPEN, OVER, on)).when(BACK).then_nothing()


class TestLeave:
    def test_r19_the_hub_takes_over(self) -> None:
        state = given(*history(OPEN)).when(LEAVE).then(LEFT, TO_HUB)
        assert state.lead(COORDINATION) == HUB

    def test_r19_without_a_hub_nobody_leaves(self) -> None:
        alone = LeaveLead(agency=CLINIC, at=LEAVE.at, domain=COORDINATION, hub=None)
        given(*history(OPEN)).when(alone).then_refused(WrongState, "nobody-takes-over")
        given(*history(OPEN, OVER)).when(alone).then_refused(WrongState, "nobody-takes-over")

    def test_r19_the_hub_itself_hands_over(self) -> None:
        hub = LeaveLead(agency=HUB, at=later(days=3), domain=COORDINATION, hub=HUB)
        given(*history(OPEN, LEAVE)).when(hub).then_refused(WrongState, "nobody-takes-over")

    def test_r19_after_an_accepted_handoff_it_gets_nothing_back(self) -> None:
        state = given(*history(OPEN, OVER)).when(LEAVE).then(LEFT)
        assert state.lead(COORDINATION) == PANTRY

    def test_who_neither_leads_nor_led_leaves_nothing(self) -> None:
        stranger = LeaveLead(agency=PANTRY, at=LEAVE.at, domain=COORDINATION, hub=HUB)
        given(*history(OPEN)).when(stranger).then_refused(WrongState, "not-leading")
        doula = LeaveLead(agency=CLINIC, at=LEAVE.at, domain=DOULA, hub=HUB)
        given(*history(OPEN)).when(doula).then_refused(WrongState, "not-leading")

    def test_r12_leaving_twice_is_nothing_new_and_leading_again_is_no_longer_left(self) -> None:
        left = history(OPEN, OVER, LEAVE)
        given(*left).when(LEAVE).then_nothing()
        again = TakeOver(agency=CLINIC, at=later(days=4), domain=COORDINATION, from_agency=PANTRY, handoff=HANDOFF)
        given(*history(OPEN, OVER, LEAVE, again)).when(LEAVE).then(LEFT, TO_HUB)
