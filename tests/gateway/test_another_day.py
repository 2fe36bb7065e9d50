"""Looking at another day: one that is none is said beside its field, and the page stands as of today."""

from typing import Any

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.test_register import linked
from tests.gateway.test_steps import TODAY, press
from tests.gateway.upstream_twin import problem


def asked(house: House) -> Any:
    """What the timeline was asked for last."""
    return [body for action, body, _ in house.twin.heard if action == "get_timeline"][-1]


@pytest.mark.parametrize("name", ["as_of", "known_at"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1989-12-31", "2199-12-31", "2026-02-30", "soon"])
def test_a_day_that_is_none_is_said_beside_its_field(house: House, visitor: httpx.Client, name: str, day: str) -> None:
    page = visitor.get(client_page(visitor), params={name: day})
    read = Reading(page.text)
    assert (page.status_code, linked(page), read.wrong) == (422, [name], [])
    assert f"{name}-error" in read.described
    assert read.values[name] == [day]
    assert "Nora Muster" in page.text
    assert asked(house) == {}


def test_both_days_are_said_in_spanish(visitor: httpx.Client) -> None:
    visitor.get("/language/es")
    page = visitor.get(client_page(visitor), params={"as_of": "9999-12-31", "known_at": "0001-01-01"})
    assert linked(page) == ["as_of", "known_at"]
    assert page.text.count("Revise el día") == 4


@pytest.mark.parametrize("day", ["1990-01-01", "2199-12-30", "2026-11-01"])
def test_a_day_that_can_be_is_shown(house: House, visitor: httpx.Client, day: str) -> None:
    page = visitor.get(client_page(visitor), params={"as_of": day, "known_at": ""})
    assert (page.status_code, Reading(page.text).values["as_of"]) == (200, [day])
    assert asked(house).keys() == {"as_of"}


def test_who_sees_no_timeline_is_told_of_no_day(house: House, visitor: httpx.Client) -> None:
    house.twin.breaks["get_timeline"] = lambda: problem(403, "role-forbids")
    page = visitor.get(client_page(visitor), params={"as_of": "9999-12-31"})
    assert (page.status_code, linked(page)) == (200, [])


def test_what_stands_today_is_not_shown_for_another_day(house: House, visitor: httpx.Client) -> None:
    path = client_page(visitor)
    press(visitor, visitor.get(path), f"{path}/episode", identified_on=TODAY)
    assert 'id="pregnancy"' in visitor.get(path).text
    page = visitor.get(path, params={"as_of": "1990-01-01"}).text
    assert 'id="pregnancy"' not in page
    assert "they are known as of today" in page
