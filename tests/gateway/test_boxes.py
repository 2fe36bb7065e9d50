"""Boxes: narrowed by state, need and lateness in the address, by a name in a form alone."""

import httpx

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading

BOX = "/work/inbox"


def looked(visitor: httpx.Client, **asked: str) -> httpx.Response:
    return visitor.post(BOX, data={**hidden(visitor.get(BOX), BOX), **asked})


def test_it_is_narrowed_by_state_and_need(house: House, visitor: httpx.Client) -> None:
    house.twin.referrals[house.twin.referral]["state"] = "received"
    page = looked(visitor, state="received", need="transportation-insecurity")
    assert page.url.query == b"state=received&need=transportation-insecurity"
    assert "Nora Muster" in page.text
    assert Reading(page.text).wrong == []
    none = looked(visitor, state="completed")
    assert "None of them fits." in none.text
    assert "Nora Muster" not in none.text


def test_a_name_is_looked_for_in_the_body(house: House, visitor: httpx.Client) -> None:
    house.twin.referrals[house.twin.referral]["state"] = "received"
    page = looked(visitor, text="nora", state="received", late="yes")
    assert (page.url.query, "Nora Muster" in page.text) == (b"", True)
    [asked] = [body for action, body, _ in house.twin.heard if action == "search_referrals"]
    assert asked == {"box": "inbox", "text": "nora", "overdue": True, "status": ["received"]}
    assert "None of them fits." in looked(visitor, text="nobody").text


def test_what_cannot_be_looked_for_is_said_beside_its_field(house: House, visitor: httpx.Client) -> None:
    page = looked(visitor, text="nora\u200b")
    assert page.status_code == 422
    assert "Check what to look for" in page.text
