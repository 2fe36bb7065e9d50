"""The rules of a support contact (F4, R6, R17)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

import pytest

from services.referrals.domain import contact
from services.referrals.domain.contact import (
    LATE,
    AmendContact,
    AnyContact,
    CancelContact,
    Cohort,
    Contact,
    ContactAmended,
    ContactCancelled,
    ContactCommand,
    ContactPlanned,
    ContactRecorded,
    ContactStatus,
    ContactTakenBack,
    ContactVerb,
    PlanContact,
    RecordContact,
    Said,
    Units,
    VoidContact,
    is_service_evidence,
    was_met,
)
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.referral import ReferralReceived
from services.referrals.domain.refusal import Conflict, NotASide, Refusal, Unfit, WrongState
from services.referrals.domain.vocabulary import (
    Category,
    ContactMode,
    ContactOutcome,
    RestrictedClass,
    UnitKind,
    Unmapped,
    service_tag,
)
from tests.invented import CLINIC, NOON, NOTE, PANTRY, REFERRAL, contacted, later
from tests.scenario import Rules

given = Rules[AnyContact](contact.decide, lambda history: contact.fold(tuple(history))).given

RECORDED = ContactRecorded(
    mode=ContactMode.HOME_VISIT, outcome=ContactOutcome.COMPLETED, met=True, tags=(Category.FOOD_INSECURITY,)
)
PHYSICAL_OR_TWO_WAY = {
    ContactMode.HOME_VISIT,
    ContactMode.OFFICE_VISIT,
    ContactMode.COMMUNITY_VISIT,
    ContactMode.GROUP_SESSION,
    ContactMode.PHONE,
    ContactMode.VIDEO,
    ContactMode.TEXT_TWO_WAY,
    ContactMode.ACCOMPANIMENT,
    ContactMode.LABOR_SUPPORT,
    ContactMode.TRANSPORT_RIDE,
}


class TestBeforeItExists:
    def test_it_is_recorded_as_it_was(self) -> None:
        units = (Units(kind=UnitKind.BOX, count=2),)
        recorded = RECORDED.model_copy(update={"units": units, "referral": REFERRAL})
        state = given().when(contacted(units=units, referral=REFERRAL)).then(recorded)
        assert (state.status, state.agency) == (ContactStatus.COMPLETED, PANTRY)

    @pytest.mark.parametrize(("after", "late"), [(LATE, None), (LATE + timedelta(seconds=1), True)])
    def test_f4_what_is_written_down_more_than_a_week_afterwards_is_late(
        self, after: timedelta, late: bool | None
    ) -> None:
        (recorded,) = contact.decide(contacted(now=contacted().at + after), None)
        assert recorded == RECORDED.model_copy(update={"late": late})

    def test_nothing_is_recorded_before_it_happened(self) -> None:
        early = contacted(now=contacted().at - timedelta(seconds=1))
        given().when(early).then_refused(Unfit, "date-in-future")

    def test_a_tag_counts_once(self) -> None:
        given().when(contacted(tags=(Category.FOOD_INSECURITY, Category.FOOD_INSECURITY))).then(RECORDED)

    @pytest.mark.parametrize(
        ("changed", "restricted"),
        [
            ({"tags": (Category.WIC, Category.CONTRACEPTION)}, RestrictedClass.REPRODUCTIVE),
            ({"tags": (Category.INTIMATE_PARTNER_VIOLENCE,)}, RestrictedClass.IPV),
            ({"tags": (), "named_class": RestrictedClass.PART_2}, RestrictedClass.PART_2),
        ],
        ids=["a-tag", "the-only-tag", "what-it-names"],
    )
    def test_r6_its_class_is_that_of_a_tag_or_of_what_it_names(
        self, changed: dict[str, object], restricted: RestrictedClass
    ) -> None:
        recorded = RECORDED.model_copy(update={"tags": changed["tags"], "restricted": restricted})
        given().when(contacted(**changed)).then(recorded)


class TestWhenRecorded:
    history = (Happened(RECORDED, contacted().at, PANTRY),)

    def test_r12_the_same_again_is_nothing_new(self) -> None:
        given(*self.history).when(contacted()).then_nothing()

    def test_r12_the_same_again_much_later_is_nothing_new_either(self) -> None:
        given(*self.history).when(contacted(now=contacted().at + 2 * LATE)).then_nothing()

    @pytest.mark.parametrize("changed", [{"outcome": ContactOutcome.MISSED}, {"at": NOON}])
    def test_another_one_under_the_same_id_is_refused(self, changed: dict[str, object]) -> None:
        given(*self.history).when(contacted(**changed)).then_refused(Conflict, "contact-already-recorded")


class TestR17:
    @pytest.mark.parametrize("mode", ContactMode)
    def test_r17_a_contact_is_completed_and_physical_or_two_way(self, mode: ContactMode) -> None:
        assert was_met(mode, ContactOutcome.COMPLETED, None) == (mode in PHYSICAL_OR_TWO_WAY)

    @pytest.mark.parametrize("mode", ContactMode)
    @pytest.mark.parametrize("outcome", [each for each in ContactOutcome if each is not ContactOutcome.COMPLETED])
    @pytest.mark.parametrize("said", [None, True, False])
    def test_r17_what_is_not_completed_is_never_a_contact(
        self, mode: ContactMode, outcome: ContactOutcome, said: bool | None
    ) -> None:
        assert not was_met(mode, outcome, said)

    @pytest.mark.parametrize(
        ("mode", "said", "met"),
        [
            (ContactMode.GOODS_DELIVERY, True, True),
            (ContactMode.GOODS_DELIVERY, False, False),
            (ContactMode.GOODS_DELIVERY, None, False),
            (ContactMode.FUNDS_TRANSFER, True, False),
            (ContactMode.MAIL, True, False),
            (ContactMode.TEXT_ONE_WAY, True, False),
            (ContactMode.GROUP_SESSION, False, False),
        ],
    )
    def test_r17_goods_count_when_staff_say_so_and_a_group_that_she_missed_does_not(
        self, mode: ContactMode, said: bool | None, met: bool
    ) -> None:
        assert was_met(mode, ContactOutcome.COMPLETED, said) is met

    @pytest.mark.parametrize("mode", ContactMode)
    @pytest.mark.parametrize("outcome", ContactOutcome)
    def test_r17_service_evidence_is_a_contact_or_completed_goods_or_funds(
        self, mode: ContactMode, outcome: ContactOutcome
    ) -> None:
        (recorded,) = contact.decide(replace(contacted(), mode=mode, outcome=outcome), None)
        assert isinstance(recorded, ContactRecorded)
        unmet = mode in {ContactMode.GOODS_DELIVERY, ContactMode.FUNDS_TRANSFER}
        completed = outcome is ContactOutcome.COMPLETED
        assert is_service_evidence(recorded) == (recorded.met or (completed and unmet))


COUNTS: dict[ContactMode, tuple[bool, bool, bool]] = {
    #                              nobody said, she was met, she was not
    ContactMode.HOME_VISIT:        (True,  True,  False),
    ContactMode.OFFICE_VISIT:      (True,  True,  False),
    ContactMode.COMMUNITY_VISIT:   (True,  True,  False),
    ContactMode.GROUP_SESSION:     (True,  True,  False),
    ContactMode.PHONE:             (True,  True,  False),
    ContactMode.VIDEO:             (True,  True,  False),
    ContactMode.TEXT_TWO_WAY:      (True,  True,  False),
    ContactMode.TEXT_ONE_WAY:      (False, False, False),
    ContactMode.MAIL:              (False, False, False),
    ContactMode.ACCOMPANIMENT:     (True,  True,  False),
    ContactMode.LABOR_SUPPORT:     (True,  True,  False),
    ContactMode.GOODS_DELIVERY:    (False, True,  False),
    ContactMode.TRANSPORT_RIDE:    (True,  True,  False),
    ContactMode.FUNDS_TRANSFER:    (False, False, False),
}  # fmt: skip
"""R17 in full, for what was completed; nothing else is ever a contact."""


class TestR17Table:
    @pytest.mark.parametrize("mode", ContactMode)
    @pytest.mark.parametrize("outcome", ContactOutcome)
    @pytest.mark.parametrize(("place", "said"), list(enumerate((None, True, False))))
    def test_r17_every_mode_outcome_and_whether_she_was_met(
        self, mode: ContactMode, outcome: ContactOutcome, place: int, said: bool | None
    ) -> None:
        expected = outcome is ContactOutcome.COMPLETED and COUNTS[mode][place]
        assert was_met(mode, outcome, said) is expected

    def test_b2_there_are_14_modes_and_9_outcomes(self) -> None:
        assert (len(COUNTS), len(ContactMode), len(ContactOutcome)) == (14, 14, 9)


class TestFold:
    @pytest.mark.parametrize(
        ("outcome", "status"),
        [
            (ContactOutcome.COMPLETED, ContactStatus.COMPLETED),
            (ContactOutcome.ATTEMPTED_NO_ANSWER, ContactStatus.ATTEMPTED),
            (ContactOutcome.ATTEMPTED_LEFT_MESSAGE, ContactStatus.ATTEMPTED),
            (ContactOutcome.ATTEMPTED_WRONG_NUMBER, ContactStatus.ATTEMPTED),
            (ContactOutcome.NOT_HOME, ContactStatus.ATTEMPTED),
            (ContactOutcome.MISSED, ContactStatus.MISSED),
            (ContactOutcome.CLIENT_DECLINED, ContactStatus.CANCELLED),
            (ContactOutcome.CANCELLED_BY_CLIENT, ContactStatus.CANCELLED),
            (ContactOutcome.CANCELLED_BY_AGENCY, ContactStatus.CANCELLED),
        ],
    )
    def test_every_outcome_has_its_state(self, outcome: ContactOutcome, status: ContactStatus) -> None:
        (recorded,) = contact.decide(replace(contacted(), outcome=outcome), None)
        assert contact.evolve(None, recorded, NOON, PANTRY).status is status

    def test_a_fact_of_another_entity_is_not_passed_over(self) -> None:
        with pytest.raises(ForeignFact):
            contact.fold((Happened(ReferralReceived(), NOON, PANTRY),))

    def test_r26_an_activity_that_is_a_tag_becomes_it_and_other_text_does_not(self) -> None:
        assert service_tag("doula") is Category.DOULA
        assert service_tag("register request") is Unmapped.UNMAPPED


PLANNED = ContactPlanned(
    planned_for=later(days=3), planned_on=date(2026, 11, 5), mode=ContactMode.PHONE, tags=(Category.DOULA,)
)
PLAN = PlanContact(
    agency=PANTRY,
    at=NOON,
    planned_for=PLANNED.planned_for,
    planned_on=PLANNED.planned_on,
    mode=PLANNED.mode,
    tags=PLANNED.tags,
)
RECORD = contacted()
AMEND = AmendContact(
    agency=PANTRY,
    at=later(days=2),
    now=later(days=4),
    mode=ContactMode.HOME_VISIT,
    outcome=ContactOutcome.NOT_HOME,
    tags=(Category.FOOD_INSECURITY,),
)
CALL_OFF = CancelContact(agency=PANTRY, at=later(days=1), outcome=ContactOutcome.CANCELLED_BY_CLIENT)
AMENDED = ContactAmended(
    mode=ContactMode.HOME_VISIT, outcome=ContactOutcome.NOT_HOME, met=False, tags=(Category.FOOD_INSECURITY,)
)

WAY_TO: dict[str, tuple[ContactCommand, ...]] = {
    "none": (),
    "planned": (PLAN,),
    "called off": (PLAN, CALL_OFF),
    "recorded": (RECORD,),
    "planned and recorded": (PLAN, RECORD),
    "amended": (RECORD, AMEND),
}


def after(*commands: ContactCommand) -> AnyContact | None:
    """The contact that these commands lead to."""
    state: AnyContact | None = None
    for command in commands:
        for fact in contact.decide(command, state):
            state = contact.evolve(state, fact, command.at, command.agency)
    return state


def outcome(command: ContactCommand, state: AnyContact | None) -> str | type[Refusal]:
    """What comes of a command: moved, the same again, or the kind of refusal."""
    try:
        return "moved" if contact.decide(command, state) else "the same again"
    except Refusal as refusal:
        return type(refusal)


STEPS: dict[str, ContactCommand] = {"plan": PLAN, "record": RECORD, "amend": AMEND, "call off": CALL_OFF}
ELSE: dict[str, tuple[str | type[Refusal], ...]] = {
    #                        plan        record             amend              call off
    "none":                 ("moved",    "moved",           WrongState,        WrongState),
    "planned":              ("the same again", "moved",     WrongState,        "moved"),
    "called off":           (Conflict,   WrongState,        WrongState,        "the same again"),
    "recorded":             (Conflict,   "the same again",  "moved",           WrongState),
    "planned and recorded": (Conflict,   "the same again",  "moved",           WrongState),
    "amended":              (Conflict,   Conflict,          "the same again",  WrongState),
}  # fmt: skip


class TestF4:
    """Every step in every state, by the agency whose contact it is and by another."""

    @pytest.mark.parametrize("state", WAY_TO)
    @pytest.mark.parametrize("step", STEPS)
    def test_f4_a_step_moves_it_just_where_the_table_says(self, state: str, step: str) -> None:
        assert outcome(STEPS[step], after(*WAY_TO[state])) == ELSE[state][list(STEPS).index(step)]

    @pytest.mark.parametrize("state", [each for each in WAY_TO if each != "none"])
    @pytest.mark.parametrize("step", STEPS)
    def test_r8_another_agency_does_nothing_with_it(self, state: str, step: str) -> None:
        assert outcome(replace(STEPS[step], agency=CLINIC), after(*WAY_TO[state])) is NotASide

    def test_f4_what_was_planned_is_recorded_and_keeps_its_plan(self) -> None:
        state = after(PLAN, RECORD)
        assert isinstance(state, Contact)
        assert (state.status, state.at, state.plan) == (ContactStatus.COMPLETED, RECORD.at, PLANNED)

    def test_f4_nothing_is_planned_for_what_is_over(self) -> None:
        given().when(replace(PLAN, planned_for=NOON)).then_refused(Unfit, "plan-in-past")

    def test_f4_it_is_called_off_by_her_or_by_the_agency(self) -> None:
        planned = Happened(PLANNED, NOON, PANTRY)
        state = given(planned).when(CALL_OFF).then(ContactCancelled(outcome=ContactOutcome.CANCELLED_BY_CLIENT))
        assert state.status is ContactStatus.CANCELLED
        given(planned).when(replace(CALL_OFF, outcome=ContactOutcome.MISSED)).then_refused(Unfit, "reason-not-possible")
        theirs = replace(CALL_OFF, outcome=ContactOutcome.CANCELLED_BY_AGENCY)
        off = Happened(ContactCancelled(outcome=CALL_OFF.outcome), NOON, PANTRY)
        given(planned, off).when(theirs).then_refused(Conflict, "contact-already-cancelled")

    def test_f4_an_amended_one_reads_as_it_should_have_and_is_no_contact_any_more(self) -> None:
        state = given(Happened(RECORDED, RECORD.at, PANTRY)).when(AMEND).then(AMENDED)
        assert isinstance(state, Contact)
        assert (state.status, state.at, state.recorded.met) == (ContactStatus.ATTEMPTED, AMEND.at, False)
        assert state.recorded == Said.model_validate(AMENDED.model_dump())

    def test_f4_nothing_is_amended_to_a_time_that_has_not_come(self) -> None:
        early = replace(AMEND, at=AMEND.now + timedelta(seconds=1))
        given(Happened(RECORDED, RECORD.at, PANTRY)).when(early).then_refused(Unfit, "date-in-future")


class TestR6:
    """The class of a contact is fixed by its first fact."""

    IPV: ClassVar[tuple[Category, ...]] = (Category.INTIMATE_PARTNER_VIOLENCE,)

    def test_r6_a_plan_takes_the_class_of_its_tag_or_of_what_it_names(self) -> None:
        hidden = PLANNED.model_copy(update={"tags": self.IPV, "restricted": RestrictedClass.IPV})
        given().when(replace(PLAN, tags=self.IPV)).then(hidden)
        named = PLANNED.model_copy(update={"restricted": RestrictedClass.PART_2})
        given().when(replace(PLAN, named_class=RestrictedClass.PART_2)).then(named)

    @pytest.mark.parametrize(("history", "command"), [((PLAN,), RECORD), ((RECORD,), AMEND)])
    def test_r6_what_began_on_the_ordinary_log_gets_no_class(
        self, history: tuple[ContactCommand, ...], command: RecordContact
    ) -> None:
        state = after(*history)
        for changed in ({"tags": self.IPV}, {"named_class": RestrictedClass.IPV}):
            with pytest.raises(Unfit, match="class-is-fixed"):
                contact.decide(replace(command, **changed), state)

    def test_r6_what_began_apart_stays_apart_whatever_is_said_later(self) -> None:
        hidden = replace(PLAN, tags=self.IPV)
        for way in ((hidden, RECORD), (hidden, RECORD, AMEND), (hidden, CALL_OFF)):
            facts = contact.decide(way[-1], after(*way[:-1]))
            assert [fact.restricted for fact in facts] == [RestrictedClass.IPV]


class TestCohort:
    """A group by its due dates: Glow! and EMBRACE (domain E1)."""

    MARCH: ClassVar[Cohort] = Cohort(date(2027, 3, 1), date(2027, 3, 31))

    @pytest.mark.parametrize(
        ("due", "held"),
        [(date(2027, 2, 28), False), (date(2027, 3, 1), True), (date(2027, 3, 31), True), (date(2027, 4, 1), False)],
    )
    def test_the_window_holds_both_its_days(self, due: date, held: bool) -> None:
        assert self.MARCH.holds(due) is held
        assert self.MARCH.holds(None)

    def test_its_id_is_that_of_agency_and_window(self) -> None:
        ids = {
            self.MARCH.id("fresno-ptbi", CLINIC),
            Cohort(date(2027, 3, 1), date(2027, 3, 31)).id("fresno-ptbi", CLINIC),
            self.MARCH.id("fresno-ptbi", PANTRY),
            self.MARCH.id("expecting-justice-sf", CLINIC),
            Cohort(date(2027, 3, 2), date(2027, 3, 31)).id("fresno-ptbi", CLINIC),
        }
        assert len(ids) == 4

    def test_a_window_has_an_end_within_three_months(self) -> None:
        Cohort(date(2027, 3, 1), date(2027, 3, 1)).require()
        Cohort(date(2027, 3, 1), date(2027, 6, 1)).require()
        with pytest.raises(Unfit, match="cohort-ends-before-it-begins"):
            Cohort(date(2027, 3, 2), date(2027, 3, 1)).require()
        with pytest.raises(Unfit, match="cohort-too-wide"):
            Cohort(date(2027, 3, 1), date(2027, 6, 2)).require()


EVENT = UUID("0194a000-0000-7000-8000-0000000000ee")
VOID = VoidContact(agency=PANTRY, at=later(days=5), event=EVENT, note=NOTE)
COMMANDS: dict[ContactVerb, ContactCommand] = {
    ContactVerb.RECORD: RECORD,
    ContactVerb.AMEND: AMEND,
    ContactVerb.CANCEL: CALL_OFF,
    ContactVerb.ENTERED_IN_ERROR: VOID,
}


def told(*commands: ContactCommand) -> tuple[Happened, ...]:
    """The history that these commands make."""
    found: tuple[Happened, ...] = ()
    for command in commands:
        facts = contact.decide(command, contact.fold(found))
        found += tuple(Happened(fact, command.at, command.agency) for fact in facts)
    return found


HISTORIES: dict[str, tuple[Happened, ...]] = {
    "planned": told(PLAN),
    "completed": told(RECORD),
    "attempted": told(RECORD, AMEND),
    "missed": told(replace(RECORD, outcome=ContactOutcome.MISSED)),
    "cancelled": told(replace(RECORD, outcome=ContactOutcome.CLIENT_DECLINED)),
    "taken_back": (
        Happened(RECORDED, RECORD.at, PANTRY, id=EVENT),
        Happened(ContactTakenBack(event=EVENT), RECORD.at, PANTRY),
    ),
    "entered_in_error": told(RECORD, VOID),
}
"""A way to each state of the table."""


def test_f4_a_plan_that_was_called_off_can_only_be_entered_in_error() -> None:
    off = contact.fold(told(PLAN, CALL_OFF))
    assert {step: outcome(command, off) for step, command in COMMANDS.items()} == {
        ContactVerb.RECORD: WrongState,
        ContactVerb.AMEND: WrongState,
        ContactVerb.CANCEL: "the same again",
        ContactVerb.ENTERED_IN_ERROR: "moved",
    }
