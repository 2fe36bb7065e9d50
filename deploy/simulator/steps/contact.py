"""Owns what is done with a made-up client: contacts, promises, screenings."""

from dataclasses import dataclass
from datetime import datetime

from contracts.vocabulary import Category, ContactMode, ContactOutcome, Instrument, ScreeningResult
from deploy.simulator.steps.step import Step


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
class Screen(Step):
    """She is asked about one thing; what is positive is a need at once. Of `others` she had none."""

    name: str
    instrument: Instrument
    category: Category
    result: ScreeningResult
    others: tuple[Category, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Step):
    """A contact is promised for a time (UTC); the contact of the same `name` says what came of it."""

    name: str
    mode: ContactMode
    planned_for: datetime
