"""Every page says so when what it reads is away: a problem page, or the page without it, and nothing breaks."""

from http import HTTPStatus

import httpx
import pytest
from starlette.responses import JSONResponse

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_every_page import PREGNANCY, SHOWN, STAFF, reader_of, shown
from tests.gateway.test_pages import client_page
from tests.gateway.test_steps import TODAY, press
from tests.gateway.upstream_twin import problem

pytestmark = pytest.mark.slow  # walks every page


@pytest.mark.parametrize("route", sorted(set(shown()) - {"/sign-in"}))
def test_a_page_whose_reading_breaks_off_says_so(house: House, route: str) -> None:
    with house.visitor(reader_of(route)) as visitor:
        handle = client_page(visitor).removeprefix("/clients/") if reader_of(route) == STAFF else ""
        if route == PREGNANCY:
            her = f"/clients/{handle}"
            press(visitor, visitor.get(her), f"{her}/episode", identified_on=TODAY)
        path = SHOWN[route](house.twin) if route in SHOWN else route.replace("{handle}", handle)
        house.twin.heard.clear()
        assert visitor.get(path).status_code == HTTPStatus.OK
        for action in sorted({action for action, _, _ in house.twin.heard}):
            house.twin.breaks = {action: lambda: problem(503, "unavailable")}
            page = visitor.get(path)
            assert (page.status_code in {HTTPStatus.OK, HTTPStatus.SERVICE_UNAVAILABLE}, action) == (True, action)
            assert Reading(page.text).wrong == [], action


def test_a_page_that_breaks_is_seen(house: House, visitor: httpx.Client) -> None:
    house.twin.breaks["list_work"] = lambda: JSONResponse({"items": "none"})
    assert visitor.get("/work").status_code == HTTPStatus.INTERNAL_SERVER_ERROR
