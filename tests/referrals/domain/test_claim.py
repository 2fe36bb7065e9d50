"""A claim: who does what waits for an agency, for one step and until it expires (R15)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.referrals.domain import claim
from services.referrals.domain.claim import (
    Claim,
    ClaimCommand,
    ClaimFact,
    ClaimMade,
    ClaimReleased,
    ClaimTakenOver,
    ClaimWork,
    ReleaseWork,
    TakeOverWork,
    claim_id,
    holder,
)
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.referral import ReferralReceived
from services.referrals.domain.refusal import Conflict
from tests.invented import CLINIC, HANDOFF, HUB, NOON, REFERRAL, later
from tests.scenario import Rules

given = Rules(claim.decide, claim.fold).given

UNTIL = later(days=1)
GRETA, MINA = "greta-example", "mina-sample"
CLAIM = ClaimWork(agency=CLINIC, at=NOON, person=GRETA, work=REFERRAL, waits_for="answer", until=UNTIL)
TAKE_OVER = TakeOverWork(agency=CLINIC, at=NOON, person=MINA, work=REFERRAL, waits_for="answer", until=UNTIL)
RELEASE = ReleaseWork(agency=CLINIC, at=NOON, person=GRETA, work=REFERRAL, waits_for="answer")
MADE = ClaimMade(work=REFERRAL, waits_for="answer", person=GRETA, until=UNTIL)
TAKEN = ClaimTakenOver(work=REFERRAL, waits_for="answer", person=MINA, until=UNTIL)
RELEASED = ClaimReleased(work=REFERRAL, waits_for="answer")

FREE: tuple[ClaimFact, ...] = ()
MINE, BACK = (MADE,), (MADE, RELEASED)
EXPIRED = (MADE.model_copy(update={"until": NOON}),)
OTHER_STEP = (MADE.model_copy(update={"waits_for": "contact"}),)
BY_MINA = ClaimMade(work=REFERRAL, waits_for="answer", person=MINA, until=UNTIL)

# What is there, what is asked, what follows: facts, or None for a refusal.
TABLE: list[tuple[tuple[ClaimFact, ...], ClaimCommand, tuple[ClaimFact, ...] | None]] = [
    (FREE, CLAIM, (MADE,)),
    (FREE, TAKE_OVER, (BY_MINA,)),
    (FREE, RELEASE, ()),
    (MINE, CLAIM, ()),
    (MINE, replace(CLAIM, person=MINA), None),
    (MINE, TAKE_OVER, (TAKEN,)),
    (MINE, replace(TAKE_OVER, person=GRETA), ()),
    (MINE, RELEASE, (RELEASED,)),
    (MINE, replace(RELEASE, person=MINA), None),
    ((MADE, TAKEN), CLAIM, None),
    ((MADE, TAKEN), RELEASE, None),
    (BACK, replace(CLAIM, person=MINA), (BY_MINA,)),
    (BACK, RELEASE, ()),
    (EXPIRED, replace(CLAIM, person=MINA), (BY_MINA,)),
    (EXPIRED, replace(RELEASE, person=MINA), ()),
    (OTHER_STEP, replace(CLAIM, person=MINA), (BY_MINA,)),
]


def happened(*facts: ClaimFact) -> tuple[Happened, ...]:
    return tuple(Happened(fact, NOON, CLINIC) for fact in facts)


@pytest.mark.parametrize(("before", "command", "follows"), TABLE)
def test_r12_r15_what_follows_from_each(
    before: tuple[ClaimFact, ...], command: ClaimCommand, follows: tuple[ClaimFact, ...] | None
) -> None:
    when = given(*happened(*before)).when(command)
    if follows is None:
        assert when.then_refused(Conflict, "work-already-claimed").stands == "claimed"  # type: ignore[attr-defined]
    else:
        when.then(*follows) if follows else when.then_nothing()


def test_r15_it_is_over_at_its_end_and_when_something_else_is_waited_for() -> None:
    state = claim.fold(happened(MADE))
    assert holder(state, "answer", UNTIL - timedelta(seconds=1)) == GRETA
    assert holder(state, "answer", UNTIL) is None
    assert holder(state, "contact", NOON) is None
    assert holder(None, "answer", NOON) is None


def test_what_was_given_back_says_who_had_it_no_more() -> None:
    assert claim.fold(happened(*BACK)) == Claim(REFERRAL, "answer", NOON)


def test_each_agency_has_claims_of_its_own() -> None:
    assert len({claim_id(REFERRAL, CLINIC), claim_id(REFERRAL, HUB), claim_id(HANDOFF, CLINIC)}) == 3
    assert claim_id(REFERRAL, CLINIC) == claim_id(REFERRAL, CLINIC)


def test_a_stream_of_something_else_is_no_claim() -> None:
    with pytest.raises(ForeignFact):
        claim.fold([Happened(ReferralReceived(), NOON, CLINIC)])
