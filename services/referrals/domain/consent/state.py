"""A consent as it stands: what she said last, whether it holds, and whom it covers."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType
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
from services.referrals.domain.consent.machine import ConsentStatus
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import NotAgreed
from services.referrals.domain.vocabulary import Category, GivenField, InformationKind


@frozen
class Consent:
    """What she said last, when it was first recorded (UTC) and by which agency.

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

    @property
    def withdrawn(self) -> bool:
        """Whether nothing more may be given on it: she took it back, or it was never hers (R1, R14)."""
        return self.status in {ConsentStatus.REVOKED, ConsentStatus.ENTERED_IN_ERROR}


@frozen
class Agreement:
    """A consent that a command relies on: its id and its state."""

    id: UUID
    consent: Consent


_KINDS: Mapping[Category, InformationKind] = MappingProxyType(
    {
        Category.BEHAVIORAL_HEALTH: InformationKind.BEHAVIORAL_HEALTH,
        Category.SUBSTANCE_USE_TREATMENT: InformationKind.SUBSTANCE_USE,
        Category.CONTRACEPTION: InformationKind.REPRODUCTIVE_HEALTH,
        Category.HOUSING_INSTABILITY: InformationKind.HOUSING,
        Category.HOMELESSNESS: InformationKind.HOUSING,
    }
)
"""Needs that say by themselves which kind of information a referral for them is."""


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
    withheld = category is not None and _KINDS.get(category) in said.withheld
    return holds(state, on=on) and named and fitting and not withheld and set(fields) <= set(said.fields)


def holds(state: Consent, *, on: date) -> bool:
    """Whether it is a yes that holds on this local date: not refused, not taken back, not run out."""
    said = state.recorded
    in_force = said.on <= on and (said.expires is None or on <= said.expires)
    return said.agreed and state.status is ConsentStatus.AGREED and in_force


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
    return agreement


def evolve(state: Consent | None, fact: ConsentFact, at: datetime, agency: str) -> Consent:
    """The consent after one more fact."""
    if isinstance(fact, ConsentRecorded):
        return state or Consent(recorded=fact, at=at, agency=agency, status=_answer(fact))
    if state is None:
        raise ForeignFact(fact)
    match fact:
        case ConsentChanged():
            return replace(state, recorded=fact, status=_answer(fact))
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
