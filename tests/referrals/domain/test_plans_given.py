"""Whose plan binds whom: what was said last, as far as her phone went and as long as she was theirs (R1, R13)."""

from datetime import datetime

from services.referrals.domain.plans_given import Giving, binding, coming
from services.referrals.domain.safe_contact import SafeContact, SafeContactPlanned
from services.referrals.domain.vocabulary import ContactMode
from tests.invented import CLINIC, HUB, NOON, NOTE, PANTRY, later

TEXTS = SafeContactPlanned(modes=(ContactMode.TEXT_TWO_WAY,), words=NOTE)
CALLS = SafeContactPlanned(modes=(ContactMode.PHONE,))
FORBIDDEN = SafeContactPlanned(prohibited=True, reason=NOTE)
GIVEN = Giving(sender=CLINIC, receiver=PANTRY, reached=True)


def planned(agency: str, plan: SafeContactPlanned, at: datetime = NOON) -> dict[str, SafeContact]:
    return {agency: SafeContact(plan=plan, at=at, agency=agency)}


def test_r13_what_was_said_last_binds() -> None:
    plans = planned(CLINIC, TEXTS) | planned(PANTRY, CALLS, later(days=1))
    assert binding(PANTRY, plans, [GIVEN]) == SafeContact(CALLS, later(days=1), PANTRY, ((NOON, TEXTS),))
    assert binding(CLINIC, plans, [GIVEN]) == SafeContact(TEXTS, NOON, CLINIC)
    assert binding(HUB, plans, [GIVEN]) is None


def test_r1_what_is_said_after_the_end_does_not_follow() -> None:
    ended = Giving(sender=CLINIC, receiver=PANTRY, reached=True, until=later(days=1))
    assert binding(PANTRY, planned(CLINIC, TEXTS, later(days=1)), [ended]) is not None
    assert binding(PANTRY, planned(CLINIC, TEXTS, later(days=2)), [ended]) is None


def test_r1_without_her_phone_a_prohibition_comes_and_nothing_else() -> None:
    bare = Giving(sender=CLINIC, receiver=PANTRY, reached=False)
    assert coming(bare, planned(CLINIC, TEXTS), []) is None
    assert coming(bare, planned(CLINIC, FORBIDDEN), []) == SafeContact(
        SafeContactPlanned(prohibited=True), NOON, CLINIC
    )


def test_r13_it_goes_on_with_her_phone_and_never_in_a_ring() -> None:
    ring = [
        GIVEN,
        Giving(sender=PANTRY, receiver=HUB, reached=True, until=later(days=3)),
        Giving(sender=HUB, receiver=CLINIC, reached=True),
    ]
    assert binding(HUB, planned(CLINIC, TEXTS), ring) == SafeContact(TEXTS, NOON, CLINIC)
    assert binding(HUB, planned(CLINIC, TEXTS, later(days=4)), ring) is None
    assert binding(CLINIC, planned(PANTRY, CALLS), ring) == SafeContact(CALLS, NOON, PANTRY)
