"""A client as a person: what is stated for figures, pausing and stopping outreach, and two references of one agency."""

from dataclasses import replace

import pytest

from services.referrals.domain import client
from services.referrals.domain.client import (
    ClientCommand,
    ClientLinked,
    ClientNamed,
    ClientUnlinked,
    ClientUnnamed,
    CorrectStop,
    DemographicsStated,
    DetailsErased,
    EraseDetails,
    ErasureReason,
    HoldPlaced,
    HoldReason,
    HoldReleased,
    LinkClient,
    NameClient,
    NoFurtherContact,
    NoFurtherContactCorrected,
    OutreachPaused,
    OutreachResumed,
    PauseOutreach,
    PlaceHold,
    RegisterClient,
    ReleaseHold,
    ResumeOutreach,
    StateDemographics,
    StopContact,
    UnlinkClient,
    UnnameClient,
)
from services.referrals.domain.client.groups import category_of_group
from services.referrals.domain.fact import Happened
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongState
from services.referrals.domain.vocabulary import DetailedGroup, RaceEthnicity, StatedBy
from tests.invented import CLIENT, CLINIC, EPISODE, HUB, NOON, NOTE, PANTRY, later
from tests.scenario import Rules

rules = Rules(client.decide, client.fold)

REGISTER = RegisterClient(agency=CLINIC, at=NOON)
SAID = DemographicsStated(race_ethnicity=(RaceEthnicity.BLACK,), source=StatedBy.SELF_REPORTED, language="en")
STATE = StateDemographics(agency=CLINIC, at=later(1), stated=SAID)
PAUSE = PauseOutreach(agency=CLINIC, at=later(1))
RESUME = ResumeOutreach(agency=HUB, at=later(2))
STOP = StopContact(agency=CLINIC, at=later(1), cause=NOTE, everything=False)
CORRECT = CorrectStop(agency=CLINIC, at=later(2))
LINK = LinkClient(agency=PANTRY, at=later(1), other=CLIENT)
ERASE = EraseDetails(agency=CLINIC, at=later(3), reason=ErasureReason.CLIENT_REQUEST)
HOLD = PlaceHold(agency=CLINIC, at=later(1), reason=HoldReason.LEGAL_CASE)
RELEASE = ReleaseHold(agency=CLINIC, at=later(2))
UNLINK = UnlinkClient(agency=PANTRY, at=later(2), other=CLIENT)


def history(*commands: ClientCommand) -> tuple[Happened, ...]:
    told: tuple[Happened, ...] = ()
    for command in commands:
        facts = client.decide(command, client.fold(told))
        told += tuple(Happened(fact, command.at, command.agency) for fact in facts)
    return told


BEGUN = history(REGISTER)


@pytest.mark.parametrize(
    "command", [STATE, PAUSE, RESUME, STOP, CORRECT, LINK, UNLINK], ids=lambda each: type(each).__name__
)
def test_of_somebody_who_is_not_registered_nothing_is_said(command: ClientCommand) -> None:
    rules.given().when(command).then_refused(NotASide)


class TestDemographics:
    def test_r7_every_statement_is_kept_and_the_same_again_is_nothing_new(self) -> None:
        rules.given(*BEGUN).when(STATE).then(SAID)
        other = replace(STATE, stated=SAID.model_copy(update={"language": "es"}))
        rules.given(*history(REGISTER, STATE)).when(other).then(other.stated)

    @pytest.mark.parametrize("source", [StatedBy.STAFF_OBSERVED, StatedBy.IMPORTED])
    def test_r7_what_she_said_herself_stands_against_what_was_seen_later(self, source: StatedBy) -> None:
        seen = replace(STATE, stated=DemographicsStated(race_ethnicity=(RaceEthnicity.WHITE,), source=source))
        state = client.fold(history(REGISTER, STATE, seen))
        assert state is not None
        assert state.stated[CLINIC] == SAID

    def test_r7_that_she_would_not_say_is_a_value(self) -> None:
        declined = replace(STATE, stated=DemographicsStated(declined=True, source=StatedBy.SELF_REPORTED))
        state = rules.given(*history(REGISTER, STATE)).when(declined).then(declined.stated)
        assert state.stated[CLINIC].declined
        both = replace(STATE, stated=SAID.model_copy(update={"declined": True}))
        rules.given(*BEGUN).when(both).then_refused(Unfit, "declined-and-stated")

    def test_r7_each_agency_has_words_of_its_own(self) -> None:
        theirs = replace(STATE, agency=HUB, stated=SAID.model_copy(update={"language": "es"}))
        state = client.fold(history(REGISTER, STATE, theirs))
        assert state is not None
        assert (state.stated[CLINIC].language, state.stated[HUB].language) == ("en", "es")

    @pytest.mark.parametrize("group", DetailedGroup)
    def test_a_detailed_group_belongs_to_a_race_that_is_stated(self, group: DetailedGroup) -> None:
        race = category_of_group(group)
        fits = DemographicsStated(race_ethnicity=(race,), detailed=(group,), source=StatedBy.SELF_REPORTED)
        rules.given(*BEGUN).when(replace(STATE, stated=fits)).then(fits)
        alone = fits.model_copy(update={"race_ethnicity": ()})
        rules.given(*BEGUN).when(replace(STATE, stated=alone)).then_refused(Unfit, "group-not-of-race")


