"""A consent as it stands: what she said last, whether it holds, and whom it covers."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from services.referrals.domain.consent.events import (
    ConsentAcknowledged,
    ConsentChanged,
    ConsentEnteredInError,
    ConsentExpired,
    ConsentFact,
    ConsentRecorded,
    ConsentRevoked,
    Statement,
)
from services.referrals.domain.consent.kinds import kinds_of
from services.referrals.domain.consent.machine import ConsentStatus
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotAgreed
from services.referrals.domain.vocabulary import Category, GivenField


@frozen
class Consent:
    """What she said last, when it was first recorded (UTC) and by which agency; `said_at` (UTC): when it was last said.

    `ended_on` is the local date on which she took it back or it was found to be an error, or the last on which it held;
    None while it stands.
    """

    recorded: Statement
    at: datetime
    agency: str
    status: ConsentStatus = ConsentStatus.AGREED
    ended_on: date | None = None
    acknowledged: bool = False
    """Whether the agency knows that it ran out."""
    said_at: datetime | None = None

    @property
    def withdrawn(self) -> bool:
        """Whether nothing more may be given on it: she took it back, or it was never hers (R1, R14)."""
        return self.status in {ConsentStatus.REVOKED, ConsentStatus.ENTERED_IN_ERROR}


@frozen
class Agreement:
    """A consent that a command relies on: its id, its state, and what the same agency recorded that she refused."""

    id: UUID
    consent: Consent
    refusals: tuple[Consent, ...] = ()


def covers(state: Consent, receiver: str, category: Category | None, fields: Iterable[GivenField], *, on: date) -> bool:
    """Whether her yes lets this receiver have these fields on this local date (R1, R2).

    A consent names its receivers, or the category of the need; one that names both wants both. A handoff has no
    category (None), so only a consent that names its receiver covers it. A kind of information to which she said no on
    a form is covered by no yes beside it.
    """
    said = state.recorded
    receivers = receivers_of(said)
    named = receiver in receivers if receivers else category is not None
    fitting = said.category is None or category is None or said.category == category
    withheld = category is not None and not (kinds_of([category]) or set()).isdisjoint(said.withheld)
    return holds(state, on=on) and named and fitting and not withheld and set(fields) <= set(said.fields)


def holds(state: Consent, *, on: date) -> bool:
    """Whether it is a yes that holds on this local date: not refused, not taken back, not run out."""
    said = state.recorded
    in_force = said.on <= on and (said.expires is None or on <= said.expires)
    return said.agreed and state.status is ConsentStatus.AGREED and in_force


def overrules(no: Consent, yes: Consent, receiver: str, category: Category | None) -> bool:
    """Whether she refused what this yes would let go to this receiver for this need (R1, R3).

    What she said last stands. A yes that names no receiver undoes no refusal of an agency by name, whenever it was
    said. A no that names both an agency and a need is about that need there; one that names neither is about all.
    """
    said = no.recorded
    if no.status is not ConsentStatus.REFUSED or said.purpose is not yes.recorded.purpose:
        return False
    refused = receivers_of(said)
    if refused and receiver not in refused:
        return False
    if said.category not in {None, category} and not (refused and category is None):
        return False
    by_name = bool(refused) and receiver not in receivers_of(yes.recorded)
    return by_name or _last_said(no) >= _last_said(yes)


def _last_said(state: Consent) -> tuple[date, datetime]:
    return state.recorded.on, state.said_at or state.at


def receivers_of(said: Statement) -> tuple[str, ...]:
    """The agencies that she named."""
    return (*((said.recipient,) if said.recipient else ()), *said.recipients)


def is_about_the_same(one: Statement, other: Statement) -> bool:
    """Whether both name a receiver, or a need, in common: who was asked the one was asked the other anew."""
    receivers = set(receivers_of(one)) & set(receivers_of(other))
    return bool(receivers) or (one.category is not None and one.category == other.category)


def require(
    agreement: Agreement | None, receiver: str, category: Category | None, fields: Iterable[GivenField], *, on: date
) -> Agreement:
    """The agreement, when it covers; raises NotAgreed with the slug that says what is missing (R1)."""
    if agreement is None:
        raise NotAgreed("consent-missing")
    if not covers(agreement.consent, receiver, category, fields, on=on):
        raise NotAgreed("consent-does-not-cover")
    if any(overrules(no, agreement.consent, receiver, category) for no in agreement.refusals):
        raise NotAgreed("consent-overruled")
    return agreement


def evolve(state: Consent | None, fact: ConsentFact, at: datetime, agency: str) -> Consent:
    """The consent after one more fact."""
    if isinstance(fact, ConsentRecorded):
        return state or Consent(recorded=fact, at=at, agency=agency, status=_answer(fact), said_at=at)
    if state is None:
        raise ForeignFact(fact)
    match fact:
        case ConsentChanged():
            return replace(state, recorded=fact, status=_answer(fact), said_at=at)
        case ConsentRevoked(on=on):
            return replace(state, status=ConsentStatus.REVOKED, ended_on=on)
        case ConsentExpired(on=on):
            return replace(state, status=ConsentStatus.EXPIRED, ended_on=on)
        case ConsentAcknowledged():
            return replace(state, acknowledged=True)
        case ConsentEnteredInError(on=on):
            return replace(state, status=ConsentStatus.ENTERED_IN_ERROR, ended_on=on)
        case _:
            assert_never(fact)


def _answer(said: Statement) -> ConsentStatus:
    return ConsentStatus.AGREED if said.agreed else ConsentStatus.REFUSED


def fold(history: Iterable[Happened]) -> Consent | None:
    """The consent that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Consent | None = None
    for happened in history:
        if not isinstance(happened.fact, ConsentFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
