"""Owns the rows of the work index: what something waits for, on whom, until when; a pure fold of a stream's events."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeAlias, get_args

from services.referrals.domain import (
    appointment,
    check,
    client,
    consent,
    contact,
    episode,
    handoff,
    inquiry,
    question,
    referral,
)
from services.referrals.domain.appointment import Appointment, AppointmentBooked
from services.referrals.domain.check import Check, CheckAsked
from services.referrals.domain.client import Client, ClientRegistered
from services.referrals.domain.consent import Consent, ConsentRecorded
from services.referrals.domain.contact import AnyContact, Contact, ContactPlanned, Planned, Voided
from services.referrals.domain.episode import Episode, EpisodeOpened
from services.referrals.domain.fact import Fact, Happened
from services.referrals.domain.handoff import Handoff, HandoffProposed
from services.referrals.domain.inquiry import Inquiry, InquiryOpened
from services.referrals.domain.question import Question, QuestionAsked
from services.referrals.domain.referral import Referral, ReferralSent
from services.referrals.store.check_row import check_row
from services.referrals.store.client_row import client_row
from services.referrals.store.clock_rows import Due, consent_row, episode_row
from services.referrals.store.commit import WorkRow
from services.referrals.store.handoff_row import handoff_row
from services.referrals.store.inquiry_row import inquiry_row
from services.referrals.store.lead_rows import lead_rows
from services.referrals.store.promised_row import promised_row
from services.referrals.store.question_row import question_row
from services.referrals.store.referral_row import referral_row
from services.referrals.store.visit_row import appointment_row
from services.referrals.store.written import Written, happened

Indexed: TypeAlias = (
    Client | Referral | Handoff | Appointment | Episode | Consent | AnyContact | Check | Question | Inquiry
)
"""What a stream tells of that has rows."""

_STREAMS: Final[Mapping[type[Fact], tuple[Callable[[Sequence[Happened]], Indexed | None], Any]]] = MappingProxyType(
    {
        ClientRegistered: (client.fold, client.ClientFact),
        ReferralSent: (referral.fold, referral.ReferralFact),
        HandoffProposed: (handoff.fold, handoff.HandoffFact),
        AppointmentBooked: (appointment.fold, appointment.AppointmentFact),
        EpisodeOpened: (episode.fold, episode.EpisodeFact),
        ConsentRecorded: (consent.fold, consent.ConsentFact),
        ContactPlanned: (contact.fold, contact.ContactFact),
        CheckAsked: (check.fold, check.CheckFact),
        QuestionAsked: (question.fold, question.QuestionFact),
        InquiryOpened: (inquiry.fold, inquiry.InquiryFact),
    }
)
"""By the first fact of a stream: what folds it, and the facts that it is made of."""

FACTS: Final = tuple(kind for _, union in _STREAMS.values() for kind in get_args(union) or (union,))
"""The facts of streams that can have rows."""


def work_rows(history: Sequence[Written], due: Due) -> tuple[WorkRow, ...]:
    """The rows of a stream from its whole history: its own first, where it has any; none where nobody waits."""
    known = _STREAMS.get(type(history[0].fact)) if history else None
    return () if known is None else rows_of(history, known[0](happened(history)), due)


def rows_of(history: Sequence[Written], state: Any, due: Due) -> tuple[WorkRow, ...]:
    """The same of a history that was folded to `state`."""
    match state:
        case Referral():
            return (referral_row(history, state, due),)
        case Handoff():
            return (handoff_row(history, state, due),)
        case Appointment():
            return (appointment_row(history, state, due),)
        case Episode():
            return (episode_row(history, state, due), *lead_rows(history, state, due))
        case Consent():
            row = consent_row(history, state, due)
            return () if row is None else (row,)
        case Client():
            row = client_row(history, state)
            return () if row is None else (row,)
        case Planned() | Contact() | Voided() if isinstance(history[0].fact, ContactPlanned):
            return (promised_row(history, state, due),)
        case Check():
            return (check_row(history, state, due),)
        case Question():
            return (question_row(history, state, due),)
        case Inquiry():
            return (inquiry_row(history, state),)
        case _:
            return ()
