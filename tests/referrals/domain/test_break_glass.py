"""Break-glass and what officers answer for, as pure rules (R1, R12)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.referrals.domain import break_glass, inquiry
from services.referrals.domain.break_glass import BreakGlass, Emergency, Glass, GlassBroken, glass_id
from services.referrals.domain.consent.kinds import BIRTH
from services.referrals.domain.consent.visible import About, behind_glass
from services.referrals.domain.disclosure import DisclosureRecorded
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.inquiry import (
    AnswerInquiry,
    Cause,
    Finding,
    Inquiry,
    InquiryAnswered,
    InquiryOpened,
    OpenInquiry,
    inquiry_id,
)
from services.referrals.domain.refusal import Conflict, NotASide, Unfit
from services.referrals.domain.vocabulary import DisclosureKind, InformationKind, RestrictedClass

NOON = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
CLIENT, REASON, WORDS = (UUID(int=each) for each in (1, 2, 3))
CLINIC, HUB = "example-clinic-north", "sample-county-chw-hub"
PHYSICAL = frozenset({InformationKind.PHYSICAL_HEALTH})
BROKEN = GlassBroken(emergency=Emergency.MEDICAL, reason=REASON)
FOREIGN = Happened(DisclosureRecorded(kind=DisclosureKind.TIMELINE), NOON, CLINIC)


def pressed(after: timedelta) -> BreakGlass:
    return BreakGlass(at=NOON + after, emergency=Emergency.MEDICAL, reason=REASON)


class TestGlass:
    def test_it_is_open_for_three_hours_to_the_second(self) -> None:
        glass = Glass(BROKEN, None, NOON)
        moments = (-1, 0, 3 * 3600 - 1, 3 * 3600)
        assert [glass.is_open(NOON + timedelta(seconds=each)) for each in moments] == [False, True, True, False]

    def test_r12_a_second_press_is_nothing_new_until_it_is_shut(self) -> None:
        state = break_glass.fold([Happened(BROKEN, NOON, CLINIC)])
        assert break_glass.decide(pressed(timedelta(0)), None) == (BROKEN,)
        assert break_glass.decide(pressed(timedelta(hours=2, minutes=59)), state) == ()
        assert break_glass.decide(pressed(timedelta(hours=3)), state) == (BROKEN,)

    def test_r12_who_pressed_a_moment_before_and_came_second_opens_nothing_more(self) -> None:
        state = break_glass.fold([Happened(BROKEN, NOON, CLINIC)])
        assert break_glass.decide(pressed(timedelta(milliseconds=-5)), state) == ()

    def test_r12_other_words_are_no_second_press(self) -> None:
        state = break_glass.fold([Happened(BROKEN, NOON, CLINIC)])
        other = BreakGlass(at=NOON, emergency=Emergency.MEDICAL, reason=WORDS)
        with pytest.raises(Conflict, match="emergency-already-open"):
            break_glass.decide(other, state)

    def test_each_person_has_one_for_each_client_and_kind(self) -> None:
        kind = Emergency.MEDICAL
        first = glass_id(CLIENT, CLINIC, "staff-1", kind)
        others = {
            glass_id(CLIENT, CLINIC, "staff-2", kind),
            glass_id(CLIENT, HUB, "staff-1", kind),
            glass_id(REASON, CLINIC, "staff-1", kind),
            glass_id(CLIENT, CLINIC, "staff-1", Emergency.DANGER),
        }
        assert first not in others

    def test_it_knows_no_other_fact(self) -> None:
        with pytest.raises(ForeignFact):
            break_glass.fold([FOREIGN])


@pytest.mark.parametrize(
    ("about", "medical", "opens"),
    [
        (About(HUB, PHYSICAL), False, True),
        (About(HUB, None), True, False),
        (About(HUB, BIRTH), True, False),
        (About(HUB, PHYSICAL, restricted=RestrictedClass.IPV), True, False),
        (About(HUB, PHYSICAL, restricted=RestrictedClass.PART_2), True, True),
        (About(HUB, PHYSICAL, restricted=RestrictedClass.PART_2), False, False),
        (About(HUB, BIRTH, restricted=RestrictedClass.REPRODUCTIVE), True, True),
    ],
    ids=[
        "ordinary",
        "of no kind",
        "a birth",
        "violence",
        "treatment",
        "treatment, no medical emergency",
        "reproductive",
    ],
)
def test_r1_what_an_emergency_opens(about: About, medical: bool, opens: bool) -> None:
    assert behind_glass(CLINIC, about, (), medical=medical) is opens


OPENED = InquiryOpened(to_agency=CLINIC, cause=Cause.EXCEPTION, about=CLIENT, text=REASON)
ASKED = Inquiry(OPENED.model_copy(update={"cause": Cause.QUESTION}), NOON)


class TestInquiry:
    def test_it_is_opened_once(self) -> None:
        command = OpenInquiry(to_agency=CLINIC, cause=Cause.EXCEPTION, about=CLIENT, text=REASON)
        assert inquiry.decide(command, None) == (OPENED,)
        assert inquiry.decide(command, Inquiry(OPENED, NOON)) == ()

    def test_it_is_answered_once_by_its_own_agency(self) -> None:
        state = inquiry.fold([Happened(OPENED, NOON, HUB)])
        right = AnswerInquiry(agency=CLINIC, text=WORDS, finding=Finding.APPROPRIATE)
        (answered,) = inquiry.decide(right, state)
        assert answered == InquiryAnswered(text=WORDS, finding=Finding.APPROPRIATE)
        done = inquiry.fold([Happened(OPENED, NOON, HUB), Happened(answered, NOON, CLINIC)])
        assert inquiry.decide(right, done) == ()
        with pytest.raises(Conflict):
            inquiry.decide(AnswerInquiry(agency=CLINIC, text=REASON, finding=Finding.APPROPRIATE), done)
        for stranger in (None, state):
            with pytest.raises(NotASide):
                inquiry.decide(AnswerInquiry(agency=HUB, text=WORDS, finding=Finding.APPROPRIATE), stranger)

    def test_a_finding_is_of_what_was_done_without_her_yes(self) -> None:
        with pytest.raises(Unfit):
            inquiry.decide(AnswerInquiry(agency=CLINIC, text=WORDS), Inquiry(OPENED, NOON))
        with pytest.raises(Unfit):
            inquiry.decide(AnswerInquiry(agency=CLINIC, text=WORDS, finding=Finding.APPROPRIATE), ASKED)
        assert inquiry.decide(AnswerInquiry(agency=CLINIC, text=WORDS), ASKED) == (InquiryAnswered(text=WORDS),)

    def test_it_is_due_after_thirty_days(self) -> None:
        assert ASKED.due - NOON == timedelta(days=30)

    def test_each_agency_and_cause_has_its_own(self) -> None:
        first = inquiry_id(CLIENT, Cause.QUESTION, CLINIC)
        assert first not in {inquiry_id(CLIENT, Cause.EXCEPTION, CLINIC), inquiry_id(CLIENT, Cause.QUESTION, HUB)}

    def test_an_answer_to_nothing_and_another_fact_are_foreign(self) -> None:
        for foreign in (FOREIGN, Happened(InquiryAnswered(text=WORDS), NOON, CLINIC)):
            with pytest.raises(ForeignFact):
                inquiry.fold([foreign])
