"""From a stored fact to its contract event: which entity it is of, and what its class keeps off the care topic."""

from typing import TypeAlias, assert_never
from uuid import UUID

from contracts.registry import Event
from services.referrals.domain.appointment import AppointmentFact
from services.referrals.domain.break_glass import BreakGlassFact
from services.referrals.domain.catalogue import StoredFact
from services.referrals.domain.charge import ChargeFact
from services.referrals.domain.check import CheckFact
from services.referrals.domain.claim import ClaimFact
from services.referrals.domain.client import ClientFact
from services.referrals.domain.consent import ConsentFact
from services.referrals.domain.contact import ContactFact
from services.referrals.domain.directory import DirectoryFact
from services.referrals.domain.disclosure import DisclosureFact
from services.referrals.domain.episode import (
    BirthRecorded,
    EpisodeFact,
    PostpartumVisitRecorded,
    ResponsibilityAssigned,
    ResponsibilityLeft,
)
from services.referrals.domain.feedback import FeedbackFact
from services.referrals.domain.handoff import HandoffFact
from services.referrals.domain.inquiry import InquiryFact
from services.referrals.domain.need import NeedFact
from services.referrals.domain.note import NoteFact
from services.referrals.domain.question import QuestionFact
from services.referrals.domain.referral import ReferralFact
from services.referrals.domain.safe_contact import SafeContactFact
from services.referrals.domain.screening import ScreeningFact
from services.referrals.domain.timer import TimerFact
from services.referrals.domain.vocabulary import restricted_class
from services.referrals.domain.watch import WatchFact
from services.referrals.publishing.appointment import of_appointment
from services.referrals.publishing.client import Named, of_client
from services.referrals.publishing.consent import of_consent
from services.referrals.publishing.contact import of_contact
from services.referrals.publishing.directory import of_directory
from services.referrals.publishing.disclosure import of_disclosure
from services.referrals.publishing.episode import of_episode
from services.referrals.publishing.feedback import of_feedback
from services.referrals.publishing.handoff import of_handoff
from services.referrals.publishing.need import of_need, of_screening
from services.referrals.publishing.referral import of_referral

StoredOnly: TypeAlias = (
    BreakGlassFact
    | ChargeFact
    | CheckFact
    | ClaimFact
    | InquiryFact
    | NoteFact
    | QuestionFact
    | SafeContactFact
    | TimerFact
    | WatchFact
)


def contract_event(fact: StoredFact, stream: UUID, named: Named) -> Event | None:  # noqa: PLR0911 - one line an entity
    """The published twin of a stored fact of `stream`, None for what is stored only (interface page, section 4).

    `named` gives the log pseudonym of another client.
    """
    if isinstance(fact, AppointmentFact):
        return of_appointment(fact, stream)
    if isinstance(fact, StoredOnly):
        return None
    if isinstance(fact, ClientFact):
        return of_client(fact, named)
    if isinstance(fact, ConsentFact):
        return of_consent(fact, stream)
    if isinstance(fact, ContactFact):
        return of_contact(fact, stream)
    if isinstance(fact, DirectoryFact):
        return of_directory(fact)
    if isinstance(fact, DisclosureFact):
        return of_disclosure(fact, stream)
    if isinstance(fact, EpisodeFact):
        return of_episode(fact, stream)
    if isinstance(fact, FeedbackFact):
        return of_feedback(fact, stream)
    if isinstance(fact, HandoffFact):
        return of_handoff(fact, stream)
    if isinstance(fact, NeedFact):
        return of_need(fact, stream)
    if isinstance(fact, ScreeningFact):
        return of_screening(fact, stream)
    if isinstance(fact, ReferralFact):
        return of_referral(fact, stream)
    assert_never(fact)


def restricted(fact: StoredFact) -> bool:
    """Whether a fact may never reach `care.events.v1` (R6): by its class, the domain led, or its kind."""
    if isinstance(fact, ResponsibilityAssigned | ResponsibilityLeft):
        return restricted_class(fact.domain) is not None
    if isinstance(fact, BirthRecorded | PostpartumVisitRecorded):
        return True
    return getattr(fact, "restricted", None) is not None
