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

    `open_twin` is an open handoff of its own for the same episode, domain and receiver; `watch` are open referrals that
    the receiver would watch over with it (R19).
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
    watch: tuple[UUID, ...] = ()
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
    """The sender asks the receiver and gives it the fields that she agreed to give. `lead` leads now."""

    agency: str
    at: datetime
    today: date
    agreement: Agreement | None
    given: Iterable[GivenField]
    lead: str | None = None


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


@frozen(kw_only=True)
class ClientDeclines:
    """She does not want it; the sender writes down what she said."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class WithdrawHandoff:
    """The sender wants it no more."""

    agency: str
    at: datetime
    reason: Reason


@frozen(kw_only=True)
class IntroduceClient:
    """The two agencies spoke about her; `client_present`: she was there, which alone makes it warm."""

    agency: str
    at: datetime
    client_present: bool


@frozen(kw_only=True)
class ExpireHandoff:
    """Nobody answered the offer in time: the clock says so. `agency` is the sender, whose record it is."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class FailHandoff:
    """The receiver accepted and met her not in time: the clock says so. `agency` is the sender."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class AcknowledgeHandoff:
    """The sender has read that nobody took it up, or does something else about it."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class ConsentTakenBack:
    """She took back the agreement that it rests on: follows from that, nobody presses it (R1)."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class EndContact:
    """There is no further contact with her (R20): follows from that, nobody presses it. `agency` recorded it.

    `reason` is OTHER where her pregnancy was closed: nobody is asked for a first contact any more (R5, R19).
    """

    agency: str
    at: datetime
    reason: Reason = Reason.NO_FURTHER_CONTACT


HandoffCommand: TypeAlias = (
    ProposeHandoff
    | ClientAgrees
    | ClientDeclines
    | OfferHandoff
    | WithdrawHandoff
    | IntroduceClient
    | AcceptHandoff
    | DeclineHandoff
    | CompleteHandoff
    | ExpireHandoff
    | FailHandoff
    | AcknowledgeHandoff
    | ConsentTakenBack
    | EndContact
)
