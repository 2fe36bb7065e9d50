"""Passing a referral on: the receiver chooses who could help, the sender opens what waits, filled in (R3)."""

from collections.abc import Iterator

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.upstream_twin import DOULAS, HUB, NORTH


def received(house: House) -> str:
    """A referral to the hub for a doula, which somebody there has opened; its path."""
    id = house.twin.send(NORTH, HUB, "doula", house.twin.nora)
    house.twin.referrals[id]["state"] = "received"
    return f"/referrals/{id}"


@pytest.fixture
def clinic(house: House) -> Iterator[httpx.Client]:
    """A browser in which the sender is signed in."""
    with house.visitor("ada-example") as visitor:
        yield visitor


def test_r3_the_receiver_passes_it_on_to_who_offers_the_same(house: House) -> None:
    path = received(house)
    with house.visitor("sam-specimen") as hub:
        page = hub.get(path)
        assert "Somebody else can help her" in page.text
        form = {**hidden(page, f"{path}/redirect"), "because": "no_capacity"}
        missing = hub.post(f"{path}/redirect", data=form)
        assert (missing.status_code, Reading(missing.text).wrong) == (422, [])
        assert "Choose who could help" in missing.text
        done = hub.post(f"{path}/redirect", data={**form, "elsewhere": "example-doula-network/birth-doula"})
    assert "Passed on." in done.text
    [asked] = [body for action, body, _ in house.twin.heard if action == "redirect_referral"]
    to = {"agency": DOULAS["agency"], "service": "birth-doula"}
    assert asked == {"to": to, "reason": "no_capacity"}


def test_r3_the_sender_opens_what_waits_and_types_nothing_again(house: House, clinic: httpx.Client) -> None:
    path = received(house)
    passed = {"to": DOULAS, "service": "birth-doula", "service_name": "Birth doula", "child": None, "waiting": True}
    house.twin.referrals[path.rpartition("/")[2]] |= {"state": "redirected", "redirected": passed}
    page = clinic.get(path)
    assert "Sample County CHW Hub passed it on to Example Doula Network" in page.text
    assert f"{path}/again" not in page.text, "it waits to be sent on, which is enough"
    draft = clinic.post(f"{path}/draft", data=hidden(page, f"{path}/draft"))
    assert draft.url.path.startswith("/drafts/")
    for kept in ("Nora Muster", "Rings twice.", 'value="example-doula-network/birth-doula" checked'):
        assert kept in draft.text


def test_r3_what_went_out_is_followed(house: House, clinic: httpx.Client) -> None:
    path = received(house)
    child = house.twin.send(NORTH, DOULAS, "doula", house.twin.nora)
    passed = {"to": DOULAS, "service": "birth-doula", "service_name": "Birth doula", "child": child, "waiting": False}
    house.twin.referrals[path.rpartition("/")[2]] |= {"state": "redirected", "redirected": passed}
    page = clinic.get(path)
    assert f'href="/referrals/{child}"' in page.text
    assert Reading(page.text).wrong == []


def test_r3_what_was_let_go_is_followed_nowhere(house: House, clinic: httpx.Client) -> None:
    path = received(house)
    passed = {"to": DOULAS, "service": "birth-doula", "service_name": "Birth doula", "child": None, "waiting": True}
    found = house.twin.referrals[path.rpartition("/")[2]]
    found |= {"state": "redirected", "redirected": passed}
    page = clinic.get(path)
    assert "Let it go: she is sent to nobody" in page.text
    assert "close the loop" not in page.text
    found["redirected"] = passed | {"waiting": False, "child": "01a205e3-72ed-712b-a1e7-19c1e9790459"}
    page = clinic.get(path)
    assert "You let it go: she was sent to nobody." in page.text
    assert "Follow it there" not in page.text
