"""Pages of needs, screenings, the plan of contacts and group sessions, in both languages and without a script."""

import re
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_client_forms import linked, send
from tests.gateway.test_pages import client_page
from tests.gateway.test_steps import TODAY, press
from tests.gateway.upstream_needs import written
from tests.gateway.upstream_twin import problem


def done(house: House, action: str) -> dict[str, Any]:
    """The body of the last call of this action."""
    return [body for name, body, _ in house.twin.heard if name == action][-1]


def test_a_screening_that_finds_a_need_offers_the_referral_with_its_fields_filled(
    house: House, visitor: httpx.Client
) -> None:
    path = client_page(visitor)
    page = send(visitor, f"{path}/screening", instrument="hunger_vital_sign", result="positive", day=TODAY)
    assert page.url.path == f"{path}/needs"
    assert "1 need is open" in page.text
    offer = re.search(rf'href="({path}/refer\?for=\w+)"', page.text)
    assert offer is not None
    assert house.twin.needs[0]["need"] not in page.text
    form = visitor.get(offer.group(1))
    assert re.search(r'<option value="food-insecurity"[^>]* selected', form.text)
    assert f'name="for_need" value="{house.twin.needs[0]["need"]}"' in form.text
    assert Reading(visitor.get(path).text).wrong == []
    assert "1 need is open" in visitor.get(path).text


def test_prapare_says_what_came_of_each_question(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/screening"
    answers = {"prapare-food-insecurity": "positive", "prapare-intimate-partner-violence": "declined"}
    send(visitor, path, instrument="prapare", day=TODAY, **answers)
    assert done(house, "record_screening")["domains"] == [
        {"category": "food-insecurity", "result": "positive"},
        {"category": "intimate-partner-violence", "result": "declined"},
    ]


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"day": TODAY}, ["instrument", "result"]),
        ({"instrument": "prapare", "day": TODAY}, ["prapare"]),
        ({"instrument": "epds", "result": "positive", "score": "31", "day": TODAY}, ["score"]),
        ({"instrument": "ipv", "result": "positive", "score": "1", "day": TODAY}, ["score"]),
        ({"instrument": "ipv", "result": "positive", "day": "2999-01-01"}, ["day"]),
    ],
)
def test_what_a_screening_lacks_is_said_beside_its_field(
    house: House, visitor: httpx.Client, typed: dict[str, str], fields: list[str]
) -> None:
    page = send(visitor, f"{client_page(visitor)}/screening", **typed)
    assert (page.status_code, Reading(page.text).wrong, linked(page)) == (422, [], fields)
    assert house.twin.screenings == []


