"""The page of an agency's staff (R22): names, roles, open clients; whoever manages it hands a leaver's work over."""

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_steps import press


def test_r22_staff_see_each_other_and_hand_nothing_over(house: House, visitor: httpx.Client) -> None:
    assert 'href="/staff"' in visitor.get("/work").text
    page = visitor.get("/staff")
    assert Reading(page.text).headings == ["2 people work here"]
    assert Reading(page.text).wrong == []
    for each in ("Greta Example", "staff", "agency administrator", ">3<"):
        assert each in page.text
    form = hidden(visitor.get("/clients"))
    assert visitor.post("/staff", data={**form, "from": "greta-example", "to": "ada-example"}).status_code == 403
    assert [name for name, _, _ in house.twin.heard if name == "hand_over_claims"] == []


def test_r22_an_administrator_hands_over_a_leavers_work_in_one_step(house: House) -> None:
    with house.visitor("ada-example") as visitor:
        done = press(visitor, visitor.get("/staff"), "/staff", **{"from": "greta-example", "to": "ada-example"})
    assert "Handed over." in done.text
    said = [body for name, body, _ in house.twin.heard if name == "hand_over_claims"]
    assert said == [{"from": "greta-example", "to": "ada-example"}]


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"from": "", "to": "ada-example"}, "Say whose work is handed over"),
        ({"from": "somebody-else", "to": "ada-example"}, "Say whose work is handed over"),
        ({"from": "ada-example", "to": "ada-example"}, "Say who does it from now on"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_handed_over(house: House, chosen: dict[str, str], said: str) -> None:
    with house.visitor("ada-example") as visitor:
        page = press(visitor, visitor.get("/staff"), "/staff", **chosen)
    assert (page.status_code, said in page.text) == (422, True)
    assert [name for name, _, _ in house.twin.heard if name == "hand_over_claims"] == []
