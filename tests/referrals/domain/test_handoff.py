"""The rules of a handoff, state by state (F3, R1, R12, R16, R17, R19)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.referrals.domain import handoff
from services.referrals.domain.handoff import (
    HandoffAccepted,
    HandoffClientAgreed,
    HandoffCommand,
    HandoffCompleted,
    HandoffDeclined,
    HandoffOffered,
    HandoffProposed,
    HandoffStatus,
)
from services.referrals.domain.refusal import Conflict, NoEvidence, NotAgreed, NotASide, Unfit, WrongState
from services.referrals.domain.vocabulary import (
    Category,
    ContactMode,
    HandoffKind,
    Reason,
    ReasonOwner,
    ResponsibilityDomain,
    RestrictedClass,
)
from tests.invented import (
    ACCEPT_HANDOFF,
    AGREES,
    CLINIC,
    COMPLETE_HANDOFF,
    CONSENT,
    CONTACT,
    DECLINE_HANDOFF,
    EPISODE,
    FIELDS,
    HANDOFF_COMMANDS,
    HANDOFF_WAY_TO,
    HUB,
    MET_BY_HUB,
    NOTE,
    OFFER,
    PANTRY,
    REFERRAL,
    agreement,
    contacted,
    evidence,
    handoff_history,
    propose,
)
from tests.scenario import Rules

given = Rules(handoff.decide, handoff.fold).given

PROPOSED = HandoffProposed(
    from_agency=CLINIC,
    to_agency=HUB,
    domain=ResponsibilityDomain.PRIMARY_CARE_COORDINATION,
    kind=HandoffKind.WARM_REMOTE,
    episode=EPISODE,
)


class TestBeforeItExists:
    def test_the_lead_proposes_it(self) -> None:
        given().when(propose()).then(PROPOSED)

    def test_r19_a_domain_that_nobody_leads_can_be_handed_over(self) -> None:
        given().when(propose(lead=None)).then(PROPOSED)

    def test_r19_who_does_not_lead_hands_nothing_over(self) -> None:
        given().when(propose(lead=PANTRY)).then_refused(Conflict, "lead-moved")

    def test_an_open_twin_is_refused(self) -> None:
        given().when(propose(open_twin=NOTE)).then_refused(Conflict, "handoff-already-open")

    def test_nobody_hands_over_to_itself(self) -> None:
        given().when(propose(to_agency=CLINIC)).then_refused(Unfit, "same-agency")

    def test_r6_the_class_is_fixed_when_it_is_proposed(self) -> None:
        domain = ResponsibilityDomain.BEHAVIORAL_HEALTH
        restricted = PROPOSED.model_copy(update={"domain": domain, "restricted": RestrictedClass.BEHAVIORAL})
        given().when(propose(domain=domain)).then(restricted)

    @pytest.mark.parametrize("command", HANDOFF_COMMANDS.values())
    def test_r16_nothing_else_finds_it(self, command: HandoffCommand) -> None:
        given().when(command).then_refused(NotASide)


class TestWhenProposed:
    history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.PROPOSED])

    def test_r12_the_same_again_is_nothing_new_even_when_the_lead_has_moved(self) -> None:
        given(*self.history).when(propose(lead=HUB)).then_nothing()

    def test_another_one_under_the_same_id_is_refused(self) -> None:
        given(*self.history).when(propose(kind=HandoffKind.COLD)).then_refused(Conflict, "handoff-already-proposed")

    def test_r1_she_agrees(self) -> None:
        state = given(*self.history).when(AGREES).then(HandoffClientAgreed(consent=CONSENT))
        assert state.consent == CONSENT

    def test_r1_without_her_consent_it_stays(self) -> None:
        given(*self.history).when(replace(AGREES, agreement=None)).then_refused(NotAgreed, "consent-missing")

    @pytest.mark.parametrize(
        "consent",
        [
            agreement(recipient=PANTRY),
            agreement(recipient=None, category=Category.FOOD_INSECURITY),
            agreement(recipient=HUB, agreed=False),
        ],
        ids=["for-another", "for-a-category-alone", "refused"],
    )
    def test_r1_a_consent_that_does_not_name_the_receiver_does_not_cover(self, consent: object) -> None:
        command = replace(AGREES, agreement=consent)  # type: ignore[arg-type]  # pytest's parameters have no types
        given(*self.history).when(command).then_refused(NotAgreed, "consent-does-not-cover")

    def test_it_is_not_offered_before_she_agreed(self) -> None:
        given(*self.history).when(OFFER).then_refused(WrongState)

    def test_r8_the_receiver_is_no_side_yet(self) -> None:
        given(*self.history).when(ACCEPT_HANDOFF).then_refused(NotASide)


class TestWhenAgreed:
    history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.AGREED])

    def test_r1_the_offer_says_what_was_given(self) -> None:
        state = given(*self.history).when(OFFER).then(HandoffOffered(given=FIELDS))
        assert (state.given, state.offered_at) == (FIELDS, OFFER.at)

    def test_r1_no_field_goes_that_she_did_not_agree_to(self) -> None:
        fewer = replace(OFFER, agreement=agreement(recipient=HUB, fields=FIELDS[:1]))
        given(*self.history).when(fewer).then_refused(NotAgreed, "consent-does-not-cover")

    def test_r1_a_consent_that_has_run_out_since_covers_nothing(self) -> None:
        lapsed = replace(OFFER, today=date(2026, 12, 1), agreement=agreement(recipient=HUB, expires=date(2026, 11, 30)))
        given(*self.history).when(lapsed).then_refused(NotAgreed, "consent-does-not-cover")

    def test_r12_she_agreed_already(self) -> None:
        given(*self.history).when(AGREES).then_nothing()


class TestWhenOffered:
    history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.OFFERED])

    def test_the_receiver_accepts(self) -> None:
        state = (
            given(*self.history).when(ACCEPT_HANDOFF).then(HandoffAccepted(person="staff-hub-1", on=date(2026, 11, 6)))
        )
        assert (state.person, state.accepted_at) == ("staff-hub-1", ACCEPT_HANDOFF.at)

    def test_r19_not_when_the_sender_no_longer_leads(self) -> None:
        given(*self.history).when(replace(ACCEPT_HANDOFF, lead=PANTRY)).then_refused(Conflict, "lead-moved")

    def test_r19_who_does_not_lead_any_more_offers_nothing(self) -> None:
        agreed = HANDOFF_WAY_TO[HandoffStatus.AGREED]
        history = handoff_history(*agreed)
        given(*history).when(replace(OFFER, lead=PANTRY)).then_refused(Conflict, "lead-moved")
        assert len(handoff.decide(replace(OFFER, lead=CLINIC), handoff.fold(history))) == 1

    def test_the_receiver_declines_and_the_reason_has_an_owner(self) -> None:
        declined = HandoffDeclined(reason=Reason.NO_CAPACITY, reason_owner=ReasonOwner.RECIPIENT)
        given(*self.history).when(DECLINE_HANDOFF).then(declined)

    def test_r13_unable_to_reach_is_no_decline(self) -> None:
        command = replace(DECLINE_HANDOFF, reason=Reason.UNABLE_TO_REACH)
        given(*self.history).when(command).then_refused(Unfit, "reason-not-possible")

    def test_it_is_not_completed_before_it_is_accepted(self) -> None:
        given(*self.history).when(COMPLETE_HANDOFF).then_refused(WrongState)

    def test_r12_offered_already(self) -> None:
        given(*self.history).when(OFFER).then_nothing()


class TestWhenAccepted:
    history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.ACCEPTED])

    def test_r12_the_same_again_is_nothing_new(self) -> None:
        given(*self.history).when(replace(ACCEPT_HANDOFF, lead=HUB)).then_nothing()

    def test_r12_another_person_is_told_what_stands(self) -> None:
        other = replace(ACCEPT_HANDOFF, person="staff-hub-2")
        given(*self.history).when(other).then_refused(Conflict, "handoff-already-answered")

    def test_the_receivers_first_contact_completes_it(self) -> None:
        state = given(*self.history).when(COMPLETE_HANDOFF).then(HandoffCompleted(evidence=CONTACT))
        assert state.ended_at == COMPLETE_HANDOFF.at

    def test_the_call_of_all_three_just_before_counts(self) -> None:
        before = evidence(contacted(agency=HUB, at=ACCEPT_HANDOFF.at - timedelta(hours=1)))
        given(*self.history).when(replace(COMPLETE_HANDOFF, evidence=before)).then(HandoffCompleted(evidence=CONTACT))

    @pytest.mark.parametrize(
        "changed",
        [
            {"agency": CLINIC},
            {"mode": ContactMode.FUNDS_TRANSFER},
            {"mode": ContactMode.TEXT_ONE_WAY},
            {"handoff": REFERRAL},
            {"at": ACCEPT_HANDOFF.at - timedelta(days=1, seconds=1)},
        ],
        ids=["by-the-sender", "funds-without-meeting", "one-way-text", "for-another-handoff", "long-before"],
    )
    def test_r17_nothing_less_than_meeting_her_completes_it(self, changed: dict[str, object]) -> None:
        no_proof = evidence(contacted(**{"agency": HUB, **changed}))
        given(*self.history).when(replace(COMPLETE_HANDOFF, evidence=no_proof)).then_refused(NoEvidence)

    def test_it_cannot_be_declined_any_more(self) -> None:
        given(*self.history).when(DECLINE_HANDOFF).then_refused(WrongState)


class TestWhenEnded:
    def test_r12_completed_again_by_the_same_contact(self) -> None:
        given(*handoff_history(*HANDOFF_WAY_TO[HandoffStatus.COMPLETED])).when(COMPLETE_HANDOFF).then_nothing()

    def test_another_contact_does_not_complete_it_anew(self) -> None:
        other = replace(COMPLETE_HANDOFF, evidence=replace(MET_BY_HUB, id=NOTE))
        history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.COMPLETED])
        given(*history).when(other).then_refused(WrongState, "handoff-already-ended")

    def test_r12_another_reason_does_not_overwrite(self) -> None:
        other = replace(DECLINE_HANDOFF, reason=Reason.OUT_OF_AREA)
        history = handoff_history(*HANDOFF_WAY_TO[HandoffStatus.DECLINED])
        given(*history).when(other).then_refused(Conflict, "handoff-already-answered")
