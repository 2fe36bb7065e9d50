"""Owns the shape of an initiative: who runs it, agencies and services, working groups, targets, week and due times.

An initiative is configuration alone: a folder with `initiative.toml`, `agencies.toml`, `working_groups.toml` and, for
practice systems, `practice.toml` with sign-ins of invented people. Every service reads the same files through here.
"""

import tomllib
from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, model_validator

from contracts.calendar import CategoryLevels, Level, ServiceLevels, WorkingWeek
from contracts.counties import CALIFORNIA
from contracts.directory import Agency, Code, Language, Model, Slug, Words
from contracts.vocabulary import Category

FILES = ("initiative.toml", "agencies.toml", "working_groups.toml", "practice.toml")

INITIATIVE_ROLES = ("backbone", "working_group", "operator")

Role = Literal[
    "staff", "case_manager", "agency_admin", "reviewer", "privacy_officer", "system", "client",
    "backbone", "working_group", "operator",
]  # fmt: skip


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("no such time zone") from None
    return name


class BadInitiative(ValueError):
    """An initiative's folder is missing a file, or a file says something that cannot be; names file and field."""


class WorkingGroup(Model):
    """A group that reads aggregate measures; `measures` are the ids on its scorecard, in its order."""

    slug: Slug
    name: Words
    about: Words
    status: Literal["meeting", "being formed"] = "meeting"
    measures: tuple[Code, ...]


class Baseline(Model):
    """A starting rate in per cent as somebody printed it; `percent_to` is the upper end where a range was printed."""

    name: Slug
    percent: float = Field(gt=0, lt=100)
    percent_to: float | None = Field(default=None, gt=0, lt=100)
    population: Words
    source: Words


class Target(Model):
    """What the initiative wants by when; a target may have several printed baselines, and no one of them is dropped."""

    statement: Words
    by_year: int
    percent: float | None = Field(default=None, gt=0, lt=100)
    reduction_percent: float | None = Field(default=None, gt=0, lt=100)
    source: Words
    baselines: tuple[Baseline, ...] = ()


class Count(Model):
    """How many people or organisations, and who printed the figure."""

    people: int = Field(gt=0)
    what: Words
    source: Words


class Outreach(Model):
    """How often, over how many days and by how many ways an agency tries to reach her before it gives up (R13)."""

    attempts: int = Field(default=3, gt=0)
    days: int = Field(default=10, ge=0)
    modes: int = Field(default=2, gt=0)


class ZipGroup(Model):
    """ZIP codes, or their first digits (the longest match wins), counted together: 20,000 residents or more (R7).

    `county` is the county that figures count them in.
    """

    slug: Slug
    name: Words
    zips: tuple[Annotated[str, Field(pattern=r"^\d{3,5}$")], ...] = Field(min_length=1)
    residents_at_least: int = Field(ge=20_000)
    county: Slug | None = None
    source: Words


class PracticeSignIn(Model):
    """An invented person who may sign in to a practice system; real people come from the sign-in provider (R22).

    `language` is the one that the pages begin in; None leaves it to the browser.
    """

    username: Slug
    name: Words
    roles: tuple[Role, ...] = Field(min_length=1)
    agency: Slug | None = None
    working_groups: tuple[Slug, ...] = ()
    language: Language | None = None

    @model_validator(mode="after")
    def _side_of_the_border(self) -> Self:
        for role in self.roles:
            if (role in INITIATIVE_ROLES) == (self.agency is not None):
                raise ValueError(f"role {role}: an agency is given exactly with an agency's role")
        return self


MeasurementConsent = Literal["not_required", "opt_out", "opt_in"]
"""Whether figures count whoever said nothing of being counted (R7): only `opt_in` leaves her out. A no always does."""
CheckRule = Literal["first_yes", "least_recently_referred", "nearest_area"]
"""Which of several agencies that have room a capacity check suggests (R2): as the initiative's hub decided."""


