"""Owns what must hold between the parts of an initiative: what is named is there, once, and said in every language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pydantic import BaseModel

from contracts.initiative.text import Text, one_line

if TYPE_CHECKING:
    from contracts.initiative.initiative import Initiative


def problems(initiative: Initiative) -> list[str]:
    """One sentence for each thing that does not fit, as `place: what is wrong`; a place begins with a file's key."""
    return [*_names(initiative), *_unread(initiative), *_unknown(initiative), *_untold(initiative)]


def twice(place: str, what: str, names: Iterable[str]) -> Iterator[str]:
    """One sentence for each name that stands there more than once."""
    for name, count in Counter(names).items():
        if count > 1:
            yield f"{place}: {what} {name} is there twice"


def _names(initiative: Initiative) -> Iterator[str]:
    agencies = initiative.agencies
    yield from twice("agencies", "agency", (agency.id for agency in agencies))
    yield from twice("agencies", "service", (service.id for agency in agencies for service in agency.services))
    yield from twice("working_groups", "working group", (group.slug for group in initiative.working_groups))
    yield from twice("zip_groups", "ZIP group", (group.slug for group in initiative.zip_groups))
    yield from twice("zip_groups", "ZIP code", (zips for group in initiative.zip_groups for zips in group.zips))
    yield from twice("practice", "sign-in", (person.username for person in initiative.practice))
    yield from twice("agenda", "priority", (priority.slug for priority in initiative.agenda))
    yield from twice("programmes", "programme", (programme.slug for programme in initiative.programmes))
    for number, group in enumerate(initiative.working_groups):
        yield from twice(f"working_groups.{number}.measures", "measure", group.measures)
    for number, each in enumerate(initiative.principles):
        yield from twice(f"principles.{number}.measures", "measure", each.measures)
    yield from twice("principles", "principle", (each.principle for each in initiative.principles))


def _unread(initiative: Initiative) -> Iterator[str]:
    """Names of agencies and services that are no line of text; those of the rest are looked at where they stand."""
    for agency in initiative.agencies:
        for id, name in ((agency.id, agency.name), *((service.id, service.name) for service in agency.services)):
            try:
                one_line(name)
            except ValueError as error:
                yield f"agencies: {id}: name: {error}"


def _unknown(initiative: Initiative) -> Iterator[str]:
    """What is named somewhere and is not there."""
    agencies = {agency.id for agency in initiative.agencies}
    groups = {group.slug for group in initiative.working_groups}
    for agency in initiative.agencies:
        for county in (county for service in agency.services for county in service.counties):
            if county not in initiative.counties:
                yield f"agencies: {agency.id}: {county} is no county of the state"
    if initiative.hub is not None and initiative.hub not in agencies:
        yield "hub: no such agency"
    for person in initiative.practice:
        if person.agency is not None and person.agency not in agencies:
            yield f"practice: sign-in {person.username}: no such agency"
        if not groups.issuperset(person.working_groups):
            yield f"practice: sign-in {person.username}: no such working group"
    for priority in initiative.agenda:
        if not groups.issuperset(priority.groups):
            yield f"agenda: {priority.slug}: no such working group"
    chosen = initiative.reference_groups.get("zip_group")
    if chosen is not None and chosen not in {group.slug for group in initiative.zip_groups}:
        yield "reference_groups.zip_group: no such ZIP group"


def _untold(initiative: Initiative) -> Iterator[str]:
    """Texts that lack words in one of the languages."""
    for place, text in _texts(initiative, ""):
        for language in initiative.languages:
            if language not in text.root:
                yield f"{place}: no words in {language}"


def _texts(part: object, place: str) -> Iterator[tuple[str, Text]]:
    """Every text below a part, with its place as the files name it."""
    if isinstance(part, Text):
        yield place, part
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _texts(getattr(part, name), f"{place}.{name}".removeprefix("."))
    elif isinstance(part, dict):
        for key, inner in part.items():
            yield from _texts(inner, f"{place}.{key}")
    elif isinstance(part, tuple):
        for number, inner in enumerate(part):
            yield from _texts(inner, f"{place}.{number}")
