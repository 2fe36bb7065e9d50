"""Owns the steps that staff take beside a journey: questions, papers, claims, a due date set right, hand-overs."""

from dataclasses import dataclass

from deploy.simulator.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside(Step):
    """Something on which no other step rests."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Aside):
    """One side of a referral asks the other; `name` is the journey's word for the question."""

    name: str
    referral: str
    to_agency: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Aside):
    """The other side answers the question of this name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidDate(Aside):
    """The last due date that this agency stated is wrong."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attach(Aside):
    """A paper is kept with a contact; `name` is the journey's word for it."""

    name: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Aside):
    """Somebody says "I do it" of a referral that waits."""

    referral: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOn(Aside):
    """What somebody there looks after of hers is the colleague's `to` from now on (R22)."""

    to: str
