"""Owns what an initiative decides about its figures: who is counted, over which periods, compared with whom."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contracts.directory import Model, Slug, Words
from contracts.initiative.text import Name

MeasurementConsent = Literal["not_required", "opt_out", "opt_in"]
"""Whether figures count whoever said nothing of being counted (R7): only `opt_in` leaves her out. A no always does."""
ReleasePeriod = Literal["quarter", "year", "three_years"]


class Releases(Model):
    """The lattice of periods that figures are released over, by local dates; no two of one length overlap.

    `three_years_from` is the year in which the first window of three begins (1 January); the others follow it.
    """

    periods: tuple[ReleasePeriod, ...] = ("quarter", "year", "three_years")
    default: ReleasePeriod = "quarter"
    three_years_from: int = Field(default=2025, ge=2000, le=2100)

    @model_validator(mode="after")
    def _default_is_one(self) -> Self:
        if self.default not in self.periods:
            raise ValueError("default: is none of the periods")
        if len(set(self.periods)) != len(self.periods):
            raise ValueError("periods: one of them is there twice")
        return self


class ZipGroup(Model):
    """ZIP codes, or their first digits (the longest match wins), counted together: 20,000 residents or more (R7).

    `county` is the county that figures count them in.
    """

    slug: Slug
    name: Name
    zips: tuple[Annotated[str, Field(pattern=r"^\d{3,5}$")], ...] = Field(min_length=1)
    residents_at_least: int = Field(ge=20_000)
    county: Slug | None = None
    source: Words