class TestOutreach:
    def test_r5_any_agency_pauses_and_any_other_resumes(self) -> None:
        assert rules.given(*BEGUN).when(PAUSE).then(OutreachPaused()).paused
        assert not rules.given(*history(REGISTER, PAUSE)).when(RESUME).then(OutreachResumed()).paused

    def test_r12_paused_or_resumed_twice_is_nothing_new(self) -> None:
        rules.given(*history(REGISTER, PAUSE)).when(replace(PAUSE, agency=HUB)).then_nothing()
        rules.given(*history(REGISTER, PAUSE, RESUME)).when(RESUME).then_nothing()

    def test_r20_with_no_further_contact_there_is_none_left_to_pause(self) -> None:
        rules.given(*history(REGISTER, STOP)).when(PAUSE).then_refused(WrongState, "no-further-contact")
        elsewhere = replace(STOP, agency=HUB, everything=False)
        rules.given(*history(REGISTER, elsewhere)).when(PAUSE).then(OutreachPaused())

    def test_what_was_never_paused_is_not_resumed(self) -> None:
        rules.given(*BEGUN).when(RESUME).then_refused(WrongState, "outreach-not-paused")

    def test_r5_it_holds_no_reason(self) -> None:
        assert OutreachPaused.model_fields == {}


class TestStopping:
    def test_r20_one_agency_alone_or_everybody(self) -> None:
        alone = rules.given(*BEGUN).when(STOP).then(NoFurtherContact(cause=NOTE, everything=False))
        assert (alone.is_stopped(CLINIC), alone.is_stopped(HUB)) == (True, False)
        all_ = (
            rules.given(*BEGUN).when(replace(STOP, everything=True)).then(NoFurtherContact(cause=NOTE, everything=True))
        )
        assert (all_.is_stopped(CLINIC), all_.is_stopped(HUB)) == (True, True)

    def test_r12_another_cause_is_refused_the_same_is_nothing_new(self) -> None:
        told = history(REGISTER, STOP)
        rules.given(*told).when(replace(STOP, cause=EPISODE)).then_refused(Conflict, "no-further-contact-recorded")
        rules.given(*told).when(replace(STOP, cause=EPISODE, same=True)).then_nothing()

    def test_r20_who_recorded_it_corrects_it(self) -> None:
        told = history(REGISTER, replace(STOP, everything=True))
        assert not rules.given(*told).when(CORRECT).then(NoFurtherContactCorrected()).is_stopped(HUB)
        rules.given(*told).when(replace(CORRECT, agency=HUB)).then_refused(WrongState, "contact-not-stopped")
        rules.given(*history(REGISTER, STOP, CORRECT)).when(CORRECT).then_nothing()
        rules.given(*history(REGISTER, STOP, CORRECT)).when(replace(STOP, cause=EPISODE)).then(
            NoFurtherContact(cause=EPISODE, everything=False)
        )


class TestLinks:
    def test_r21_a_link_is_one_agencys_and_can_be_undone(self) -> None:
        state = rules.given(*BEGUN).when(LINK).then(ClientLinked(other=CLIENT))
        assert state.same == {PANTRY: frozenset({CLIENT})}
        after = rules.given(*history(REGISTER, LINK)).when(UNLINK).then(ClientUnlinked(other=CLIENT))
        assert after.same == {PANTRY: frozenset()}

    def test_r21_the_other_end_knows_of_it_too(self) -> None:
        name = NameClient(agency=PANTRY, at=later(1), by=CLIENT)
        state = rules.given(*BEGUN).when(name).then(ClientNamed(by=CLIENT))
        assert state.same == {PANTRY: frozenset({CLIENT})}
        unname = UnnameClient(agency=PANTRY, at=later(2), by=CLIENT)
        rules.given(*history(REGISTER, name)).when(unname).then(ClientUnnamed(by=CLIENT))
        rules.given(*BEGUN).when(unname).then_nothing()


class TestErasure:
    def test_an_agencys_details_are_erased_and_no_others(self) -> None:
        state = rules.given(*BEGUN).when(ERASE).then(DetailsErased(reason=ErasureReason.CLIENT_REQUEST))
        assert state.erased == {CLINIC: later(3)}

    def test_a_second_time_is_told_only_where_something_was_written_since(self) -> None:
        told = history(REGISTER, ERASE)
        rules.given(*told).when(replace(ERASE, at=later(4))).then_nothing()
        anew = replace(ERASE, at=later(4), anew=True)
        assert rules.given(*told).when(anew).then(DetailsErased(reason=ErasureReason.CLIENT_REQUEST)).erased == {
            CLINIC: later(4)
        }

    def test_what_has_to_be_kept_is_not_erased_until_it_is_released(self) -> None:
        state = rules.given(*BEGUN).when(HOLD).then(HoldPlaced(reason=HoldReason.LEGAL_CASE))
        assert state.held == {CLINIC: HoldReason.LEGAL_CASE}
        rules.given(*history(REGISTER, HOLD)).when(ERASE).then_refused(WrongState, "details-held")
        rules.given(*history(REGISTER, HOLD)).when(replace(ERASE, agency=HUB)).then(
            DetailsErased(reason=ErasureReason.CLIENT_REQUEST)
        )
        rules.given(*history(REGISTER, HOLD)).when(HOLD).then_nothing()
        assert rules.given(*history(REGISTER, HOLD)).when(RELEASE).then(HoldReleased()).held == {}
        rules.given(*BEGUN).when(RELEASE).then_nothing()

    def test_what_was_erased_is_held_only_where_something_was_written_since(self) -> None:
        told, later_hold = history(REGISTER, ERASE), replace(HOLD, at=later(4))
        rules.given(*told).when(later_hold).then_refused(WrongState, "details-erased")
        rules.given(*told).when(replace(later_hold, agency=HUB)).then(HoldPlaced(reason=HoldReason.LEGAL_CASE))
        rules.given(*told).when(replace(later_hold, anew=True)).then(HoldPlaced(reason=HoldReason.LEGAL_CASE))
