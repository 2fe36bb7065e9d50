"""Owns the steps of made-up visits: `name` is the journey's word for a visit, `referral` that for what it is for."""

from dataclasses import dataclass
from datetime import datetime

from contracts.vocabulary import CalledBy
from deploy.simulator.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class OfVisit(Step):
    """Something about a visit."""

    name: str
    referral: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Book(OfVisit):
    """A visit is booked for a time (UTC)."""

    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebook(OfVisit):
    """It gets another time, on whose wish."""

    due_at: datetime
    by: CalledBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Attend(OfVisit):
    """She came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss(OfVisit):
    """She did not come."""
