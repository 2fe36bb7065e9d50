"""Owns an initiative as its folder describes it, whole."""

from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from contracts.calendar import CategoryLevels, Level, ServiceLevels, WorkingWeek
from contracts.counties import CALIFORNIA
from contracts.directory import Agency, Code, Language, Model, Slug, Words
from contracts.initiative.agenda import Backbone, Count, Fact, PrincipleHere, Priority, Programme, Target
from contracts.initiative.groups import WorkingGroup
from contracts.initiative.measuring import MeasurementConsent, Releases, ZipGroup
from contracts.initiative.people import PracticeSignIn
from contracts.initiative.text import Name, Text
from contracts.initiative.whole import problems
from contracts.vocabulary import Category


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("no such time zone") from None
    return name


DefinitionName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*_v[1-9][0-9]*$", max_length=64)]
"""One version of a measure's definition, as figures name it: `response_rate_v1`."""

CheckRule = Literal["first_yes", "least_recently_referred", "nearest_area"]
"""Which of several agencies that have room a capacity check suggests (R2): as the initiative's hub decided."""


class Outreach(Model):
    """How often, over how many days and by how many ways an agency tries to reach her before it gives up (R13)."""

    attempts: int = Field(default=3, gt=0)
    days: int = Field(default=10, ge=0)
    modes: int = Field(default=2, gt=0)


class Initiative(Model):
    """One initiative as its folder describes it. Dates are local dates of `zone`.

    Every text has words in each of `languages`. `counties` are those that a service may say it serves, all of the
    state's. `reference_groups`: with which group a breakdown compares the others; `reference_groups_of` chooses others
    for one version of a measure's definition (`response_rate_v2`), for as long as that version is counted. A version
    after the first has none but where it is named there, if by an empty table: then those of `reference_groups`.
    """

    slug: Slug
    name: Name
    place: Name
    zone: Annotated[str, AfterValidator(_known_zone)]
    languages: tuple[Language, ...] = Field(min_length=1)
    backbone: Backbone
    about: Text
    facts: tuple[Fact, ...] = ()
    counts: dict[Code, Count] = {}
    agenda: tuple[Priority, ...] = ()
    targets: tuple[Target, ...] = ()
    programmes: tuple[Programme, ...] = ()
    principles: tuple[PrincipleHere, ...] = ()
    hub: Slug | None = None
    check_rule: CheckRule = "first_yes"
    restricted_topic: bool = False
    measurement_consent: MeasurementConsent = "not_required"
    releases: Releases = Releases()
    reference_groups: dict[Code, Code] = {}
    reference_groups_of: dict[DefinitionName, dict[Code, Code]] = {}
    service_levels: ServiceLevels = ServiceLevels()
    service_levels_of: dict[Category, CategoryLevels] = {}
    week: WorkingWeek = WorkingWeek()
    outreach: Outreach = Outreach()
    zip_groups: tuple[ZipGroup, ...] = ()
    counties: tuple[Words, ...] = CALIFORNIA
    agencies: tuple[Agency, ...] = Field(min_length=1)
    working_groups: tuple[WorkingGroup, ...] = ()
    practice: tuple[PracticeSignIn, ...] = ()

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if found := problems(self):
            raise ValueError("\n".join(found))
        return self

    def zip_group(self, zip_code: str | None) -> ZipGroup | None:
        """The group that a ZIP code is counted in, by the longest match; None for one of no group (R7)."""
        found = (
            (len(zips), group) for group in self.zip_groups for zips in group.zips if (zip_code or "").startswith(zips)
        )
        return max(found, key=lambda each: each[0], default=(0, None))[1]

    def reference_group(self, breakdown: str, measure: str, version: int = 1) -> str | None:
        """The group that a breakdown of a measure's version compares the others with; None where nobody chose one."""
        own = self.reference_groups_of.get(f"{measure}_v{version}", {} if version == 1 else None)
        return None if own is None else own.get(breakdown) or self.reference_groups.get(breakdown)

    def answers_of(self, category: str) -> Level:
        """How long an answer may take in a category, given by its code."""
        own = next((levels.answer for code, levels in self.service_levels_of.items() if code == category), None)
        return own or self.service_levels.answer

    @cached_property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)
