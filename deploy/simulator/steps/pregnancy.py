"""Owns the steps by which an agency writes down how a made-up pregnancy goes: her first visit, how it ends."""

from dataclasses import dataclass
from datetime import date

from deploy.simulator.steps.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPregnancy(Step):
    """Something about how it goes, on a local date."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginCare(OfPregnancy):
    """Her first prenatal visit was on that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class End(OfPregnancy):
    """It ended on that day; `weights` (grams) are those of the living children, none after a loss.

    `gestational_days` are known to the clinic, or None.
    """

    gestational_days: int | None
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeAfter(OfPregnancy):
    """She was seen after the birth."""
