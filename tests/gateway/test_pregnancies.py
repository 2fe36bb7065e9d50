"""A timeline by pregnancy: what the agency said, else what lies after its beginning; earlier ones are folded."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import httpx

from services.gateway.pages.views.history import Entry
from services.gateway.pages.views.pregnancies import chapters
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import Words, translations
from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page

VISIT = cast(
    Visit,
    SimpleNamespace(words=Words("en", translations("en"), UTC), today=datetime(2026, 11, 17, tzinfo=UTC).date()),
)
FIRST = {"episode": "a" * 26, "state": "closed", "identified_on": "2024-02-01", "opened_at": "2024-02-03T20:00:00Z"}
SECOND = {"episode": "b" * 26, "state": "open", "identified_on": None, "opened_at": "2026-05-03T20:00:00Z"}


def entry(day: str, episode: str | None = None) -> Entry:
    at = datetime.fromisoformat(f"{day}T20:00:00Z")
    return Entry(at, "contact.recorded.v1", day, "", "a", "A", episode=episode)


def told(*entries: Entry) -> list[tuple[bool, list[str]]]:
    found = chapters(VISIT, entries, [FIRST, SECOND])
    return [(each.folded, [line.title for _, lines in each.months for line in lines]) for each in found]


def test_each_pregnancy_has_its_own_the_latest_first_and_what_is_over_is_folded() -> None:
    assert told(entry("2026-06-01"), entry("2024-03-01"), entry("2023-12-01")) == [
        (False, ["2026-06-01"]),
        (True, ["2024-03-01"]),
        (False, ["2023-12-01"]),
    ]


def test_what_the_agency_said_goes_before_the_day() -> None:
    late = entry("2026-07-01", episode="a" * 26)
    assert told(late) == [(True, ["2026-07-01"])]
    assert told(entry("2026-07-01", episode="z" * 26)) == [(False, ["2026-07-01"])]


def test_the_client_page_still_reads_well(house: House, visitor: httpx.Client) -> None:
    page = visitor.get(client_page(visitor))
    assert (page.status_code, Reading(page.text).wrong) == (200, [])
