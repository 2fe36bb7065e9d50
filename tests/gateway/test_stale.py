"""Forms that are out of date, and forms that are sent twice: what stands, stands, and the first answer comes again."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_steps import TODAY, press

pytestmark = pytest.mark.slow  # walks many pages

MET = {"mode": "home_visit", "contact_outcome": "completed", "day": TODAY}
COMPLETES = {"outcome": "enrolled", "contact": "new", **MET}
SAID = {"en": "Your answer was not saved. Theirs stands.", "es": "Su respuesta no se guardó. Vale la de ellos."}


@pytest.fixture
def colleague(house: House) -> Iterator[httpx.Client]:
    """The same agency at another browser."""
    with house.visitor("sam-specimen") as visitor:
        yield visitor


def opened(visitor: httpx.Client, path: str) -> httpx.Response:
    return press(visitor, visitor.get(path), f"{path}/open")


def steps(house: House) -> list[str]:
    """What the referral's history tells, without what was sent."""
    history = house.twin.referrals[house.twin.referral]["history"]
    return [str(event["type"]).removesuffix(".v1") for event in history[1:]]


@pytest.mark.parametrize("language", ["en", "es"])
def test_r12_a_decline_on_a_page_that_is_out_of_date_saves_nothing(
    house: House, visitor: httpx.Client, colleague: httpx.Client, language: str
) -> None:
    path = f"/referrals/{house.twin.referral}"
    visitor.get(f"/language/{language}")
    page = opened(visitor, path)
    press(colleague, colleague.get(path), f"{path}/accept", on=TODAY)
    stale = press(visitor, page, f"{path}/decline", reason="no_capacity")
    read = Reading(stale.text)
    assert (stale.status_code, read.wrong) == (412, [])
    assert SAID[language] in stale.text
    assert read.title.startswith(("Error: ", "Error:"))
    assert house.twin.referrals[house.twin.referral]["state"] == "accepted"
    assert steps(house) == ["referral.received", "referral.accepted"]
    assert f"{path}/complete" in read.addresses, "the page as it is now stands beneath"
    assert "stale" in read.ids
    again = press(visitor, stale, f"{path}/close", why="no_capacity")
    assert again.status_code == 200
    assert steps(house)[-1] == "referral.not_completed", "whoever read what stands may still decide"


def test_r12_it_says_what_stands_and_since_when(house: House, visitor: httpx.Client, colleague: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = opened(visitor, path)
    press(colleague, colleague.get(path), f"{path}/decline", reason="no_capacity")
    stale = press(visitor, page, f"{path}/accept", on=TODAY)
    notice = stale.text.partition('id="stale"')[2].partition("</section>")[0]
    assert stale.status_code == 412
    assert "Last: Declined, " in notice
    assert "Sample County CHW Hub. No room." in notice


@pytest.mark.parametrize(("mine", "theirs"), [("decline", "accept"), ("accept", "decline")])
def test_r12_a_handoff_page_that_is_out_of_date_saves_nothing(
    house: House, visitor: httpx.Client, colleague: httpx.Client, mine: str, theirs: str
) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    said: dict[str, dict[str, str]] = {"accept": {"on": TODAY}, "decline": {"reason": "out_of_area"}}
    page = opened(visitor, path)
    press(colleague, opened(colleague, path), f"{path}/{theirs}", **said[theirs])
    stale = press(visitor, page, f"{path}/{mine}", **said[mine])
    assert (stale.status_code, Reading(stale.text).wrong) == (412, [])
    assert SAID["en"] in stale.text
    assert house.twin.handoffs[house.twin.handoff]["state"] == {"accept": "accepted", "decline": "declined"}[theirs]


def test_a_completion_that_is_out_of_date_writes_down_no_contact(
    house: House, visitor: httpx.Client, colleague: httpx.Client
) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, opened(visitor, path), f"{path}/accept", on="")
    press(colleague, colleague.get(path), f"{path}/complete", **COMPLETES)
    stale = press(visitor, page, f"{path}/complete", **{**COMPLETES, "outcome": "need_resolved"})
    assert stale.status_code == 412
    assert SAID["en"] in stale.text
    assert len(house.twin.contacts) == 1
    assert steps(house).count("referral.completed") == 1


def test_a_colleague_who_met_her_has_not_answered(house: House, visitor: httpx.Client, colleague: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = opened(visitor, path)
    page = press(visitor, page, f"{path}/accept", on="")
    press(colleague, colleague.get(path), f"{path}/contact", **MET)
    done = press(visitor, page, f"{path}/complete", **COMPLETES)
    assert done.status_code == 200
    assert steps(house)[-1] == "referral.completed"


def test_r11_a_no_on_the_page_of_what_a_colleague_opened_meanwhile_is_saved(
    house: House, visitor: httpx.Client, colleague: httpx.Client
) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = visitor.get(path)
    opened(colleague, path)
    assert press(visitor, page, f"{path}/decline", reason="no_capacity").status_code == 200
    assert steps(house) == ["referral.received", "referral.declined"]


@pytest.mark.parametrize("version", ["", "0", "x", "-1", "9" * 20])
def test_a_form_without_its_version_saves_nothing(house: House, visitor: httpx.Client, version: str) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = opened(visitor, path)
    assert press(visitor, page, f"{path}/accept", on="", version=version).status_code == 412
    assert steps(house) == ["referral.received"]


ROUND: list[tuple[str, dict[str, Any]]] = [
    ("open", {}), ("accept", {"on": TODAY}), ("contact", MET), ("complete", COMPLETES),
]  # fmt: skip


def test_r9_each_form_that_is_sent_twice_ends_where_it_ended_first(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = visitor.get(path)
    for step, fields in ROUND:
        form = {**hidden(page, f"{path}/{step}"), **fields}
        first, second = (visitor.post(f"{path}/{step}", data=form) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 200), step
        assert first.url == second.url
        page = second
    assert steps(house) == [
        "referral.received", "referral.accepted", "contact.recorded", "contact.recorded", "referral.completed",
    ]  # fmt: skip
    assert len(house.twin.contacts) == 2


def test_r9_a_completion_with_its_contact_that_is_sent_twice_is_one(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, opened(visitor, path), f"{path}/accept", on="")
    form = {**hidden(page, f"{path}/complete"), **COMPLETES}
    first, second = (visitor.post(f"{path}/complete", data=form) for _ in range(2))
    assert (first.status_code, second.status_code, first.url) == (200, 200, second.url)
    assert len(house.twin.contacts) == 1
    assert steps(house).count("referral.completed") == 1


@pytest.mark.parametrize(("step", "fields"), [("accept", {"on": TODAY}), ("decline", {"reason": "out_of_area"})])
def test_r9_a_handoffs_answer_that_is_sent_twice_is_one(
    house: House, visitor: httpx.Client, step: str, fields: dict[str, str]
) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    form = {**hidden(opened(visitor, path), f"{path}/{step}"), **fields}
    first, second = (visitor.post(f"{path}/{step}", data=form) for _ in range(2))
    assert (first.status_code, second.status_code, first.url) == (200, 200, second.url)
    assert len(house.twin.handoffs[house.twin.handoff]["history"]) == 2


def test_every_step_names_the_version_that_its_form_was_drawn_from(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    press(visitor, opened(visitor, path), f"{path}/accept", on="")
    named = {action: headers.get("if-match") for action, _, headers in house.twin.heard}
    assert named["accept_referral"] == '"2"'
