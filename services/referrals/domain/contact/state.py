"""How a support contact stands: planned, or recorded as it reads now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.contact.events import (
    ContactAmended,
    ContactCancelled,
    ContactEnteredInError,
    ContactFact,
    ContactPlanned,
    ContactRecorded,
    ContactTakenBack,
    Said,
)
from services.referrals.domain.contact.machine import ContactStatus
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.taking_back import counting
from services.referrals.domain.vocabulary import ContactOutcome, RestrictedClass

_STATUS: dict[ContactOutcome, ContactStatus] = {
    ContactOutcome.COMPLETED: ContactStatus.COMPLETED,
    ContactOutcome.MISSED: ContactStatus.MISSED,
    ContactOutcome.CLIENT_DECLINED: ContactStatus.CANCELLED,
    ContactOutcome.CANCELLED_BY_CLIENT: ContactStatus.CANCELLED,
    ContactOutcome.CANCELLED_BY_AGENCY: ContactStatus.CANCELLED,
}


@frozen
class Planned:
    """A contact that was promised by an agency; `called_off` says by whom, once it will not take place."""

    plan: ContactPlanned
    agency: str
    called_off: ContactOutcome | None = None

    @property
    def status(self) -> ContactStatus:
        return ContactStatus.PLANNED if self.called_off is None else ContactStatus.CANCELLED

    @property
    def restricted(self) -> RestrictedClass | None:
        return self.plan.restricted


@frozen
class Contact:
    """A contact as it stands: what it was as it reads now, when it happened (UTC), and which agency recorded it."""

    status: ContactStatus
    recorded: Said
    at: datetime
    agency: str
    late: bool = False
    plan: ContactPlanned | None = None

    @property
    def restricted(self) -> RestrictedClass | None:
        return self.recorded.restricted


@frozen
class Voided:
    """A contact that does not count: taken back whole, or entered in error. `was` is what it said."""

    was: Planned | Contact
    status: ContactStatus

    @property
    def agency(self) -> str:
        return self.was.agency

    @property
    def restricted(self) -> RestrictedClass | None:
        return self.was.restricted


AnyContact: TypeAlias = Planned | Contact | Voided


@frozen
class Evidence:
    """A contact that a command relies on: its id and its state. `visit`: an attended visit, taken as the contact."""

    id: UUID
    contact: Contact
    visit: bool = False


def status_of(outcome: ContactOutcome) -> ContactStatus:
    """The state of what was recorded with this outcome."""
    return _STATUS.get(outcome, ContactStatus.ATTEMPTED)


def evolve(state: AnyContact | None, fact: ContactFact, at: datetime, agency: str) -> AnyContact:
    """The contact after one more fact. What cannot follow changes nothing."""
    match fact:
        case ContactPlanned():
            return state or Planned(plan=fact, agency=agency)
        case ContactRecorded():
            if isinstance(state, Contact | Voided):
                return state
            plan = state.plan if state else None
            return Contact(status_of(fact.outcome), _said(fact), at, agency, late=bool(fact.late), plan=plan)
        case ContactAmended():
            if not isinstance(state, Contact):
                raise ForeignFact(fact)
            return replace(state, status=status_of(fact.outcome), recorded=_said(fact), at=at)
        case ContactCancelled():
            if not isinstance(state, Planned):
                raise ForeignFact(fact)
            return replace(state, called_off=fact.outcome)
        case ContactEnteredInError():
            if state is None:
                raise ForeignFact(fact)
            return state if isinstance(state, Voided) else Voided(state, ContactStatus.ENTERED_IN_ERROR)
        case ContactTakenBack():
            if state is None:
                raise ForeignFact(fact)
            return state
        case _:
            assert_never(fact)


def _said(fact: ContactRecorded | ContactAmended) -> Said:
    return Said.model_construct(**{name: getattr(fact, name) for name in Said.model_fields})


def fold(history: Sequence[Happened]) -> AnyContact | None:
    """The contact that a stream tells of without what was taken back, None for an empty one. Raises ForeignFact."""
    state = _fold(counting(history))
    if state is not None or not history:
        return state
    whole = _fold([each for each in history if not isinstance(each.fact, ContactTakenBack)])
    return Voided(whole, ContactStatus.TAKEN_BACK) if isinstance(whole, Planned | Contact) else whole


def _fold(history: Sequence[Happened]) -> AnyContact | None:
    state: AnyContact | None = None
    for happened in history:
        if not isinstance(happened.fact, ContactFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
