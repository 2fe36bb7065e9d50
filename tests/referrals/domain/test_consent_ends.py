"""What becomes of a consent: changed, taken back, run out; every (state, step) of its table, and what figures hear."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.referrals.domain import consent
from services.referrals.domain.consent import (
    EDGES,
    AcknowledgeConsent,
    ChangeConsent,
    ConsentAcknowledged,
    ConsentChanged,
    ConsentCommand,
    ConsentEnteredInError,
    ConsentExpired,
    ConsentRevoked,
    ConsentStatus,
    ConsentVerb,
    ExpireConsent,
    RevokeConsent,
    VoidConsent,
    covers,
    holds,
    is_about_the_same,
)
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.refusal import NotASide, Refusal, Unfit, WrongState
from services.referrals.domain.vocabulary import Category, How, InformationKind, Measurement
from tests.invented import CLINIC, FIELDS, HUB, NOTE, PANTRY, TODAY, later, record_consent
from tests.scenario import Rules

given = Rules(consent.decide, consent.fold).given

EVENT = UUID("0194a000-0000-7000-8000-0000000000ee")
LAST_DAY = TODAY + timedelta(days=30)
AFTER = LAST_DAY + timedelta(days=1)
YES = record_consent(expires=LAST_DAY)
NO = record_consent(agreed=False, fields=(), recipient=None)
CHANGE = ChangeConsent(
    agency=CLINIC, at=later(days=2), today=TODAY + timedelta(days=2), agreed=True, how=How.SIGNED,
    on=TODAY + timedelta(days=2), fields=FIELDS, recipient=HUB,
)  # fmt: skip
REVOKE = RevokeConsent(
    agency=CLINIC,
    at=later(days=5),
    today=TODAY + timedelta(days=5),
    how=How.SPOKEN,
    on=TODAY + timedelta(days=5),
)
EXPIRE = ExpireConsent(agency=CLINIC, at=later(days=31), today=AFTER)
READ = AcknowledgeConsent(agency=CLINIC, at=later(days=32))
VOID = VoidConsent(agency=CLINIC, at=later(days=31), today=AFTER, event=EVENT, note=NOTE)

WAY_TO: dict[ConsentStatus, tuple[ConsentCommand, ...]] = {
    ConsentStatus.AGREED: (YES,),
    ConsentStatus.REFUSED: (NO,),
    ConsentStatus.REVOKED: (YES, REVOKE),
    ConsentStatus.EXPIRED: (YES, EXPIRE),
    ConsentStatus.ENTERED_IN_ERROR: (YES, VOID),
}
COMMANDS: dict[ConsentVerb, ConsentCommand] = {
    ConsentVerb.CHANGE: CHANGE,
    ConsentVerb.REVOKE: REVOKE,
    ConsentVerb.EXPIRE: EXPIRE,
    ConsentVerb.ACKNOWLEDGE: READ,
    ConsentVerb.ENTERED_IN_ERROR: VOID,
}


def history(*commands: ConsentCommand) -> tuple[Happened, ...]:
    """What these commands left behind, one after the other."""
    found: tuple[Happened, ...] = ()
    for command in commands:
        facts = consent.decide(command, consent.fold(found))
        assert facts
        found += tuple(Happened(fact, command.at, command.agency) for fact in facts)
    return found


class TestTable:
    @pytest.mark.parametrize("status", ConsentStatus)
    @pytest.mark.parametrize("verb", ConsentVerb)
    def test_a_step_leads_just_where_the_table_says(self, status: ConsentStatus, verb: ConsentVerb) -> None:
        before = consent.fold(history(*WAY_TO[status]))
        assert before is not None
        assert before.status is status
        command, edge = COMMANDS[verb], EDGES[verb]
        if status in edge.sources:
            (fact,) = consent.decide(command, before)
            assert consent.evolve(before, fact, command.at, command.agency).status in edge.targets
            return
        again = status in edge.targets or not edge.pressed
        if again:
            assert consent.decide(command, before) == ()
        else:
            with pytest.raises(WrongState):
                consent.decide(command, before)

    @pytest.mark.parametrize("status", ConsentStatus)
    @pytest.mark.parametrize("verb", ConsentVerb)
    def test_another_agency_learns_nothing_of_it(self, status: ConsentStatus, verb: ConsentVerb) -> None:
        given(*history(*WAY_TO[status])).when(replace(COMMANDS[verb], agency=PANTRY)).then_refused(NotASide)

    @pytest.mark.parametrize("command", COMMANDS.values())
    def test_nothing_becomes_of_one_that_is_not_there(self, command: ConsentCommand) -> None:
        given().when(command).then_refused(NotASide)

    def test_a_stream_that_begins_otherwise_is_damaged(self) -> None:
        with pytest.raises(ForeignFact):
            consent.fold(history(YES, REVOKE)[1:])


class TestEnteredInError:
    def test_r14_it_covers_nobody_from_then_on(self) -> None:
        before = consent.fold(history(YES))
        assert before is not None
        assert holds(before, on=TODAY)
        state = given(*history(YES)).when(VOID).then(ConsentEnteredInError(event=EVENT, note=NOTE, on=AFTER))
        assert (state.status, state.ended_on, state.withdrawn) == ("entered_in_error", AFTER, True)
        assert not holds(state, on=TODAY)


class TestTakenBack:
    def test_r1_it_covers_nobody_from_then_on(self) -> None:
        state = given(*history(YES)).when(REVOKE).then(ConsentRevoked(how=How.SPOKEN, on=REVOKE.on))
        assert (state.status, state.ended_on) == ("revoked", REVOKE.on)
        assert not covers(state, PANTRY, Category.FOOD_INSECURITY, FIELDS, on=REVOKE.on)

    @pytest.mark.parametrize(
        ("on", "slug"),
        [(REVOKE.today + timedelta(days=1), "date-in-future"), (TODAY - timedelta(days=1), "revoked-before-it-began")],
    )
    def test_on_a_day_that_cannot_be_it_is_refused(self, on: date, slug: str) -> None:
        given(*history(YES)).when(replace(REVOKE, on=on)).then_refused(Unfit, slug)

    def test_a_refusal_cannot_be_taken_back_but_changed(self) -> None:
        refused: Refusal = given(*history(NO)).when(REVOKE).then_refused(WrongState, "consent-refused")
        assert isinstance(refused, WrongState)
        state = consent.fold(history(NO, CHANGE))
        assert state is not None
        assert holds(state, on=CHANGE.on)

    def test_r7_a_yes_to_figures_is_a_no_from_then_on(self) -> None:
        before = history(replace(YES, measurement=Measurement.YES))
        given(*before).when(REVOKE).then(ConsentRevoked(how=How.SPOKEN, on=REVOKE.on, measurement=Measurement.NO))


class TestChanged:
    def test_what_she_says_now_stands(self) -> None:
        state = consent.fold(history(YES, CHANGE))
        assert state is not None
        assert covers(state, HUB, None, FIELDS, on=CHANGE.on)
        assert not covers(state, PANTRY, None, FIELDS, on=CHANGE.on)
        assert (state.at, state.agency) == (YES.at, CLINIC)

    def test_r12_the_same_once_more_is_nothing_new(self) -> None:
        given(*history(YES, CHANGE)).when(replace(CHANGE, at=later(days=3))).then_nothing()

    def test_r7_not_being_asked_again_takes_back_no_answer(self) -> None:
        before = history(replace(YES, measurement=Measurement.NO))
        (changed,) = consent.decide(CHANGE, consent.fold(before))
        assert isinstance(changed, ConsentChanged)
        assert changed.measurement is Measurement.NO


class TestRunsOut:
    def test_its_last_day_still_holds(self) -> None:
        given(*history(YES)).when(replace(EXPIRE, today=LAST_DAY)).then_nothing()
        given(*history(YES)).when(EXPIRE).then(ConsentExpired(on=LAST_DAY))

    def test_a_clock_that_was_set_before_she_changed_it_changes_nothing(self) -> None:
        given(*history(YES, CHANGE)).when(EXPIRE).then_nothing()

    def test_r7_a_yes_to_figures_runs_out_with_it_and_a_no_stands(self) -> None:
        yes, no = (history(replace(YES, measurement=said)) for said in (Measurement.YES, Measurement.NO))
        given(*yes).when(EXPIRE).then(ConsentExpired(on=LAST_DAY, measurement=Measurement.NOT_ASKED))
        given(*no).when(EXPIRE).then(ConsentExpired(on=LAST_DAY))


class TestForm:
    def test_a_kind_of_information_is_shared_or_not(self) -> None:
        both = (InformationKind.HOUSING,)
        given().when(record_consent(shared=both, withheld=both)).then_refused(Unfit, "consent-both-ways")

    @pytest.mark.parametrize(
        ("withheld", "covered"), [((InformationKind.HOUSING,), False), ((InformationKind.BEHAVIORAL_HEALTH,), True)]
    )
    def test_a_no_on_the_form_is_covered_by_no_yes_beside_it(
        self, withheld: tuple[InformationKind, ...], covered: bool
    ) -> None:
        state = consent.fold(history(record_consent(withheld=withheld)))
        assert state is not None
        assert covers(state, PANTRY, Category.HOMELESSNESS, FIELDS, on=TODAY) is covered

    def test_r2_she_may_name_several_receivers(self) -> None:
        state = consent.fold(history(record_consent(recipient=None, recipients=(HUB, PANTRY, HUB))))
        assert state is not None
        assert [covers(state, each, None, FIELDS, on=TODAY) for each in (HUB, PANTRY, CLINIC)] == [True, True, False]


class TestThatItRanOutIsRead:
    def test_once(self) -> None:
        state = given(*history(YES, EXPIRE)).when(READ).then(ConsentAcknowledged())
        assert (state.status, state.acknowledged, state.ended_on) == (ConsentStatus.EXPIRED, True, LAST_DAY)
        given(*history(YES, EXPIRE, READ)).when(READ).then_nothing()

    @pytest.mark.parametrize("status", sorted(set(ConsentStatus) - {ConsentStatus.EXPIRED}))
    def test_what_has_not_run_out_waits_for_nobody(self, status: ConsentStatus) -> None:
        given(*history(*WAY_TO[status])).when(READ).then_refused(WrongState, "nothing-waits")

    def test_r4_by_nobody_else(self) -> None:
        given(*history(YES, EXPIRE)).when(replace(READ, agency=HUB)).then_refused(NotASide)

    @pytest.mark.parametrize(
        ("said", "same"),
        [
            ({"recipient": PANTRY}, True),
            ({"recipient": None, "recipients": (HUB, PANTRY)}, True),
            ({"recipient": HUB}, False),
            ({"recipient": HUB, "category": Category.DOULA}, True),
            ({"recipient": None, "category": Category.DOULA}, True),
            ({"recipient": None, "category": Category.FOOD_INSECURITY}, False),
        ],
    )
    def test_she_was_asked_anew_of_the_same_receiver_or_need(self, said: dict[str, object], same: bool) -> None:
        before = consent.fold(history(record_consent(category=Category.DOULA)))
        now = consent.fold(history(record_consent(**said)))
        assert before is not None
        assert now is not None
        assert is_about_the_same(before.recorded, now.recorded) is same