class Initiative(Model):
    """One initiative as its folder describes it. Dates are local dates of `zone`; `about_in` is `about` in other
    languages, by their codes; `counties` are those that a service may say it serves, all of the state's."""

    slug: Slug
    name: Words
    place: Words
    zone: Annotated[str, AfterValidator(_known_zone)]
    languages: tuple[Language, ...] = Field(min_length=1)
    backbone: Words
    about: Words
    about_in: dict[Language, Words] = {}
    programmes: tuple[Words, ...] = ()
    principles: tuple[Words, ...] = ()
    counts: dict[Code, Count] = {}
    targets: tuple[Target, ...] = Field(min_length=1)
    hub: Slug | None = None
    check_rule: CheckRule = "first_yes"
    restricted_topic: bool = False
    measurement_consent: MeasurementConsent = "not_required"
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
    def _names_what_exists(self) -> Self:
        agencies = {agency.id for agency in self.agencies}
        groups = {group.slug for group in self.working_groups}
        _once("agency", [agency.id for agency in self.agencies])
        _once("service", [service.id for agency in self.agencies for service in agency.services])
        _once("working group", [group.slug for group in self.working_groups])
        _once("ZIP group", [group.slug for group in self.zip_groups])
        _once("ZIP code", [zips for group in self.zip_groups for zips in group.zips])
        _once("sign-in", [person.username for person in self.practice])
        for county in (named for agency in self.agencies for service in agency.services for named in service.counties):
            if county not in self.counties:
                raise ValueError(f"{county} is no county of the state")
        if self.hub is not None and self.hub not in agencies:
            raise ValueError("hub: no such agency")
        for person in self.practice:
            if person.agency is not None and person.agency not in agencies:
                raise ValueError(f"sign-in {person.username}: no such agency")
            if not groups.issuperset(person.working_groups):
                raise ValueError(f"sign-in {person.username}: no such working group")
        return self

    def zip_group(self, zip_code: str | None) -> ZipGroup | None:
        """The group that a ZIP code is counted in, by the longest match; None for one of no group (R7)."""
        found = (
            (len(zips), group) for group in self.zip_groups for zips in group.zips if (zip_code or "").startswith(zips)
        )
        return max(found, key=lambda each: each[0], default=(0, None))[1]

    def answers_of(self, category: str) -> Level:
        """How long an answer may take in a category, given by its code."""
        own = next((levels.answer for code, levels in self.service_levels_of.items() if code == category), None)
        return own or self.service_levels.answer

    @cached_property
    def timezone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


def load_initiative(folder: Path) -> Initiative:
    """Read one initiative's folder; its name is the slug. Raises BadInitiative."""
    content: dict[str, Any] = {}
    for name in FILES:
        path = folder / name
        if not path.is_file():
            if name == "practice.toml":
                continue
            raise BadInitiative(f"{folder.name}/{name} is missing")
        try:
            part = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise BadInitiative(f"{folder.name}/{name}: {error}") from None
        if twice := content.keys() & part.keys():
            raise BadInitiative(f"{folder.name}/{name} says again: {', '.join(sorted(twice))}")
        content |= part
    try:
        return Initiative.model_validate({"slug": folder.name, **content})
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInitiative(f"{folder.name}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None


def load_initiatives(root: Path) -> dict[str, Initiative]:
    """Read every initiative under `root`, by slug; one agency id is one agency in all of them. Raises BadInitiative."""
    if not root.is_dir():
        raise BadInitiative(f"no folder of initiatives named {root.name}")
    found = [load_initiative(path) for path in sorted(root.iterdir()) if (path / FILES[0]).is_file()]
    try:
        _once("agency", [agency.id for initiative in found for agency in initiative.agencies])
        _once("sign-in", [person.username for initiative in found for person in initiative.practice])
    except ValueError as error:
        raise BadInitiative(f"over all initiatives: {error}") from None
    return {initiative.slug: initiative for initiative in found}


def _once(what: str, names: list[str]) -> None:
    if twice := [name for name, count in Counter(names).items() if count > 1]:
        raise ValueError(f"{what} {twice[0]} is there twice")
