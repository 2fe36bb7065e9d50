"""What an agency wrote of a client is found again from her page, by whoever may read it, and can be set right there."""

import re
from datetime import date, timedelta
from typing import Any

import httpx
import pytest

from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_client_forms import MET, send
from tests.gateway.test_pages import client_page
from tests.gateway.test_steps import did, press
from tests.gateway.upstream_needs import written
from tests.gateway.upstream_people import episode
from tests.gateway.upstream_twin import Twin, problem, reference, stamp

NOTE = "She asked for the afternoon.\nGate is on the left."


def noted(twin: Twin, text: str = NOTE) -> str:
    note = reference()
    twin.notes[note] = text
    return note


def contact_with_note(twin: Twin) -> dict[str, Any]:
    made = written(twin, twin.nora)
    made["note"] = noted(twin)
    made["history"][0]["detail"]["note"] = made["note"]
    return made


def contact_page(visitor: httpx.Client) -> str:
    """The address of the newest contact, as her page leads to it."""
    page = visitor.get(client_page(visitor)).text
    return str(re.findall(r'href="(/contacts/[a-z2-7]{26})"', page)[0])


def test_r14_a_note_is_read_on_the_contact_and_stands_in_its_form(house: House, visitor: httpx.Client) -> None:
    contact_with_note(house.twin)
    page = visitor.get(contact_page(visitor))
    assert Reading(page.text).wrong == []
    assert page.text.count("Gate is on the left.") == 2, "once read, once to be set right"


def test_a_note_that_may_not_be_read_is_no_error(house: House, visitor: httpx.Client) -> None:
    contact_with_note(house.twin)
    house.twin.breaks["get_note"] = lambda: problem(404, "not-found")
    page = visitor.get(contact_page(visitor))
    assert (page.status_code, "Gate is on the left." in page.text) == (200, False)


def test_r14_setting_it_right_keeps_what_the_form_does_not_ask(house: House, visitor: httpx.Client) -> None:
    made = contact_with_note(house.twin)
    made |= {"referral": house.twin.referral, "tags": ["doula"], "need": None}
    path = contact_page(visitor)
    typed = MET | {"contact_note": NOTE.replace("\n", "\r\n"), "tags": ["doula"]}
    same = press(visitor, visitor.get(path), f"{path}/amend", **typed)
    assert same.status_code == 200
    action, body = did(house)[-1]
    assert (action, body["referral"], body["tags"], body.get("note")) == (
        "amend_contact",
        house.twin.referral,
        ["doula"],
        None,
    )
    press(visitor, visitor.get(path), f"{path}/amend", **MET)
    assert did(house)[-1][1]["note"] == "She called back."


def test_a_note_of_a_promise_stands_on_the_plan(house: House, visitor: httpx.Client) -> None:
    at = stamp(house.twin.now + timedelta(days=2))
    promise = {"contact": reference(), "client": house.twin.nora, "planned_for": at, "mode": "phone"}
    house.twin.promised.append({**promise, "note": noted(house.twin), "status": "planned"})
    assert "Gate is on the left." in visitor.get(f"{client_page(visitor)}/plan").text


def test_r20_why_contact_ends_is_read_by_who_wrote_it(house: House, visitor: httpx.Client) -> None:
    twin = house.twin
    twin.outreach[twin.nora] = "stopped"
    path = client_page(visitor)
    assert "Left no address." not in visitor.get(path).text
    twin.stops[twin.nora] = {"cause": "moved_away", "all_agencies": True, "note": "Left no address."}
    page = visitor.get(path).text
    assert all(text in page for text in ("She moved away.", "She said: all of you.", "Left no address."))
    assert "Ella dijo: todos ustedes." in visitor.get("/language/es", headers={"referer": f"{house.url}{path}"}).text


def test_a_sender_reads_the_note_of_its_referral(house: House) -> None:
    found = house.twin.referrals[house.twin.referral]
    found["history"][0]["detail"]["note"] = noted(house.twin)
    with house.visitor("ada-example") as sender:
        assert "Gate is on the left." in sender.get(f"/referrals/{found['referral']}").text


