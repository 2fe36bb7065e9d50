"""A claim: somebody of an agency says "I do it" of one thing that waits for it. Stored only, and it expires (R15)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias, assert_never
from uuid import UUID

from pydantic import StringConstraints

from services.referrals.domain.fact import Fact, ForeignFact, Happened, Person
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict
from services.referrals.domain.uuids import derived

WaitsFor = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
"""What a thing on the work list waits for: a kind of the work index."""

CLAIMED = "claimed"

# Commands


@frozen(kw_only=True)
class ClaimWork:
    """`person` does what the referral or handoff `work` waits for, until the claim expires (UTC)."""

    agency: str
    at: datetime
    person: str
    work: UUID
    waits_for: str
    until: datetime


@frozen(kw_only=True)
class TakeOverWork:
    """As a claim; whoever claimed it before does it no more."""

    agency: str
    at: datetime
    person: str
    work: UUID
    waits_for: str
    until: datetime


@frozen(kw_only=True)
class ReleaseWork:
    """`person` gives back what was claimed."""

    agency: str
    at: datetime
    person: str
    work: UUID
    waits_for: str


ClaimCommand: TypeAlias = ClaimWork | TakeOverWork | ReleaseWork

# Events


class ClaimMade(Fact):
    """`person` does what `work` waits for, until then (UTC)."""

    TYPE: ClassVar[str] = "claim.made.v1"
    work: UUID
    waits_for: WaitsFor
    person: Person
    until: datetime


class ClaimTakenOver(Fact):
    """`person` does it in place of whoever had claimed it."""

    TYPE: ClassVar[str] = "claim.taken_over.v1"
    work: UUID
    waits_for: WaitsFor
    person: Person
    until: datetime


class ClaimReleased(Fact):
    """Nobody does it any more."""

    TYPE: ClassVar[str] = "claim.released.v1"
    work: UUID
    waits_for: WaitsFor


ClaimFact: TypeAlias = ClaimMade | ClaimTakenOver | ClaimReleased

# State


@frozen
class Claim:
    """Who does `work`, since when and until when (UTC); `person` is None once it was given back."""

    work: UUID
    waits_for: str
    since: datetime
    person: str | None = None
    until: datetime | None = None


def claim_id(work: UUID, agency: str) -> UUID:
    """The stream of an agency's claims of one referral or handoff: two who claim at once meet on it."""
    return derived(work, f"claim|{agency}")


def holder(state: Claim | None, waits_for: str, at: datetime) -> str | None:
    """Who does it at this time. A claim is for one step, and over when that was taken or the claim expired."""
    if state is None or state.until is None or state.until <= at or state.waits_for != waits_for:
        return None
    return state.person


def decide(command: ClaimCommand, state: Claim | None) -> tuple[ClaimFact, ...]:
    """Raises Conflict: somebody else does it."""
    person = holder(state, command.waits_for, command.at)
    match command:
        case ClaimWork(work=work, waits_for=waits, person=who, until=until):
            _nobody_else(person, who)
            return () if person else (ClaimMade(work=work, waits_for=waits, person=who, until=until),)
        case TakeOverWork(work=work, waits_for=waits, person=who, until=until):
            if person == who:
                return ()
            kind = ClaimMade if person is None else ClaimTakenOver
            return (kind(work=work, waits_for=waits, person=who, until=until),)
        case ReleaseWork(work=work, waits_for=waits, person=who):
            _nobody_else(person, who)
            return (ClaimReleased(work=work, waits_for=waits),) if person else ()
        case _:
            assert_never(command)


def _nobody_else(holds: str | None, person: str) -> None:
    if holds not in {None, person}:
        raise Conflict(CLAIMED, "work-already-claimed")


def evolve(state: Claim | None, fact: ClaimFact, at: datetime, agency: str) -> Claim:
    """The claim after one more fact, which happened `at` (UTC)."""
    match fact:
        case ClaimMade(work=work, waits_for=waits, person=person, until=until):
            return Claim(work, waits, at, person, until)
        case ClaimTakenOver(work=work, waits_for=waits, person=person, until=until):
            return Claim(work, waits, at, person, until)
        case ClaimReleased(work=work, waits_for=waits):
            return Claim(work, waits, at)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Claim | None:
    """The claim that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Claim | None = None
    for happened in history:
        if not isinstance(happened.fact, ClaimFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
