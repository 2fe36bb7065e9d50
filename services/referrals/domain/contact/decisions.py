"""The rules of a support contact: written down once, as it was; amended beside the first; planned or called off."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import assert_never

from services.referrals.domain import taking_back
from services.referrals.domain.contact.commands import (
    AmendContact,
    CancelContact,
    ContactCommand,
    PlanContact,
    RecordContact,
    VoidContact,
)
from services.referrals.domain.contact.counting import was_met
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
from services.referrals.domain.contact.machine import EDGES, ContactStatus, ContactVerb
from services.referrals.domain.contact.state import AnyContact, Contact, Planned, Voided, fold
from services.referrals.domain.fact import Happened
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongState
from services.referrals.domain.taking_back import TakeBack
from services.referrals.domain.vocabulary import ContactOutcome, RestrictedClass, restricted_class

LATE = timedelta(days=7)
"""What is written down later than this is marked late (F4)."""

CALLED_OFF = frozenset({ContactOutcome.CANCELLED_BY_CLIENT, ContactOutcome.CANCELLED_BY_AGENCY})
"""Who can call off what was planned."""


def decide(command: ContactCommand, state: AnyContact | None) -> tuple[ContactFact, ...]:
    """What happened is recorded once, as it was; nothing is recorded before it happened, or planned after it.

    A contact is its agency's own: no other agency may do anything with it (R8).
    """
    if state is not None and state.agency != command.agency:
        raise NotASide
    match command:
        case PlanContact():
            return _plan(command, state)
        case AmendContact():
            return _amend(command, state)
        case RecordContact():
            return _record(command, state)
        case CancelContact():
            return _cancel(command, state)
        case VoidContact():
            return _void(command, state)
        case _:
            assert_never(command)


def _plan(command: PlanContact, state: AnyContact | None) -> tuple[ContactFact, ...]:
    planned = ContactPlanned(
        planned_for=command.planned_for,
        planned_on=command.planned_on,
        mode=command.mode,
        tags=tuple(dict.fromkeys(command.tags)),
        language=command.language,
        episode=command.episode,
        referral=command.referral,
        need=command.need,
        handoff=command.handoff,
        note=command.note,
        restricted=command.named_class or restricted_class(*command.tags),
    )
    if state == Planned(planned, command.agency):
        return ()
    if state is not None:
        raise Conflict(state.status, "contact-already-recorded")
    if command.planned_for <= command.at:
        raise Unfit("plan-in-past")
    return (planned,)


def _record(command: RecordContact, state: AnyContact | None) -> tuple[ContactFact, ...]:
    said = _said(command, state)
    if isinstance(state, Planned):
        if state.called_off is not None:
            raise WrongState(state.status)
    elif isinstance(state, Voided):
        raise WrongState(state.status)
    elif state is not None:
        if (state.recorded, state.at) == (said, command.at):
            return ()
        raise Conflict(state.status, "contact-already-recorded")
    late = True if command.now - command.at > LATE else None
    return (ContactRecorded(**dict(said), late=late),)


def _amend(command: AmendContact, state: AnyContact | None) -> tuple[ContactFact, ...]:
    _possible(ContactVerb.AMEND, state)
    if not isinstance(state, Contact):
        raise WrongState("cancelled")
    said = _said(command, state)
    if (state.recorded, state.at) == (said, command.at):
        return ()
    return (ContactAmended(**dict(said)),)


def _cancel(command: CancelContact, state: AnyContact | None) -> tuple[ContactFact, ...]:
    if command.outcome not in CALLED_OFF:
        raise Unfit("reason-not-possible")
    if isinstance(state, Planned) and state.called_off is not None:
        if state.called_off == command.outcome:
            return ()
        raise Conflict(state.status, "contact-already-cancelled")
    _possible(ContactVerb.CANCEL, state)
    return (ContactCancelled(outcome=command.outcome, restricted=state.restricted if state else None),)


def _void(command: VoidContact, state: AnyContact | None) -> tuple[ContactFact, ...]:
    if isinstance(state, Voided) and state.status is ContactStatus.ENTERED_IN_ERROR:
        return ()
    _possible(ContactVerb.ENTERED_IN_ERROR, state)
    restricted = state.restricted if state else None
    return (ContactEnteredInError(event=command.event, note=command.note, restricted=restricted),)


def _possible(verb: ContactVerb, state: AnyContact | None) -> None:
    """Raises WrongState where the table does not lead on from here."""
    status = state.status if state else None
    if status not in EDGES[verb].sources:
        raise WrongState(status or "none")


def take_back(command: TakeBack, history: Sequence[Happened]) -> tuple[ContactFact, ...]:
    """The last step is taken back by the agency whose contact it is (R14). Raises NotASide, WrongState."""
    state = fold(history)
    if state is None or state.agency != command.agency:
        raise NotASide
    events = taking_back.take_back(command, history, lambda fact: False)
    return tuple(ContactTakenBack(event=event, restricted=state.restricted) for event in events)


def take_back_until(history: Sequence[Happened], agency: str, now: datetime) -> datetime | None:
    """Until when (UTC) an agency may take the last step on a contact back; None where it may not."""
    return taking_back.until(history, agency, now, lambda fact: False)


def _said(command: RecordContact, state: AnyContact | None) -> Said:
    """What the command says, under the class that the contact has had from its first fact (R6).

    Raises Unfit for a time that has not come, and for a class that what is already on the ordinary log cannot get.
    """
    if command.at > command.now:
        raise Unfit("date-in-future")
    tags = tuple(dict.fromkeys(command.tags))
    return Said(
        mode=command.mode,
        outcome=command.outcome,
        met=was_met(command.mode, command.outcome, command.met),
        tags=tags,
        units=command.units,
        duration_min=command.duration_min,
        language=command.language,
        interpreter=command.interpreter,
        initiated_by=command.initiated_by,
        episode=command.episode,
        referral=command.referral,
        need=command.need,
        handoff=command.handoff,
        note=command.note,
        cohort=command.cohort,
        restricted=_class(command.named_class or restricted_class(*tags), state),
    )


def _class(now: RestrictedClass | None, state: AnyContact | None) -> RestrictedClass | None:
    if state is None:
        return now
    if now is not None and state.restricted is None:
        raise Unfit("class-is-fixed")
    return state.restricted
