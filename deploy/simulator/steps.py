"""Owns what happens in a made-up journey: steps that an agency takes at a time, without knowing how they are recorded.

A step names clients' consents, referrals, handoffs and contacts by short words of the journey's own ("referral-2"), so
that the same steps can be decided and stored as history, or sent to the public API one by one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from contracts.vocabulary import (
    AgeBand,
    Category,
    ContactMode,
    ContactOutcome,
    Degree,
    HandoffKind,
    How,
    Mode,
    Outcome,
    Priority,
    Reason,
    ResponsibilityDomain,
    ToldBy,
)
from deploy.simulator.people import Person

FIELDS = ("name", "phones", "language")
"""What most clients agree to give; a step may name more of the fields of rule R1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Something that `agency` records at a time (UTC). Steps of one journey are in the order of their times."""

    at: datetime
    agency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Step):
    """The agency meets an invented person; `number` is its own number for her."""

    person: Person
    number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Step):
    """The agency says that she is pregnant."""

    identified_on: date
    age_band: AgeBand


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPostpartum(Step):
    """A year after the due date the calendar closes it: no agency asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Step):
    """She says yes or no to one receiver; `name` is the journey's word for it."""

    name: str
    agreed: bool
    how: How
    recipient: str
    category: Category | None
    fields: tuple[str, ...] = FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Step):
    """A referral; `consent` is the word of the consent that covers it."""

    name: str
    consent: str
    to_agency: str
    service: str
    category: Category
    mode: Mode = Mode.DIRECT
    priority: Priority = Priority.ROUTINE
    fields: tuple[str, ...] = FIELDS
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfReferral(Step):
    """What either side does with a referral that was sent; `name` is the journey's word for it."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(OfReferral):
    """The receiver opens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(OfReferral):
    """The receiver takes it on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline(OfReferral):
    """The receiver says no, or she does."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Waitlist(OfReferral):
    """The receiver has no room now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel(OfReferral):
    """The sender takes back what nobody opened."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(OfReferral):
    """The receiver gives up; `attempts` are the words of the contacts by which it tried to reach her."""

    reason: Reason
    attempts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expire(OfReferral):
    """Nobody answered in time: the clock does it, no agency asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Complete(OfReferral):
    """The receiver says how it ended; `contact` is the word of the contact that shows it."""

    outcome: Outcome
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(OfReferral):
    """The sender was told."""

    channel: ToldBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose(Step):
    """A handoff to another agency."""

    name: str
    to_agency: str
    kind: HandoffKind
    domain: ResponsibilityDomain = ResponsibilityDomain.PRIMARY_CARE_COORDINATION


@dataclass(frozen=True, slots=True, kw_only=True)
class OfHandoff(Step):
    """The same for a handoff that was proposed."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agree(OfHandoff):
    """She agrees to the handoff."""

    consent: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(OfHandoff):
    """The receiver is asked."""

    fields: tuple[str, ...] = FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptHandoff(OfHandoff):
    """The receiver leads from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineHandoff(OfHandoff):
    """The receiver cannot take it on."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Introduce(OfHandoff):
    """The two agencies spoke about her; it is warm where she was there."""

    client_present: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(OfHandoff):
    """The sender wants it no more."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SheDeclines(OfHandoff):
    """She does not want it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireHandoff(OfHandoff):
    """Nobody answered in time: the clock does it, no agency asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailHandoff(OfHandoff):
    """Nobody met her in time: the clock does it, and the lead goes back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Step):
    """Something that happened at `happened` (UTC), not after it is recorded; `referral`, `handoff`: what it was for."""

    name: str
    happened: datetime
    mode: ContactMode
    outcome: ContactOutcome
    tags: tuple[Category, ...] = ()
    duration_min: int | None = None
    met: bool | None = None
    referral: str | None = None
    handoff: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVoice(Step):
    """What she is asked about a referral that has ended; `name` is the journey's word for the referral."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AskHer(OfVoice):
    """Somebody asks her how it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheSaid(OfVoice):
    """What she said; neither is: she would rather not say."""

    need_met: Degree | None
    respectful_care: Degree | None


ReferralStep: TypeAlias = Receive | Accept | Decline | Waitlist | Cancel | Close | Expire | Complete | Acknowledge
HandoffStep: TypeAlias = (
    Agree | Offer | AcceptHandoff | DeclineHandoff | Introduce | Withdraw | SheDeclines | ExpireHandoff | FailHandoff
)
VoiceStep: TypeAlias = AskHer | SheSaid
AnyStep: TypeAlias = (
    Register | Open | EndPostpartum | Consent | Send | ReferralStep | Propose | HandoffStep | VoiceStep | Contact
)
