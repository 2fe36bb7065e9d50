"""The page of an agency's staff (R22): names, roles, open clients; whoever manages it hands a leaver's work on."""

from typing import Any

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_steps import press


def asked(house: House, name: str) -> list[Any]:
    return [body for heard, body, _ in house.twin.heard if heard == name]


def test_r22_staff_see_each_other_and_hand_nothing_on(house: House, visitor: httpx.Client) -> None:
    assert 'href="/staff"' in visitor.get("/work").text
    page = visitor.get("/staff")
    assert Reading(page.text).headings == ["2 people work here"]
    assert Reading(page.text).wrong == []
    for each in ("Greta Example", "staff", "agency administrator", ">3<", ">4<"):
        assert each in page.text
    assert "Somebody leaves" not in page.text
    form = hidden(visitor.get("/clients"))
    for path in ("/staff/held", "/staff/hand-on"):
        data = {**form, "from": "greta-example", "to": "rosa-sample", "all": "yes"}
        assert visitor.post(path, data=data).status_code == 403
    assert (asked(house, "list_held"), asked(house, "hand_on")) == ([], [])


def shown(visitor: httpx.Client, person: str = "greta-example") -> httpx.Response:
    return press(visitor, visitor.get("/staff"), "/staff/held", **{"from": person})


def test_r22_an_administrator_sees_what_a_leaver_holds_and_hands_all_of_it_on(house: House) -> None:
    house.twin.colleagues.append("rosa-sample")
    with house.visitor("ada-example") as visitor:
        page = shown(visitor)
        reading = Reading(page.text)
        assert (reading.headings[0], reading.wrong) == ("Greta Example looks after 2 things", [])
        assert "greta" not in str(page.url)
        for each in ("Referral: Rides to appointments", "You lead: Birth support", "They said that they do it"):
            assert each in page.text
        done = press(visitor, page, "/staff/hand-on", to="rosa-sample", all="yes")
        assert "They look after nothing any more." in done.text
        assert "looks after nothing" in Reading(shown(visitor).text).headings[0]
    assert asked(house, "hand_on") == [{"from": "greta-example", "to": "rosa-sample"}]


def test_r22_or_only_what_is_ticked(house: House) -> None:
    house.twin.colleagues.append("rosa-sample")
    with house.visitor("ada-example") as visitor:
        done = press(visitor, shown(visitor), "/staff/hand-on", to="rosa-sample", work=house.twin.referral)
    assert "They still look after some things." in done.text
    said = {"from": "greta-example", "to": "rosa-sample", "work": [house.twin.referral]}
    assert asked(house, "hand_on") == [said]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"to": "", "all": "yes"}, "Say who looks after it from now on"),
        ({"to": "greta-example", "all": "yes"}, "Say who looks after it from now on"),
        ({"to": "ada-example", "all": "yes"}, "Say who looks after it from now on"),
        ({"to": "rosa-sample"}, "Tick what is handed on"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_handed_on(house: House, chosen: dict[str, str], said: str) -> None:
    house.twin.colleagues.append("rosa-sample")
    with house.visitor("ada-example") as visitor:
        page = press(visitor, shown(visitor), "/staff/hand-on", **chosen)
        unknown = shown(visitor, "somebody-else")
    assert (page.status_code, said in page.text) == (422, True)
    assert (unknown.status_code, "Say who leaves" in unknown.text) == (422, True)
    assert asked(house, "hand_on") == []


def test_where_nobody_else_works_with_clients_it_is_said(house: House) -> None:
    with house.visitor("ada-example") as visitor:
        page = shown(visitor)
    assert "Nobody else of your agency works with clients yet" in page.text
    assert 'action="/staff/hand-on"' not in page.text
