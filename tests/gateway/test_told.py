"""What the gateway tells of pages: which guard refused, by its name, and nothing of who asked or for what."""

import json
from collections.abc import Callable

import httpx
import pytest

from tests.gateway.house import House, hidden

Ask = Callable[[httpx.Client], httpx.Response]
REFUSED: dict[str, tuple[Ask, int, str]] = {
    "not-signed-in": (lambda who: who.post("/clients/new", data={"given": "Secret"}), 401, "/clients/new"),
    "role-forbids": (lambda who: who.get("/releases?x=Secret"), 403, "/releases"),
    "form-not-ours": (lambda who: who.post("/clients/new", data={"csrf": "Secret"}), 403, "/clients/new"),
    "not-found": (lambda who: who.get("/Secret"), 404, "unmatched"),
    "method-not-allowed": (lambda who: who.request("PUT", "/work?x=Secret"), 405, "unmatched"),
}


@pytest.mark.parametrize("slug", REFUSED)
def test_a_refusal_is_told_by_its_name(house: House, slug: str) -> None:
    ask, status, route = REFUSED[slug]
    with house.visitor(None if slug == "not-signed-in" else "sam-specimen") as visitor:
        assert ask(visitor).status_code == status
    told = [json.loads(line) for line in house.told.getvalue().splitlines()]
    (line,) = [each for each in told if each.get("status") == status]
    assert (line["event"], line["route"], line["slug"]) == ("page", route, slug)
    assert "Secret" not in house.told.getvalue()


def test_what_is_done_has_no_such_name(house: House, visitor: httpx.Client) -> None:
    visitor.post("/clients/new", data={**hidden(visitor.get("/clients/new"), "/clients/new"), "given": "Lia"})
    told = [json.loads(line) for line in house.told.getvalue().splitlines()]
    assert {line["event"] for line in told} == {"page"}
    assert [line for line in told if "slug" in line] == []
