""" "I do it" on the work list: by whom, given back, taken over, and a colleague who was first said in its place."""

import httpx

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.upstream_twin import stamp

OTHER = {"person": "greta-example", "name": "Greta Example"}


def press(visitor: httpx.Client, path: str, *, page: httpx.Response | None = None) -> httpx.Response:
    """What the button with this address does."""
    return visitor.post(path, data=hidden(page or visitor.get("/work"), path))


def claimed_by_greta(house: House) -> None:
    now = house.twin.now
    house.twin.claims[house.twin.referral] = {**OTHER, "since": stamp(now), "until": stamp(now)}


def item(page: httpx.Response, id: str) -> str:
    """The markup of one item of the list."""
    return page.text.partition(f'id="i-{id}"')[2].partition("</li>")[0]


def test_it_is_claimed_and_given_back_where_it_stands(house: House, visitor: httpx.Client) -> None:
    path = f"/work/{house.twin.referral}"
    page = press(visitor, f"{path}/claim")
    assert (page.url.path, page.url.fragment) == ("/work", f"i-{house.twin.referral}")
    assert "You do it, until" in item(page, house.twin.referral)
    assert "You do it" not in item(page, house.twin.handoff)
    assert "You do it, until" in visitor.get("/work?show=mine").text
    page = press(visitor, f"{path}/release")
    assert "You do it, until" not in page.text


def test_who_else_does_it_is_named_and_can_be_relieved(house: House, visitor: httpx.Client) -> None:
    claimed_by_greta(house)
    assert "Greta Example does it, until" in item(visitor.get("/work"), house.twin.referral)
    page = press(visitor, f"/work/{house.twin.referral}/take-over")
    assert "You do it, until" in item(page, house.twin.referral)


def test_claimed_a_second_ago_by_someone_else_that_item_says_so_in_place(house: House, visitor: httpx.Client) -> None:
    drawn = visitor.get("/work")
    claimed_by_greta(house)
    page = press(visitor, f"/work/{house.twin.referral}/claim", page=drawn)
    said = "A colleague was first. Yours was not saved: theirs stands."
    assert (page.status_code, said in item(page, house.twin.referral)) == (409, True)
    assert "Greta Example does it, until" in item(page, house.twin.referral)
    assert said not in item(page, house.twin.handoff)
    assert Reading(page.text).wrong == []


def test_a_press_that_is_none_is_not_found(house: House, visitor: httpx.Client) -> None:
    form = hidden(visitor.get("/work"), f"/work/{house.twin.referral}/claim")
    assert visitor.post(f"/work/{house.twin.referral}/drop", data=form).status_code == 404


def test_an_empty_list_says_when_the_next_is_due(house: House, visitor: httpx.Client) -> None:
    house.twin.referrals.clear()
    house.twin.handoffs.clear()
    assert "The next is due" in visitor.get("/work").text


def test_who_does_what_is_a_page(house: House, visitor: httpx.Client) -> None:
    assert Reading(visitor.get("/work/claims").text).headings == ["Nobody has claimed anything"]
    claimed_by_greta(house)
    page = visitor.get("/work/claims")
    assert Reading(page.text).headings == ["1 thing is being done"]
    assert "Greta Example" in page.text
