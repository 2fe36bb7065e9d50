"""Visits on the page of a referral: the receiver books, moves and answers them, the sender sees the days."""

import html
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.test_pages import client_page
from tests.gateway.test_steps import did, press


@pytest.fixture
def path(house: House, visitor: httpx.Client) -> str:
    """A referral that the visitor's agency accepted."""
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    press(visitor, page, f"{path}/accept")
    house.twin.heard.clear()
    return path


def book(visitor: httpx.Client, path: str, **fields: Any) -> httpx.Response:
    said = {"day": "2099-11-20", "clock": "09:30"} | fields
    return press(visitor, visitor.get(path), f"{path}/appointments", **said)


def booked(house: House, visitor: httpx.Client, path: str, *, days: float = 3) -> str:
    """The address of a visit that is booked, so many days from now."""
    book(visitor, path)
    (visit,) = house.twin.referrals[house.twin.referral]["appointments"]
    visit["due_at"] = (house.twin.now + timedelta(days=days)).isoformat()
    return f"/appointments/{visit['appointment']}"


def test_a_visit_is_booked_in_the_zone_of_the_initiative(house: House, visitor: httpx.Client, path: str) -> None:
    page = book(visitor, path, day="2099-07-01", clock="09:30")
    assert "The visit is booked. Example Clinic North sees the day." in page.text
    assert "1 July 2099, 09:30" in page.text
    ((action, body),) = did(house)
    assert (action, datetime.fromisoformat(body["due_at"]).utcoffset()) == ("book_appointment", timedelta(hours=-7))


def test_the_sender_sees_the_day_and_presses_nothing(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path)
    with house.visitor("ada-example") as sender:
        page = sender.get(path)
        assert 'id="visits"' in page.text
        assert visit not in page.text
        assert "Book a" not in page.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"day": ""}, "book-day"),
        ({"clock": ""}, "book-clock"),
        ({"clock": "soon"}, "book-clock"),
        ({"day": "2020-01-01"}, "book-day"),
        ({"day": "2027-03-14", "clock": "02:30"}, "book-clock"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(
    house: House, visitor: httpx.Client, path: str, fields: dict[str, str], wrong: str
) -> None:
    page = book(visitor, path, **fields)
    assert (page.status_code, f'<a href="#{wrong}">' in page.text) == (422, True)
    assert f'id="{wrong}-error"' in page.text
    assert house.twin.referrals[house.twin.referral]["appointments"] == []


@pytest.mark.parametrize(
    ("language", "words"), [("en", "clocks go forward that night"), ("es", "esa noche se adelantan los relojes")]
)
def test_an_hour_that_the_clocks_skip_is_said_at_its_field(
    house: House, visitor: httpx.Client, path: str, language: str, words: str
) -> None:
    visitor.get(f"/language/{language}")
    assert words in book(visitor, path, day="2027-03-14", clock="02:30").text
    assert book(visitor, path, day="2027-03-14", clock="03:30").status_code == 200
    assert did(house)[-1][1]["due_at"] == "2027-03-14T03:30:00-07:00"


SAID = {"reschedule": "The visit has another time.", "cancel": "The visit is cancelled."}


@pytest.mark.parametrize(
    ("step", "fields"),
    [
        ("reschedule", {"day": "2099-11-27", "clock": "14:00", "by": "client"}),
        ("cancel", {"by": "agency"}),
    ],
)
def test_it_is_moved_and_cancelled_by_whom(
    house: House, visitor: httpx.Client, path: str, step: str, fields: dict[str, str]
) -> None:
    visit = booked(house, visitor, path)
    missing = press(visitor, visitor.get(path), f"{visit}/{step}", **{**fields, "by": ""})
    assert missing.status_code == 422
    assert "Say who" in missing.text
    page = press(visitor, missing, f"{visit}/{step}", **fields)
    assert SAID[step] in page.text
    assert did(house)[-1][0] == f"{step}_appointment"
    assert did(house)[-1][1]["by"] == fields["by"]


def test_before_its_time_nobody_is_asked_whether_she_came(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path, days=1)
    assert f'action="{visit}/attend"' not in visitor.get(path).text


def test_she_came_and_that_completes_it(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path, days=-1)
    page = press(visitor, visitor.get(path), f"{visit}/attend")
    assert "It is written down that she came." in page.text
    id = visit.rpartition("/")[2]
    assert f'value="visit-{id}" checked' in page.text
    press(visitor, page, f"{path}/complete", outcome="enrolled", contact=f"visit-{id}")
    assert did(house)[-1] == ("complete_referral", {"outcome": "enrolled", "appointment": id})


def test_r14_what_was_said_of_it_by_mistake_is_taken_back(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path, days=-1)
    assert f'action="{visit}/take-back"' not in visitor.get(path).text
    page = press(visitor, visitor.get(path), f"{visit}/no-show")
    page = press(visitor, page, f"{visit}/take-back")
    assert "Taken back. The visit stands as it stood before." in page.text
    assert did(house)[-1] == ("take_back_appointment", {})
    assert f'action="{visit}/attend"' in page.text


def test_r14_a_visit_that_never_was_is_entered_in_error(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path)
    field = f"{visit.rpartition('/')[2]}-error"
    missing = press(visitor, visitor.get(path), f"{visit}/entered-in-error")
    assert (missing.status_code, f'<a href="#{field}">Say what was wrong</a>' in missing.text) == (422, True)
    page = press(visitor, missing, f"{visit}/entered-in-error", error="Another woman of that name.")
    assert "The visit is marked as entered in error." in page.text
    assert did(house)[-1] == ("enter_appointment_in_error", {"reason": "Another woman of that name."})
    assert ("Another woman" in page.text, f'action="{visit}/' in page.text) == (False, False)


def test_in_front_of_a_client_she_did_not_come(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path, days=-1)
    page = press(visitor, visitor.get(path), f"{visit}/no-show")
    assert "It is written down that she did not come." in page.text
    shown = page.text.partition("<main")[2].replace("/no-show", "")
    assert "no-show" not in shown.lower()


def test_what_was_drawn_before_somebody_answered_saves_nothing(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path, days=-1)
    drawn = visitor.get(path)
    press(visitor, visitor.get(path), f"{visit}/no-show")
    page = press(visitor, drawn, f"{visit}/attend")
    assert page.status_code == 412
    assert did(house)[-1][0] == "attend_appointment"
    assert house.twin.referrals[house.twin.referral]["appointments"][0]["state"] == "no_show"


def test_its_address_leads_to_its_referral(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path)
    assert str(visitor.get(visit).url).endswith(f"{path}#visits")
    assert visitor.get(f"{visit}/attend").url.path == path
    assert visitor.post(f"{visit}/dance", data=hidden(visitor.get(path), f"{visit}/cancel")).status_code == 404


def test_her_page_shows_what_is_booked(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path)
    page = visitor.get(client_page(visitor))
    assert "1 visit is booked" in page.text
    assert f'href="{visit}"' in page.text


def test_a_visit_on_the_work_list_leads_to_its_referral(house: House, visitor: httpx.Client, path: str) -> None:
    visit = booked(house, visitor, path, days=-2)
    page = visitor.get("/work")
    assert "Say whether Nora Muster came to the visit" in page.text
    assert f'href="{visit}"' in page.text


def test_other_systems_words_are_folded_away(house: House, visitor: httpx.Client, path: str) -> None:
    page = visitor.get(path).text
    folded = html.unescape(page).partition("In other systems' words")[2].partition("</details>")[0]
    assert "received, 2.0" in folded
    assert "not verified" in folded
    assert "no word for it" in folded
