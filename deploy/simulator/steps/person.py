"""Owns the steps in which a made-up client says who she is and when she is due, and those that the calendar takes."""

from dataclasses import dataclass
from datetime import date

from contracts.vocabulary import DatingBasis, DetailedGroup, Payer, RaceEthnicity
from deploy.simulator.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPerson(Step):
    """Something about her as a person, or about her pregnancy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell(OfPerson):
    """She says who she is, or would rather not; `zip_code` is that of her address."""

    races: tuple[RaceEthnicity, ...]
    groups: tuple[DetailedGroup, ...]
    declined: bool
    language: str
    payer: Payer
    zip_code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Date(OfPerson):
    """The due date is known, and how."""

    edd: date
    basis: DatingBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(OfPerson):
    """Nobody reaches out to her until it is resumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume(OfPerson):
    """She may be reached out to again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPostpartum(OfPerson):
    """A year after the due date the calendar closes it: no agency asks for it."""


@dataclass(frozen=True, slots=True)
class Lose(OfPerson):
    """Nobody of the agency can find her."""


@dataclass(frozen=True, slots=True)
class EndCare(OfPerson):
    """The agency is through with her pregnancy."""
