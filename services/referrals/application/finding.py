"""Finding who could help: services of the directory by words, place, need, language and room."""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Literal, TypeAlias

from services.referrals.directory import Directory, Entry
from services.referrals.domain.directory import room_now
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import Category, Room


@frozen(kw_only=True)
class Sought:
    """What a service has to be. `zip` is where she lives, `text` words that its entry begins words with."""

    text: str | None = None
    zip: str | None = None
    category: Category | None = None
    language: str | None = None
    has_room: bool = False


Miss: TypeAlias = Literal["age", "zip", "language"]
"""In what a service may not be for her."""


@frozen(kw_only=True)
class Fit:
    """What of her a service may be for or not; it leaves none out. `age` in whole years, `zip` where she lives."""

    age: int | None = None
    language: str | None = None
    zip: str | None = None


def best_first(directory: Directory, initiative: str, found: Iterable[Entry], her: Fit) -> list[Entry]:
    """Those that are for her age first, among them those that serve where she lives, then those in her language;
    otherwise in the order in which they came."""

    def misses(entry: Entry) -> list[bool]:
        missed = unfit(directory, initiative, entry, her)
        return [name in missed for name in ("age", "zip", "language")]

    return sorted(found, key=misses)


def unfit(directory: Directory, initiative: str, entry: Entry, her: Fit) -> list[Miss]:
    """In what a service is not for her: other ages, elsewhere, or nobody says that they speak her language."""
    service, missed = entry.service, list[Miss]()
    young = service.minimum_age is not None and her.age is not None and her.age < service.minimum_age
    old = service.maximum_age is not None and her.age is not None and her.age > service.maximum_age
    if young or old:
        missed.append("age")
    group = directory.initiative(initiative).zip_group(her.zip)
    county = group.county.replace("-", " ") if group and group.county else None
    far = bool(her.zip and service.zips and not her.zip.startswith(service.zips))
    if far or (county and service.counties and county not in {each.casefold() for each in service.counties}):
        missed.append("zip")
    if her.language is not None and her.language not in service.languages:
        missed.append("language")
    return missed


def find(directory: Directory, initiative: str, today: date, sought: Sought) -> Iterator[Entry]:
    """Services that take somebody new and are what is sought, in the order in which they came.

    Raises NotInDirectory.
    """
    entries = directory.entries(initiative)
    known_days = directory.initiative(initiative).service_levels.room_known.days
    for _, service in directory.services(initiative, category=sought.category, language=sought.language):
        entry = entries.entry(service.id)
        if entry is None:
            continue
        if sought.has_room and room_now(entry.capacity, today, known_days).room is not Room.OPEN:
            continue
        if sought.zip is not None and service.zips and not sought.zip.startswith(service.zips):
            continue
        if sought.text is None or _says(entry, sought.text):
            yield entry


def _says(entry: Entry, text: str) -> bool:
    agency, service = entry.agency, entry.service
    texts = (agency.name, service.name, service.category, service.description, service.eligibility_description)
    said = _words(" ".join(each for each in (*texts, *service.counties) if each))
    return all(any(word.startswith(sought) for word in said) for sought in _words(text))


@lru_cache(maxsize=4_096)
def _words(text: str) -> tuple[str, ...]:
    """The words of a text, alike whatever their capitals and accents."""
    plain = "".join(each for each in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(each))
    return tuple("".join(each if each.isalnum() else " " for each in plain).split())
