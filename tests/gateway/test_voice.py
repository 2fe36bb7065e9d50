"""A client's voice on the page of a referral that has ended."""

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.test_steps import did, press


@pytest.fixture
def ended(house: House) -> str:
    """The address of a referral that the hub completed."""
    found = house.twin.referrals[house.twin.referral]
    found |= {"state": "completed", "outcome": "service_received"}
    return f"/referrals/{house.twin.referral}"


def test_she_is_asked_and_her_words_are_written_down(house: House, visitor: httpx.Client, ended: str) -> None:
    page = visitor.get(ended)
    assert "Was her need met? Was she treated with respect?" in page.text
    page = press(visitor, page, f"{ended}/ask-feedback")
    assert "She was asked how it was" in page.text
    page = press(visitor, page, f"{ended}/feedback", need_met="yes", respectful_care="partly")
    assert "What she said is written down." in page.text
    assert "She said how it was" in page.text
    assert did(house)[-2:] == [
        ("ask_referral_feedback", {}),
        ("answer_referral_feedback", {"need_met": "yes", "respectful_care": "partly"}),
    ]


def test_nothing_chosen_is_asked_for_again(house: House, visitor: httpx.Client, ended: str) -> None:
    page = press(visitor, visitor.get(ended), f"{ended}/ask-feedback")
    page = press(visitor, page, f"{ended}/feedback")
    assert page.status_code == 422
    assert "Choose what she said, or that she would rather not" in page.text
    press(visitor, page, f"{ended}/feedback", declined="yes")
    assert did(house)[-1] == ("answer_referral_feedback", {"declined": True})


def test_the_other_side_learns_that_she_answered_and_not_what(house: House, visitor: httpx.Client, ended: str) -> None:
    press(visitor, press(visitor, visitor.get(ended), f"{ended}/ask-feedback"), f"{ended}/feedback", need_met="no")
    with house.visitor("ada-example") as sender:
        page = sender.get(ended)
    assert "What she said stays with the agency that asked her." in page.text
    assert "Her need was met" not in page.text


def test_nobody_is_asked_while_it_goes_on(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    press(visitor, visitor.get("/work"), f"{path}/open")
    assert "Ask her how it was" not in visitor.get(path).text
