"""Owns the steps of a made-up referral, from sending it to her saying how it was."""

from dataclasses import dataclass

from contracts.vocabulary import Category, Degree, Mode, Outcome, Priority, Reason, ToldBy
from deploy.simulator.steps.step import FIELDS, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Send(Step):
    """A referral; `consent` is the word of the consent that covers it.

    `parent` is the word of the one that was passed on as this and waited for it, `supersedes` that of one in whose
    place it is sent again.
    """

    name: str
    consent: str
    to_agency: str
    service: str
    category: Category
    mode: Mode = Mode.DIRECT
    priority: Priority = Priority.ROUTINE
    fields: tuple[str, ...] = FIELDS
    note: str | None = None
    parent: str | None = None
    supersedes: str | None = None


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
class Redirect(OfReferral):
    """The receiver passes it on to another agency's service for the same need, as the referral `child` of `sender`.

    It waits for the sender, unless her consent covers whoever helps with that (R3).
    """

    sender: str
    child: str
    waiting: bool
    to_agency: str
    service: str
    category: Category
    reason: Reason


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


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(OfReferral):
    """The last step was pressed by mistake."""
