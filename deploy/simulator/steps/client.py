"""Owns the steps by which a made-up client is met, described and asked."""

from dataclasses import dataclass
from datetime import date

from contracts.vocabulary import AgeBand, Category, ContactMode, How
from deploy.simulator.people import Person
from deploy.simulator.steps.step import FIELDS, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Step):
    """The agency meets an invented person; `number` is its own number for her."""

    person: Person
    number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Step):
    """The agency says that she is pregnant; when she is due is stated by itself, where it is known."""

    identified_on: date
    due_on: date
    age_band: AgeBand


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Step):
    """She says yes or no to one receiver, or to whoever helps with a need; `name` is the journey's word for it."""

    name: str
    agreed: bool
    how: How
    recipient: str | None
    category: Category | None
    fields: tuple[str, ...] = FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke(Step):
    """She takes back the consent of a name."""

    name: str
    how: How


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Step):
    """She says by which modes she may be contacted, and what whoever does has to know."""

    modes: tuple[ContactMode, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Step):
    """There is no further contact with her: of this agency, or of all."""

    cause: str
    everything: bool
