"""Owns the steps of a made-up handoff."""

from dataclasses import dataclass

from contracts.vocabulary import HandoffKind, Reason, ResponsibilityDomain
from deploy.simulator.steps.step import FIELDS, Step


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
class ReadHandoff(OfHandoff):
    """The sender reads that nobody took it up."""
