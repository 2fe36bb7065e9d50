"""The rules of an episode and its leads (F5, R4, R18, R19), and of registering a client (R21)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.referrals.domain import client, episode
from services.referrals.domain.client import ClientRegistered, RegisterClient
from services.referrals.domain.episode import (
    EpisodeJoined,
    EpisodeOpened,
    OpenEpisode,
    ResponsibilityAssigned,
    TakeOver,
    episode_id,
)
from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.refusal import Conflict, Unfit, WrongState
from services.referrals.domain.vocabulary import AgeBand, Basis, ResponsibilityDomain
from tests.invented import CLIENT, CLINIC, CONTACT, HANDOFF, HUB, NOON, PANTRY, TODAY, later
from tests.scenario import Rules

given = Rules(episode.decide, episode.fold).given

COORDINATION = ResponsibilityDomain.PRIMARY_CARE_COORDINATION
OPEN = OpenEpisode(
    agency=CLINIC, at=NOON, today=TODAY, identified_on=TODAY - timedelta(days=3), age_band=AgeBand.FROM_25_TO_29
)
OPENED = EpisodeOpened(identified_on=TODAY - timedelta(days=3), age_band=AgeBand.FROM_25_TO_29)
LED_BY_CLINIC = ResponsibilityAssigned(domain=COORDINATION, agency=CLINIC, basis=Basis.INTAKE)
LED_BY_HUB = ResponsibilityAssigned(domain=COORDINATION, agency=HUB, basis=Basis.HANDOFF, handoff=HANDOFF)
TAKE_OVER = TakeOver(agency=HUB, at=later(days=2), domain=COORDINATION, from_agency=CLINIC, handoff=HANDOFF)

BEGUN = (Happened(OPENED, NOON, CLINIC), Happened(LED_BY_CLINIC, NOON, CLINIC))
JOINED = (*BEGUN, Happened(EpisodeJoined(identified_on=TODAY), NOON, HUB))
HANDED_OVER = (*BEGUN, Happened(LED_BY_HUB, TAKE_OVER.at, HUB))


class TestBeforeItExists:
    def test_r19_who_opens_it_leads_coordination(self) -> None:
        state = given().when(OPEN).then(OPENED, LED_BY_CLINIC)
        assert state.lead(COORDINATION) == CLINIC
        assert [state.lead(domain) for domain in ResponsibilityDomain if domain is not COORDINATION] == [None] * 6

    def test_nobody_is_known_to_be_pregnant_from_tomorrow(self) -> None:
        tomorrow = replace(OPEN, identified_on=TODAY + timedelta(days=1))
        given().when(tomorrow).then_refused(Unfit, "date-in-future")

    def test_there_is_nothing_to_lead(self) -> None:
        given().when(TAKE_OVER).then_refused(WrongState, "episode-not-open")

    def test_r4_r18_two_openers_at_once_meet_on_one_stream_until_it_has_ended(self) -> None:
        assert episode_id(CLIENT, 0) == episode_id(CLIENT, 0)
        assert len({episode_id(CLIENT, 0), episode_id(CLIENT, 1), episode_id(CONTACT, 0)}) == 3


class TestWhenOpen:
    def test_r4_a_second_opener_joins_and_does_not_lead(self) -> None:
        joined = EpisodeJoined(identified_on=TODAY)
        state = given(*BEGUN).when(replace(OPEN, agency=HUB, at=later(days=1), identified_on=TODAY)).then(joined)
        assert state.lead(COORDINATION) == CLINIC
        assert {agency: own.since for agency, own in state.own.items()} == {CLINIC: OPENED.identified_on, HUB: TODAY}

    def test_who_does_not_say_since_when_means_today(self) -> None:
        given(*BEGUN).when(replace(OPEN, agency=HUB, identified_on=None)).then(EpisodeJoined(identified_on=TODAY))

    def test_r12_the_same_agency_again_is_nothing_new(self) -> None:
        given(*JOINED).when(OPEN).then_nothing()
        given(*JOINED).when(replace(OPEN, today=TODAY + timedelta(days=9), identified_on=None)).then_nothing()
        given(*JOINED).when(replace(OPEN, agency=HUB, identified_on=TODAY)).then_nothing()

    @pytest.mark.parametrize("agency", [CLINIC, HUB])
    def test_r4_r12_another_day_is_refused_alike_to_the_first_opener_and_to_the_second(self, agency: str) -> None:
        other = replace(OPEN, agency=agency, identified_on=TODAY - timedelta(days=1))
        refusal = given(*JOINED).when(other).then_refused(Conflict, "episode-already-open")
        assert isinstance(refusal, Conflict)
        assert refusal.stands == "open"

    def test_an_opener_whose_day_was_never_stored_is_not_contradicted(self) -> None:
        early = (*BEGUN, Happened(EpisodeJoined(), NOON, HUB))
        given(*early).when(replace(OPEN, agency=HUB)).then_nothing()

    def test_r19_the_lead_moves_with_the_handoff(self) -> None:
        state = given(*BEGUN).when(TAKE_OVER).then(LED_BY_HUB)
        lead = state.leads[COORDINATION]
        assert (lead.agency, lead.since, lead.basis, lead.handoff) == (HUB, TAKE_OVER.at, Basis.HANDOFF, HANDOFF)

    def test_r19_another_domain_has_a_lead_of_its_own(self) -> None:
        doula = replace(TAKE_OVER, domain=ResponsibilityDomain.DOULA)
        assigned = LED_BY_HUB.model_copy(update={"domain": ResponsibilityDomain.DOULA})
        state = given(*BEGUN).when(doula).then(assigned)
        assert (state.lead(COORDINATION), state.lead(ResponsibilityDomain.DOULA)) == (CLINIC, HUB)


class TestWhenHandedOver:
    def test_r12_the_same_again_is_nothing_new(self) -> None:
        given(*HANDED_OVER).when(TAKE_OVER).then_nothing()

    def test_r19_a_second_handoff_of_the_former_lead_is_refused(self) -> None:
        late = replace(TAKE_OVER, agency=PANTRY, handoff=CONTACT)
        given(*HANDED_OVER).when(late).then_refused(Conflict, "lead-moved")

    def test_r19_there_is_just_one_lead(self) -> None:
        state = episode.fold(HANDED_OVER)
        assert state is not None
        assert {domain: lead.agency for domain, lead in state.leads.items()} == {COORDINATION: HUB}


class TestFold:
    @pytest.mark.parametrize("first", [EpisodeJoined(), LED_BY_CLINIC, ClientRegistered()])
    def test_a_stream_that_does_not_begin_with_opening_is_damaged(self, first: Fact) -> None:
        with pytest.raises(ForeignFact):
            episode.fold((Happened(first, NOON, CLINIC),))


class TestClient:
    rules = Rules(client.decide, client.fold)

    def test_r21_a_client_is_registered_once(self) -> None:
        state = self.rules.given().when(RegisterClient(agency=CLINIC, at=NOON)).then(ClientRegistered())
        assert (state.registered_at, state.agency) == (NOON, CLINIC)

    def test_a_fact_of_another_entity_is_not_passed_over(self) -> None:
        with pytest.raises(ForeignFact):
            client.fold((Happened(EpisodeJoined(), NOON, CLINIC),))