@pytest.mark.parametrize(("language", "words"), [("en", "See it, or set it right"), ("es", "Verlo o corregirlo")])
def test_r14_the_contact_just_written_is_one_press_away(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    path = client_page(visitor)
    visitor.get(f"/language/{language}")
    page = send(visitor, f"{path}/contact", **MET)
    link = re.findall(rf'<a href="(/contacts/[a-z2-7]+)">{words}</a>', page.text)
    assert len(link) == 1
    assert visitor.get(link[0]).status_code == 200
    again = visitor.get(f"{path}?now=contact&contact=nonsense").text
    assert words not in again


def test_r8_staff_without_a_timeline_find_what_their_agency_wrote(house: House, visitor: httpx.Client) -> None:
    house.twin.breaks["get_timeline"] = lambda: problem(403, "role-forbids")
    path = client_page(visitor)
    assert "What your agency did with her" not in visitor.get(path).text
    made = written(house.twin, house.twin.nora)
    page = visitor.get(path)
    assert Reading(page.text).wrong == []
    assert visitor.get(contact_page(visitor)).status_code == 200
    made["status"] = "entered_in_error"
    assert "(entered in error)" in visitor.get(path).text


@pytest.mark.parametrize(
    ("language", "words"), [("en", "How she came to your agency"), ("es", "Cómo llegó ella a su agencia")]
)
def test_r1_her_page_at_who_accepted_her_leads_to_what_brought_her(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    twin, path = house.twin, client_page(visitor)
    visitor.get(f"/language/{language}")
    assert words not in visitor.get(path).text
    referral = {"kind": "referral", "id": twin.referral, "category": "doula", "from": {"agency": "a", "name": "Abc"}}
    twin.came_with[twin.nora] = [referral]
    page = visitor.get(path)
    assert (words in page.text, Reading(page.text).wrong) == (True, [])
    assert f'href="/referrals/{twin.referral}"' in page.text
    assert f'href="{path}/identity"' in page.text, "her record can be completed"
    twin.breaks["get_identity"] = lambda: problem(404, "not-found")
    assert f'href="{path}/identity"' not in visitor.get(path).text


MORE: dict[str, Any] = {"tags": ["doula", "food-insecurity"], "unit_count": "3", "unit_kind": "box",
        "contact_language": "es", "contact_interpreter": "no", "begun_by": "client"}  # fmt: skip
SAID: dict[str, Any] = {"tags": ["doula", "food-insecurity"], "units": [{"kind": "box", "count": 3}], "language": "es",
        "interpreter": False, "initiated_by": "client"}  # fmt: skip


def test_r17_what_a_contact_was_for_is_said_by_page_and_read_back_in_its_form(
    house: House, visitor: httpx.Client
) -> None:
    path = f"{client_page(visitor)}/contact"
    send(visitor, path, **MET)
    assert not SAID.keys() & did(house)[-1][1].keys(), "three fields are enough"
    send(visitor, path, **MET, **MORE)
    assert {name: did(house)[-1][1].get(name) for name in SAID} == SAID
    made = written(house.twin, house.twin.nora)
    made |= SAID | {"units": [*SAID["units"], {"kind": "ride", "count": 1}]}
    shown = visitor.get(f"/contacts/{handle_of(visitor, house)}")
    assert Reading(shown.text).wrong == []
    assert all(f'value="{code}" checked' in shown.text for code in SAID["tags"])
    press(visitor, shown, f"{shown.url.path}/amend", **MET, **MORE)
    assert did(house)[-1][1]["units"] == [{"kind": "box", "count": 3}, {"kind": "ride", "count": 1}]


def handle_of(visitor: httpx.Client, house: House) -> str:
    """The handle of the only contact that was written, as her page leads to it."""
    house.twin.recorded.clear()
    return contact_page(visitor).rpartition("/")[2]


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Say how many, and of what"), ("es", "Indique cuántos, y de qué")]
)
@pytest.mark.parametrize("typed", [{"unit_count": "3"}, {"unit_kind": "box"}, {"unit_count": "0", "unit_kind": "box"}])
def test_half_a_count_is_said_beside_its_field(
    house: House, visitor: httpx.Client, typed: dict[str, str], language: str, words: str
) -> None:
    path = f"{client_page(visitor)}/contact"
    visitor.get(f"/language/{language}")
    page = send(visitor, path, **MET, **typed)
    assert (page.status_code, words in page.text, Reading(page.text).wrong) == (422, True, [])
    assert did(house) == []


WHICH = "Which pregnancy was it for?"


@pytest.mark.parametrize(("kind", "step"), [("referral", "contact"), ("referral", "complete"), ("handoff", "contact")])
def test_r18_so_it_does_where_it_belongs_to_a_referral_or_handoff(
    house: House, visitor: httpx.Client, kind: str, step: str
) -> None:
    twin, id = house.twin, getattr(house.twin, kind)
    getattr(twin, f"{kind}s")[id]["state"] = "accepted"
    twin.episodes.append(episode(twin, twin.nora, date(2026, 1, 5)))
    path = f"/{kind}s/{id}"
    assert WHICH not in visitor.get(path).text
    twin.episodes.append(episode(twin, twin.nora, date(2026, 1, 6)) | {"phase": "postpartum", "state": "postpartum"})
    page = visitor.get(path)
    assert Reading(page.text).wrong == []
    chosen = re.findall(r'<option value="([a-z2-7]{26})">After her pregnancy', page.text)
    again = press(visitor, page, f"{path}/{step}", episode=chosen[0])
    assert f'<option value="{chosen[0]}" selected>' in again.text
    press(visitor, page, f"{path}/{step}", **MET, episode=chosen[0], outcome="service_received")
    recorded = dict(did(house))["record_contact"]
    assert (recorded["episode"], recorded[kind]) == (twin.episodes[1]["episode"], id)


def test_r18_a_contact_names_its_pregnancy_where_two_are_open(house: House, visitor: httpx.Client) -> None:
    twin, path = house.twin, f"{client_page(visitor)}/contact"
    twin.episodes.append(episode(twin, twin.nora, date(2026, 1, 5)))
    assert "Which pregnancy was it for?" not in visitor.get(path).text
    twin.episodes.append(episode(twin, twin.nora, date(2026, 1, 6)) | {"phase": "postpartum", "state": "postpartum"})
    page = visitor.get(path)
    chosen = re.findall(r'<option value="([a-z2-7]{26})">After her pregnancy', page.text)
    send(visitor, path, **MET, episode=chosen[0])
    assert did(house)[-1][1]["episode"] == twin.episodes[1]["episode"]
