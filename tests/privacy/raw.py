"""Owns all that a run wrote and said, as it stands, to be searched for women who can be mistaken for nobody."""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from services.runtime.telemetry.export import span_document
from tests.leaks import capture
from tests.leaks.canary import Canary, dates, phones, spellings
from tests.leaks.search import Item, Leak, Search
from tests.privacy.house import House
from tests.privacy.journey import Journey
from tests.privacy.place import Seams
from tests.privacy.women import Woman

DATABASES: Final = ("referrals", "identity", "measures")
CHANNELS: Final = frozenset(
    {"answer", "log", "span", "metric", "kafka", "file", "query", *(f"{name} tables" for name in DATABASES)}
)


def canary(number: int, her: Woman) -> Canary:
    """A woman with all that a search knows of her."""
    one, letters = her.identity, her.letters
    given, family = ([str(name[part]) for name in one["names"]] for part in ("given", "family"))
    digits = ["".join(filter(str.isdigit, phone))[-10:] for phone in one["phones"]]
    facts = {
        "given name": tuple(text for word in given for text in spellings(word)),
        "family name": tuple(text for word in family for text in spellings(word)),
        "whole name": tuple(f"{first} {last}" for first, last in zip(given, family, strict=True)),
        "birth date": dates(date.fromisoformat(one["birth_date"])),
        "phone": tuple(text for each in digits for text in phones(each[6:], each[:3])),
        "street": (str(one["address"]["line"]), letters.title()),
        "medi-cal number": (str(one["medi_cal_cin"]),),
        "agency's number": (str(one["mrn"]),),
        "note": (her.note, letters),
        "file": (her.file_name,),
    }
    return Canary(f"journey {number}", one, her.note, facts)


class Searched(Seams):
    """Searches all of a run for some of its women; `items` counts what was looked at, in which channels."""

    def __init__(self, women: dict[int, Woman]) -> None:
        super().__init__()
        self._women = women
        self._search = Search([canary(number, her) for number, her in women.items()])
        self.found: list[Leak] = []
        self.channels: set[str] = set()
        self.items = 0

    def anew(self) -> "Searched":
        """The same search of another run, of which nothing is known yet."""
        return Searched(self._women)

    def ended(self, journey: Journey) -> None:
        self.look(Item("answer", heard.where, heard.content) for heard in journey.heard)

    def over(self, house: House) -> None:
        self.look(written(house))

    def look(self, items: Iterable[Item]) -> None:
        """Search more of it."""
        for item in items:
            self.items += 1
            self.channels.add(item.channel)
            self.found += self._search.in_([item])


def written(house: House) -> Iterator[Item]:
    """Everything that others than the agencies that serve her may come to read: nothing is left out of it."""
    place = house.place
    yield from (Item("log", name, told.getvalue().encode()) for name, told in house.told.items())
    yield Item("log", "access", house.accessed.getvalue())
    for name, kept in house.spans.items():
        yield Item("span", name, "\n".join(json.dumps(span_document(span)) for span in kept.spans).encode())
    for name, told in house.telemetry.items():
        yield Item("metric", name, told.metrics.exposition())
    yield from capture.records(place.kafka, only="care.")
    for name in DATABASES:
        yield from capture.tables(f"{name} tables", place.databases.dsn(name, "closeknit_owner"))
    for item in capture.files("file", place.folder):
        yield Item("file", item.where, item.where.encode() + b"\n" + item.content)
    yield Item("query", "statements", place.statements.read_bytes()[place.logged_from :])
