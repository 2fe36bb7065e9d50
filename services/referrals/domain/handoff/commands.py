"""What can be asked of a handoff: each command carries the agency that asks and when (UTC)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.referrals.domain.consent import Agreement
from services.referrals.domain.contact import Evidence
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import GivenField, HandoffKind, Reason, ResponsibilityDomain


@frozen(kw_only=True)
class ProposeHandoff:
    """`agency` would hand a domain of an episode to `to_agency`. `lead` leads it now, None where nobody does.

    `open_twin` is an open handoff of its own for the same episode, domain and receiver.
    """

    agency: str
    at: datetime
    to_agency: str
    domain: ResponsibilityDomain
    kind: HandoffKind
    episode: UUID
    lead: str | None
    reason_code: str | None = None
    note: UUID | None = None
    open_twin: UUID | None = None


@frozen(kw_only=True)
class ClientAgrees:
    """She said yes to this handoff; `today` is the local date on which her consent must hold."""

    agency: str
    at: datetime
    today: date
    agreement: Agreement | None


@frozen(kw_only=True)
class OfferHandoff:
    """The sender asks the receiver and gives it the fields that she agreed to give."""

    agency: str
    at: datetime
    today: date
    agreement: Agreement | None
    given: Iterable[GivenField]


@frozen(kw_only=True)
class AcceptHandoff:
    """The receiver leads from now on: who of its staff, first contact planned `on` a local date. `lead` leads now."""

    agency: str
    at: datetime
    person: str
    lead: str | None
    on: date | None = None


@frozen(kw_only=True)
class DeclineHandoff:
    """The receiver cannot take it on: the sender keeps the lead."""

    agency: str
    at: datetime
    reason: Reason


@frozen(kw_only=True)
class CompleteHandoff:
    """The receiver met her. `handoff` is its own id."""

    agency: str
    at: datetime
    handoff: UUID
    evidence: Evidence


HandoffCommand: TypeAlias = (
    ProposeHandoff | ClientAgrees | OfferHandoff | AcceptHandoff | DeclineHandoff | CompleteHandoff
)
