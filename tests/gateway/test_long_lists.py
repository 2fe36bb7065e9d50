"""Lists that are longer than one page of the API: choosers hold all of it, work and boxes lead on to the rest."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.responses import JSONResponse, Response

from services.gateway.pages.api import LARGEST_PAGE, MOST_PAGES, Api, Connection, Reply, cursor_of
from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.test_send import NEW
from tests.gateway.upstream_twin import DOULAS

Json = dict[str, Any]


def in_parts(path: str, *parts: list[Json]) -> Callable[[], Response]:
    """Answers part after part, each with the way to the next, and begins again after the last."""
    number = -1

    def answer() -> Response:
        nonlocal number
        number = (number + 1) % len(parts)
        following = f"/v1{path}?limit=200&cursor=part{number + 1}" if number + 1 < len(parts) else None
        return JSONResponse({"items": parts[number], "next": following})

    return answer


def service(number: int) -> Json:
    return {"agency": DOULAS, "service": f"s{number}", "name": f"Doula {number}", "category": "doula",
            "languages": [], "description": None, "eligibility_description": None}  # fmt: skip


def agency(number: int) -> Json:
    return {"agency": f"agency-{number}", "name": f"Agency {number}"}


def asked(house: House, action: str) -> list[str | None]:
    return [body.get("cursor") for known, body, _ in house.twin.heard if known == action]


def test_every_service_can_be_chosen(house: House, visitor: httpx.Client) -> None:
    parts = [[service(1)], [service(2)], [service(3)]]
    house.twin.breaks["search_services"] = in_parts("/directory/services/search", *parts)
    form = {**hidden(visitor.get(NEW), NEW), "need": "doula", "do": "services"}
    house.twin.heard.clear()
    page = visitor.post(NEW, data=form)
    assert [f"Doula {number}" in page.text for number in (1, 2, 3)] == [True] * 3
    assert len(asked(house, "search_services")) == len(parts)


@pytest.mark.parametrize(("page", "field"), [("handoff", "to"), ("consent", "recipient")])
def test_every_agency_can_be_chosen(house: House, visitor: httpx.Client, page: str, field: str) -> None:
    house.twin.breaks["list_agencies"] = in_parts("/directory/agencies", [agency(1)], [agency(2)])
    text = visitor.get(f"{client_page(visitor)}/{page}").text
    chooser = text.partition(f'<select id="{field}"')[2].partition("</select>")[0]
    assert ('value="agency-1"' in chooser, 'value="agency-2"' in chooser) == (True, True)


def test_a_list_of_work_leads_on_to_the_rest(house: House, visitor: httpx.Client) -> None:
    house.twin.breaks["list_referrals"] = in_parts("/referrals", [], [])
    first = visitor.get("/work/outbox")
    assert "/work/outbox?from=part1" in Reading(first.text).addresses
    assert "from=" not in visitor.get("/work/outbox?from=part1").text
    assert asked(house, "list_referrals") == [None, "part1"]


@pytest.mark.parametrize(("number", "folded", "more"), [(20, False, False), (21, True, False), (50, True, True)])
def test_all_whom_a_search_finds_are_shown(
    house: House, visitor: httpx.Client, number: int, folded: bool, more: bool
) -> None:
    for count in range(number):
        house.twin.register("Sari", f"Specimen-{count}")
    for path, extra in (("/clients", {}), (NEW, {"do": "find"})):
        page = visitor.post(path, data={**hidden(visitor.get(path)), "find": "sari", **extra})
        assert all(f"Sari Specimen-{count}<" in page.text for count in range(number)), path
        assert ("more client" in page.text) == folded
        assert ("More may fit" in page.text) == more
        assert Reading(page.text).wrong == []


class Parts(Connection):
    """A connection behind which a list goes on for ever, or says the same way twice."""

    def __init__(self, following: Callable[[int], str | None]) -> None:
        super().__init__("http://127.0.0.1:1")
        self.following = following
        self.asked: list[Json] = []

    async def ask(self, method: str, path: str, token: str | None, **options: Any) -> Reply:
        self.asked.append(options["params"])
        body = {"items": [{"n": len(self.asked)}], "next": self.following(len(self.asked))}
        return Reply(200, body, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("following", "asked_for"),
    [
        (lambda number: f"/v1/x?cursor=c{number}" if number < 3 else None, 3),
        (lambda number: "/v1/x?cursor=same", 2),
        (lambda number: f"/v1/x?cursor=c{number}", MOST_PAGES),
        (lambda number: None, 1),
        (lambda number: "/v1/x?limit=200", 1),
    ],
    ids=["to its end", "in a circle", "for ever", "one page", "without a cursor"],
)
async def test_a_list_is_followed_and_ends(following: Callable[[int], str | None], asked_for: int) -> None:
    listed, sought = Parts(following), Parts(following)
    for items in (
        await Api(listed, "token").every("/x", category="doula"),
        await Api(sought, "token").search_every("/x", {"category": "doula"}),
    ):
        assert [item["n"] for item in items] == list(range(1, asked_for + 1))
    assert {(one["limit"], one["category"]) for one in listed.asked} == {(str(LARGEST_PAGE), "doula")}
    assert [one.get("cursor") for one in sought.asked] == [one.get("cursor") for one in listed.asked]


def test_a_cursor_is_read_as_an_address_says_it() -> None:
    assert cursor_of({"next": "https://api.example/v1/x?cursor=a%2Bb%3D&limit=2"}) == "a+b="
    assert cursor_of({"next": None}) is None
    assert cursor_of({}) is None
