"""How a client may be contacted, or that she may not: a plan of one agency's, stored only and never published."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import ClassVar, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Unfit
from services.referrals.domain.uuids import derived, uuid_of
from services.referrals.domain.vocabulary import ContactMode

REACHING = (
    ContactMode.PHONE,
    ContactMode.TEXT_TWO_WAY,
    ContactMode.TEXT_ONE_WAY,
    ContactMode.VIDEO,
    ContactMode.MAIL,
    ContactMode.HOME_VISIT,
    ContactMode.OFFICE_VISIT,
    ContactMode.COMMUNITY_VISIT,
)
"""The modes by which somebody tries to reach her: a plan allows some of them."""

# Commands


@frozen(kw_only=True)
class PlanSafeContact:
    """She says how she may be contacted. `words` and `reason` are vault ids of what was typed (times, a code word)."""

    agency: str
    at: datetime
    modes: Iterable[ContactMode] = ()
    prohibited: bool = False
    words: UUID | None = None
    reason: UUID | None = None


SafeContactCommand: TypeAlias = PlanSafeContact

# Events


class SafeContactPlanned(Fact):
    """From now on she may be contacted by these modes alone, or not at all."""

    TYPE: ClassVar[str] = "safecontact.planned.v1"
    modes: tuple[ContactMode, ...] = ()
    prohibited: bool = False
    words: UUID | None = None
    reason: UUID | None = None


SafeContactFact: TypeAlias = SafeContactPlanned

# State


@frozen
class SafeContact:
    """The plan in force, since when (UTC), and every plan before it, the oldest first."""

    plan: SafeContactPlanned
    at: datetime
    agency: str
    before: tuple[tuple[datetime, SafeContactPlanned], ...] = ()


def safe_contact_id(client: UUID, agency: str) -> UUID:
    """The stream of what one agency plans for one client."""
    return _stream(client.int, agency)


@lru_cache(maxsize=8_192)  # asked again with whatever is sent for her
def _stream(client: int, agency: str) -> UUID:
    return derived(uuid_of(client), f"safe contact|{agency}")


def plan_at(state: SafeContact | None, at: datetime) -> SafeContactPlanned | None:
    """The plan that was in force at a time; None where there was none."""
    if state is None:
        return None
    plans = (*state.before, (state.at, state.plan))
    return next((plan for since, plan in reversed(plans) if since <= at), None)


def allowed_modes(state: SafeContact | None, at: datetime) -> frozenset[ContactMode]:
    """The modes by which she might be reached at a time (R13): all of them without a plan, none where it forbids it."""
    plan = plan_at(state, at)
    return frozenset(REACHING if plan is None else plan.modes)


def is_within(state: SafeContact | None, mode: ContactMode, at: datetime) -> bool:
    """Whether an attempt by this mode was within the plan of its time: one that was not never counts (R13).

    Modes by which nobody tries to reach her, as a ride or a delivery, no plan speaks of, unless it forbids all.
    """
    plan = plan_at(state, at)
    if plan is None:
        return True
    return mode in plan.modes or (mode not in REACHING and not plan.prohibited)


def is_prohibited(state: SafeContact | None, at: datetime) -> bool:
    """Whether she may not be contacted at all: then a referral ends without attempts (R13)."""
    plan = plan_at(state, at)
    return plan is not None and plan.prohibited


def decide(command: SafeContactCommand, state: SafeContact | None) -> tuple[SafeContactFact, ...]:
    """A new plan takes the place of the old; the same again changes nothing (R12). Raises Unfit."""
    match command:
        case PlanSafeContact():
            modes = tuple(mode for mode in REACHING if mode in set(command.modes))
            if command.prohibited and modes:
                raise Unfit("plan-both-ways")
            if not command.prohibited and not modes:
                raise Unfit("plan-allows-nothing")
            if set(command.modes) - set(REACHING):
                raise Unfit("plan-mode-not-possible")
            planned = SafeContactPlanned(
                modes=modes, prohibited=command.prohibited, words=command.words, reason=command.reason
            )
            return () if state is not None and state.plan == planned else (planned,)
        case _:
            assert_never(command)


def evolve(state: SafeContact | None, fact: SafeContactFact, at: datetime, agency: str) -> SafeContact:
    """The plan after one more fact."""
    match fact:
        case SafeContactPlanned():
            before = () if state is None else (*state.before, (state.at, state.plan))
            return SafeContact(plan=fact, at=at, agency=agency, before=before)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> SafeContact | None:
    """The plan that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: SafeContact | None = None
    for happened in history:
        if not isinstance(happened.fact, SafeContactFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
