"""How a support contact stands: planned, or recorded as it reads now."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.contact.events import (
    ContactAmended,
    ContactCancelled,
    ContactFact,
    ContactPlanned,
    ContactRecorded,
    Said,
)
from services.referrals.domain.fact import ForeignFact, Happened
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import ContactOutcome, RestrictedClass


class ContactStatus(StrEnum):
    """Where a contact stands (machine F4)."""

    PLANNED = "planned"
    COMPLETED = "completed"
    ATTEMPTED = "attempted"
    MISSED = "missed"
    CANCELLED = "cancelled"


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


AnyContact: TypeAlias = Planned | Contact


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
            if isinstance(state, Contact):
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
        case _:
            assert_never(fact)


def _said(fact: ContactRecorded | ContactAmended) -> Said:
    return Said.model_construct(**{name: getattr(fact, name) for name in Said.model_fields})


def fold(history: Iterable[Happened]) -> AnyContact | None:
    """The contact that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: AnyContact | None = None
    for happened in history:
        if not isinstance(happened.fact, ContactFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