def test_a_need_is_written_down_and_ends(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/needs"
    page = send(visitor, path, category="doula")
    assert "The need is written down." in page.text
    for step, fields, words in (
        ("resolve", {"how": "served"}, "No need is open"),
        ("entered-in-error", {"reason": "Another client"}, "Entered in error"),
    ):
        if step == "entered-in-error":
            page = send(visitor, path, category="wic")
        handle = re.search(r'name="need" value="(\w+)"', page.text)
        assert handle is not None
        key = hidden(page, f"{path}/{step}")
        page = visitor.post(f"{path}/{step}", data={**key, "need": handle.group(1), **fields})
        assert words in page.text
    assert send(visitor, path).status_code == 422


def test_a_contact_is_promised_recorded_and_called_off(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/plan"
    send(visitor, path, mode="phone", day="2099-01-05", clock="09:30")
    page = send(visitor, path, mode="home_visit", day="2099-01-05", clock="09:30")
    assert "2 contacts are promised" in page.text
    handles = re.findall(r'name="contact" value="(\w+)"', page.text)
    record = {**hidden(page, f"{path}/record"), "contact": handles[0], "mode": "phone", "day": TODAY}
    page = visitor.post(f"{path}/record", data={**record, "contact_outcome": "completed"})
    assert "1 contact is promised" in page.text
    assert done(house, "record_planned_contact")["mode"] == "phone"
    off = {**hidden(page, f"{path}/cancel"), "contact": handles[-1], "outcome": "cancelled_by_client"}
    assert "Nothing is promised" in visitor.post(f"{path}/cancel", data=off).text
    page = send(visitor, path, mode="phone", day="2000-01-05")
    assert (page.status_code, linked(page)) == (422, ["day"])


def test_a_group_session_is_one_form_for_all_of_them(house: House, visitor: httpx.Client) -> None:
    second = house.twin.register("Marta", "Muster")
    page = visitor.get("/group-session")
    assert ("Nobody is on the list yet" in page.text, "expected</h2>" in page.text) == (True, True)
    page = visitor.post("/group-session", data={**hidden(page, "/group-session"), "do": "find", "find": "Muster"})
    found = re.findall(r'name="add" id="[\w-]+" value="(\w+)"', page.text)
    assert len(found) == 2
    page = visitor.post("/group-session", data={**hidden(page, "/group-session"), "do": "find", "add": found})
    assert ("2 clients were expected" in page.text, "Nobody is on the list yet" in page.text) == (True, False)
    assert "None of your clients fits" not in page.text
    again = {**hidden(page, "/group-session"), "member": found, "do": "find", "find": "Muster"}
    assert "Who fits is among them already" in visitor.post("/group-session", data=again).text
    nobody = {**hidden(page, "/group-session"), "member": found, "do": "find", "find": "Nobody Here"}
    assert "None of your clients fits" in visitor.post("/group-session", data=nobody).text
    typed = {"member": found, f"came-{found[0]}": "yes", "day": TODAY, "minutes": "90", "about": "group_prenatal_care"}
    page = visitor.post("/group-session", data={**hidden(page, "/group-session"), **typed})
    assert (page.status_code, linked(page)) == (422, [f"came-{found[1]}"])
    whole = typed | {f"came-{found[1]}": "no"}
    page = visitor.post("/group-session", data={**hidden(page, "/group-session"), **whole, "minutes": "0"})
    assert (page.status_code, linked(page)) == (422, ["minutes"])
    errors = [{"pointer": "/on", "code": "contact-day-too-long-ago", "message": "m"}]
    house.twin.breaks["record_group_session"] = lambda: problem(422, "malformed", errors=errors)
    page = visitor.post("/group-session", data={**hidden(page, "/group-session"), **whole, "day": "1990-01-01"})
    assert (page.status_code, linked(page)) == (422, ["day"])
    assert "This is long before your agency knew of her. Check the year" in page.text
    del house.twin.breaks["record_group_session"]
    page = visitor.post("/group-session", data={**hidden(page, "/group-session"), **whole})
    assert "Written down for each of them." in page.text
    body = done(house, "record_group_session")
    assert {each["client"] for each in body["members"]} == {house.twin.nora, second}
    assert sorted(each["attended"] for each in body["members"]) == [False, True]
    assert (body["duration_min"], body["tags"]) == (90, ["group_prenatal_care"])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "It is written down already for this day. Was there another?"),
        ("es", "Ya está anotada para ese día. ¿Hubo otra?"),
    ],
)
def test_the_same_group_on_the_same_day_is_asked_about(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    her = client_page(visitor).rpartition("/")[2]
    typed = {"member": [her], f"came-{her}": "yes", "day": TODAY}
    visitor.get(f"/language/{language}")

    def sessions() -> int:
        return sum("group_session" in str(each["history"]) for each in house.twin.written)

    first = {**hidden(visitor.get("/group-session"), "/group-session"), **typed}
    for _ in range(2):  # the same form twice ends where it ended first
        assert visitor.post("/group-session", data=first).url.params["now"] == "recorded"
    second = {**hidden(visitor.get("/group-session"), "/group-session"), **typed}
    page = visitor.post("/group-session", data=second)
    assert (page.status_code, linked(page), words in page.text, sessions()) == (422, ["again"], True, 1)
    assert Reading(page.text).wrong == []
    again = {**hidden(page, "/group-session"), **typed, "again": "yes"}
    assert visitor.post("/group-session", data=again).status_code == 200
    assert sessions() == 2
    yesterday = (date.fromisoformat(TODAY) - timedelta(days=1)).isoformat()
    other_day = {**hidden(visitor.get("/group-session"), "/group-session"), **typed, "day": yesterday}
    assert visitor.post("/group-session", data=other_day).status_code == 200
    in_error = {"type": "contact.entered_in_error.v1"}
    for each in house.twin.written:
        each["history"] += [{**each["history"][0], **in_error}]
    third = {**hidden(visitor.get("/group-session"), "/group-session"), **typed}
    assert visitor.post("/group-session", data=third).status_code == 200


def test_a_quick_contact_has_three_fields_and_the_rest_is_folded(visitor: httpx.Client) -> None:
    page = visitor.get(f"{client_page(visitor)}/contact").text
    before = page[page.index('<form class="card read"') : page.index("<details")]
    assert re.findall(r'<(?:select|input type="date"|textarea)[^>]* name="(\w+)"', before) == [
        "mode",
        "contact_outcome",
        "day",
    ]


def test_a_contact_is_set_right_taken_back_and_entered_in_error(house: House, visitor: httpx.Client) -> None:
    path, made = client_page(visitor), written(house.twin, house.twin.nora)
    link = re.search(r'href="(/contacts/[a-z2-7]{26})"', visitor.get(path).text)
    assert link is not None
    page = visitor.get(link.group(1))
    assert (Reading(page.text).wrong, made["contact"] in page.text) == ([], False)
    assert "Written down more than 7 days later." in page.text
    for step, fields, words in (
        ("amend", {"mode": "home_visit", "contact_outcome": "not_home", "day": TODAY}, "It reads so now."),
        ("take-back", {}, "Your last step is taken back."),
    ):
        made["status"] = "completed"
        address = f"{link.group(1)}/{step}"
        page = visitor.post(address, data={**hidden(visitor.get(link.group(1)), address), **fields})
        assert words in page.text
    made["status"] = "completed"
    address = f"{link.group(1)}/entered-in-error"
    page = visitor.post(address, data=hidden(visitor.get(link.group(1)), address))
    assert (page.status_code, linked(page)) == (422, ["reason"])
    page = visitor.post(address, data={**hidden(page, address), "reason": "It was another client"})
    assert "Marked as entered in error." in page.text
    assert "Set it right" not in page.text


@pytest.mark.parametrize(
    ("result", "language", "words"),
    [
        ("positive", "en", "What it found stands here"),
        ("negative", "en", "It found nothing that a referral is needed for."),
        ("negative", "es", "No encontró nada para lo que haga falta una derivación."),
    ],
)
def test_a_screening_offers_a_referral_where_it_found_something(
    visitor: httpx.Client, result: str, language: str, words: str
) -> None:
    path = client_page(visitor)
    visitor.get(f"/language/{language}")
    page = send(visitor, f"{path}/screening", instrument="hunger_vital_sign", result=result, day=TODAY)
    assert words in page.text
    assert ("What it found stands here" in page.text) == (result == "positive")


def test_a_screening_of_long_ago_is_asked_about(house: House, visitor: httpx.Client) -> None:
    errors = [{"pointer": "/at", "code": "screening-too-long-ago", "message": "m"}]
    house.twin.breaks["record_screening"] = lambda: problem(422, "malformed", errors=errors)
    typed = {"instrument": "hunger_vital_sign", "result": "positive", "day": "2016-01-04"}
    page = send(visitor, f"{client_page(visitor)}/screening", **typed)
    assert (page.status_code, 'href="#day"' in page.text) == (422, True)
    assert "This is long before your agency knew of her. Check the year" in page.text


def test_r14_a_screening_that_was_never_asked_is_entered_in_error_with_a_reason(
    house: House, visitor: httpx.Client
) -> None:
    path = client_page(visitor)
    send(visitor, f"{path}/screening", instrument="hunger_vital_sign", result="negative", day=TODAY)
    address = f"{path}/needs/never-asked"
    page = press(visitor, visitor.get(f"{path}/needs"), address, reason="")
    assert page.status_code == 422
    assert not house.twin.screenings[0]["entered_in_error"]
    page = press(visitor, visitor.get(f"{path}/needs"), address, reason="Another client")
    assert "Marked as entered in error." in page.text
    assert done(house, "enter_screening_in_error") == {"reason": "Another client"}
    assert address not in page.text
