"""The pages of a referral, a handoff and a client: what their buttons do, and that looking changes nothing."""

import re
from typing import Any

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.upstream_twin import DOULAS, HUB, problem

TODAY = "2026-11-20"
FILLED = {"referrals": "Open it: Example Clinic North sees that you have", "handoffs": "Open it"}


def did(house: House) -> list[tuple[str, dict[str, Any]]]:
    """The commands that came to the services, in order; what asks for a first answer alone is none."""
    reads = ("get_", "list_", "search_")
    heard = [each for each in house.twin.heard if not (each[0] == "register_client" and "if-match" in each[2])]
    return [(action, body) for action, body, _ in heard if not action.startswith(reads)]


def press(visitor: httpx.Client, page: httpx.Response, action: str, **fields: Any) -> httpx.Response:
    return visitor.post(action, data={**hidden(page, action), **fields})


def read_of(house: House) -> set[str]:
    """What was read of her, not being the reader's own."""
    reads = {action for action, _, _ in house.twin.heard if action.endswith("_given")}
    named = {action for action, body, _ in house.twin.heard if action.startswith("get_") and "names" not in body}
    return reads | named


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Connected: yes", "Connected: what showed it was entered in error")),
        ("es", ("Conectada: sí", "Conectada: lo que lo mostraba se anotó por error")),
    ],
)
def test_r14_what_showed_that_she_was_served_and_was_an_error_is_said(
    house: House, visitor: httpx.Client, language: str, words: tuple[str, str]
) -> None:
    visitor.get(f"/language/{language}")
    found = house.twin.referrals[house.twin.referral]
    for in_error in (False, True):
        found["facts"]["connected"] = {"yes": True, "at": "2026-11-19T18:00:00Z", "evidence_in_error": in_error}
        page = visitor.get(f"/referrals/{house.twin.referral}")
        assert [each in page.text for each in words] == [not in_error, in_error]


def test_r11_looking_changes_nothing_and_opening_does(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    for _ in range(3):
        visitor.get(path)
    assert did(house) == []
    assert read_of(house) == set()
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    assert did(house) == [("receive_referral", {})]
    assert page.url.path == path


def test_a_referral_goes_round_its_loop(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    page = press(visitor, page, f"{path}/accept", on=TODAY)
    assert "Accepted. Example Clinic North was told." in page.text
    page = press(visitor, page, f"{path}/contact", mode="phone", contact_outcome="completed", day=TODAY)
    assert "The contact is written down." in page.text
    page = press(visitor, page, f"{path}/complete", outcome="service_received", contact="new", mode="home_visit",
                 contact_outcome="completed", day=TODAY)  # fmt: skip
    assert "Completed. Example Clinic North is told how it ended." in page.text
    assert [action for action, _ in did(house)] == [
        "receive_referral", "accept_referral", "record_contact", "record_contact", "complete_referral",
    ]  # fmt: skip
    with house.visitor("ada-example") as sender:
        page = press(sender, sender.get("/work"), f"{path}/open")
        assert "The loop is closed." in page.text
    assert did(house)[-1] == ("acknowledge_referral", {"channel": "page"})


def test_for_want_of_room_she_waits_and_is_taken_on_later(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    page = press(visitor, page, f"{path}/waitlist")
    assert "On your waiting list. Example Clinic North was told." in page.text
    assert re.findall(r'<li class="([a-z ]*)"(?: aria-current="step")?><strong>On the waiting list</strong>', page.text)
    assert f'action="{path}/waitlist"' not in page.text
    press(visitor, page, f"{path}/accept", on=TODAY)
    assert [action for action, _ in did(house)] == ["receive_referral", "waitlist_referral", "accept_referral"]


def test_the_sender_takes_back_what_nobody_opened(house: House) -> None:
    path = f"/referrals/{house.twin.referral}"
    with house.visitor("ada-example") as sender:
        page = press(sender, sender.get(path), f"{path}/cancel", reason="")
        assert (page.status_code, '<a href="#reason">Say why' in page.text) == (422, True)
        page = press(sender, page, f"{path}/cancel", reason="need_resolved")
        assert "Taken back. Sample County CHW Hub sees of her no more." in page.text
    assert did(house) == [("cancel_referral", {"reason": "need_resolved"})]


def test_what_was_opened_is_stopped_by_the_receiver(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    press(visitor, visitor.get("/work"), f"{path}/open")
    with house.visitor("ada-example") as sender:
        page = press(sender, sender.get(path), f"{path}/request-cancellation", reason="moved")
        assert "Sample County CHW Hub is asked to stop." in page.text
        assert "Cancellation asked for" in page.text
    page = visitor.get(path)
    assert "Example Clinic North asks you to stop. She moved." in " ".join(page.text.split())
    page = press(visitor, page, f"{path}/confirm-cancellation")
    assert "Cancelled. Example Clinic North is told." in page.text
    asked = [action for action, _ in did(house)]
    assert asked == ["receive_referral", "request_referral_cancellation", "confirm_referral_cancellation"]


def test_r14_a_decline_by_mistake_is_taken_back_and_stays_in_the_history(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    assert "Take my last step back" not in page.text, "what was opened is opened"
    page = press(visitor, page, f"{path}/decline", reason="no_capacity")
    page = press(visitor, page, f"{path}/take-back")
    assert "Your last step is taken back." in page.text
    assert f"{path}/accept" in page.text
    assert "<s>Declined</s>" in page.text
    assert "Taken back: declined" in page.text
    assert [action for action, _ in did(house)] == ["receive_referral", "decline_referral", "take_back_referral"]


def test_r14_an_answer_to_a_handoff_is_taken_back(house: House, visitor: httpx.Client) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    page = press(visitor, visitor.get(path), f"{path}/open")
    assert "Take my last step back" not in page.text
    page = press(visitor, page, f"{path}/accept", on=TODAY)
    page = press(visitor, page, f"{path}/take-back")
    assert "Your last step is taken back." in page.text
    assert "Taken back: handoff accepted" in page.text
    assert [action for action, _ in did(house)] == ["accept_handoff", "take_back_handoff"]


def test_the_sender_says_that_it_should_never_have_been_sent(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    assert "It should never have been sent" not in visitor.get(path).text
    with house.visitor("ada-example") as sender:
        page = press(sender, sender.get(path), f"{path}/entered-in-error", error="")
        assert (page.status_code, '<a href="#error">Say what was wrong' in page.text) == (422, True)
        page = press(sender, page, f"{path}/entered-in-error", error="Another woman of that name")
        assert "Marked as entered in error." in page.text
        assert "Another woman of that name" not in page.text
    assert did(house) == [("enter_referral_in_error", {"reason": "Another woman of that name"})]
    assert "Entered in error" in visitor.get(path).text


def test_r13_giving_up_says_in_words_what_was_not_tried(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    page = press(visitor, page, f"{path}/accept")
    for mode in ("phone", "phone"):
        page = press(visitor, page, f"{path}/contact", mode=mode, contact_outcome="not_home", day=TODAY)
    assert "So far: 2 of 3 attempts, 1 way of reaching her, of 2" in page.text
    assert '<option value="unable_to_reach">Cannot reach her</option>' in page.text
    page = press(visitor, page, f"{path}/close", why="unable_to_reach")
    assert (page.status_code, "She was not tried for enough yet: 2 of 3 attempts" in page.text) == (422, True)
    page = press(visitor, page, f"{path}/contact", mode="home_visit", contact_outcome="not_home", day=TODAY)
    page = press(visitor, page, f"{path}/close", why="")
    assert (page.status_code, '<a href="#why">Say why' in page.text) == (422, True)
    page = press(visitor, page, f"{path}/close", why="unable_to_reach")
    assert "Ended. Example Clinic North is told why." in page.text
    assert did(house)[-1] == ("close_referral", {"reason": "unable_to_reach"})
    with house.visitor("ada-example") as sender:
        page = sender.get(path)
    assert "Not completed" in page.text
    assert "Cannot reach her" in page.text


MAY_NOT = {
    "en": "She may not be contacted: say that she does not want it, or that it is not safe",
    "es": "No se le puede contactar: diga que ella no lo quiere, o que no es seguro",
}


@pytest.mark.parametrize("language", ["en", "es"])
def test_r13_who_may_not_be_contacted_is_not_said_to_be_out_of_reach(
    house: House, visitor: httpx.Client, language: str
) -> None:
    path, twin = f"/referrals/{house.twin.referral}", house.twin
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    page = press(visitor, page, f"{path}/accept")
    visitor.get(f"/language/{language}")
    assert "unable_to_reach" in page.text
    # she said so while the page was open: the API knows it first
    errors = [{"pointer": "/reason", "code": "contact-prohibited", "message": "m"}]
    twin.breaks["close_referral"] = lambda: problem(422, "malformed", errors=errors)
    twin.referrals[twin.referral]["contact_prohibited"] = True
    for said in ("unable_to_reach", "moved"):
        page = press(visitor, page, f"{path}/close", why=said)
        assert (page.status_code, f'<a href="#why">{MAY_NOT[language]}' in page.text) == (422, True)
    assert ("unable_to_reach" in page.text, 'value="moved"' in page.text) == (False, True)
    assert ("of 3" in page.text, "de 3" in page.text) == (False, False)
    del twin.breaks["close_referral"]
    page = press(visitor, page, f"{path}/close", why="safety")
    assert did(house)[-1] == ("close_referral", {"reason": "safety"})


@pytest.mark.parametrize(
    ("language", "first", "never"),
    [
        ("en", "Contact Nora Muster for the first time", "Say how it ends for Nora Muster: she may not be contacted"),
        (
            "es",
            "Contactar a Nora Muster por primera vez",
            "Diga cómo termina para Nora Muster: no se le puede contactar",
        ),
    ],
)
def test_r13_the_list_asks_nobody_to_contact_who_may_not_be(
    house: House, visitor: httpx.Client, language: str, first: str, never: str
) -> None:
    path, twin = f"/referrals/{house.twin.referral}", house.twin
    press(visitor, press(visitor, visitor.get("/work"), f"{path}/open"), f"{path}/accept")
    visitor.get(f"/language/{language}")
    page = visitor.get("/work").text
    assert (first in page, never in page) == (True, False)
    client = twin.referrals[twin.referral]["client"]["client"]
    twin.plans[client] = {"contact_prohibited": True, "modes": [], "words": None, "planned_at": f"{TODAY}T00:00:00Z"}
    page = visitor.get("/work").text
    assert (first in page, never in page) == (False, True)


def test_a_supervisor_checks_how_it_ended(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    page = press(visitor, page, f"{path}/accept")
    page = press(visitor, page, f"{path}/close", why="moved")
    page = press(visitor, page, f"{path}/attest", decision="")
    assert (page.status_code, '<a href="#decision">Say what you found' in page.text) == (422, True)
    page = press(visitor, page, f"{path}/attest", decision="verified")
    assert "It is written down that you checked it." in page.text
    assert "Checked by a supervisor" in page.text
    assert did(house)[-1] == ("attest_referral", {"decision": "verified"})


def test_r14_an_ended_referral_is_sent_again_with_everything_filled_in(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    press(visitor, visitor.get(path), f"{path}/decline", reason="no_capacity")
    with house.visitor("ada-example") as sender:
        assert f'href="{path}/again"' in sender.get(path).text
        page = sender.get(f"{path}/again")
        assert "Nora Muster" in page.text
        filled = hidden(page, "/referrals/new")
        assert filled["supersedes"] == house.twin.referral
        page = sender.post("/referrals/new", data={**filled, "need": "transportation-insecurity",
                           "service": "sample-county-chw-hub/s", "consent": "yes", "how": "spoken"})  # fmt: skip
    sent = [body for action, body in did(house) if action == "send_referral"]
    assert [each.get("supersedes") for each in sent if not each.get("draft")] == [house.twin.referral]
    assert visitor.get(f"{path}/again").status_code == 404, "who was asked sends nothing again"


def test_r22_a_referral_is_taken_on_by_whoever_is_chosen(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get(path), f"{path}/open")
    offered = page.text.partition('<select id="person"')[2].partition("</select>")[0]
    assert 'value="greta-example"' in offered
    assert "ada-example" not in offered, "an administrator works with no client"
    assert ">I do</option>" in offered
    stranger = press(visitor, page, f"{path}/accept", person="nobody-example")
    assert (stranger.status_code, "Choose who takes it over" in stranger.text) == (422, True)
    page = press(visitor, page, f"{path}/accept", person="greta-example")
    assert did(house)[-1] == ("accept_referral", {"person": "greta-example"})
    assert "<dt>Takes care of her</dt><dd>Greta Example</dd>" in page.text
    with house.visitor("ada-example") as sender:
        assert "Takes care of her" not in sender.get(path).text


def test_r22_whoever_chooses_nobody_takes_it_on(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, press(visitor, visitor.get(path), f"{path}/open"), f"{path}/accept", person="")
    assert did(house)[-1] == ("accept_referral", {})
    assert "<dt>Takes care of her</dt><dd>You</dd>" in page.text


def test_r15_a_silence_stands_on_top_of_her_page(house: House, visitor: httpx.Client) -> None:
    path, late = client_page(visitor), "A contact with her is waited for"
    assert late not in visitor.get(path).text
    house.twin.late.append(
        {"kind": "episode", "id": "0194a000-0000-8000-8000-000000000001", "domain": "home_visiting",
         "waits_for": "silence", "waits_on": HUB, "due": "2026-11-17T01:00:00Z"}
    )  # fmt: skip
    top = visitor.get(path).text.partition('aria-labelledby="late"')[2].partition("</section>")[0]
    assert (late in top, "by your agency" in top, "You lead home visits." in top) == (True, True, True)
    assert f'href="{path}/contact">Record a contact</a>' in top


def test_a_decline_needs_a_reason(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get(path), f"{path}/decline", reason="")
    assert page.status_code == 422
    assert '<a href="#reason">Say why' in page.text
    assert did(house) == []
    page = press(visitor, page, f"{path}/decline", reason="no_capacity")
    assert did(house) == [("decline_referral", {"reason": "no_capacity"})]
    assert "555 010 0134" not in page.text


@pytest.mark.parametrize("path", ["/referrals/{twin.referral}", "/handoffs/{twin.handoff}"])
def test_r11_nothing_that_she_gave_is_shown_before_it_is_opened(house: House, visitor: httpx.Client, path: str) -> None:
    path = path.format(twin=house.twin)
    page = visitor.get(path)
    assert not any(each in page.text for each in ("Nora", "Muster", "555 010 0134", "Works mornings."))
    assert "What she agreed to give you is shown once you open it, here and in your lists" in page.text
    assert re.findall(r"<button>([^<]+)</button>", page.text.partition("<main")[2]) == [FILLED[path.split("/")[1]]]
    assert (did(house), read_of(house)) == ([], set())
    page = press(visitor, page, f"{path}/open")
    assert "Nora Muster" in page.text
    assert "555 010 0134" in page.text
    assert "on her list of who saw her record" in page.text
    assert f"{path}/accept" in Reading(page.text).addresses


@pytest.mark.parametrize("language", ["en", "es"])
def test_r11_no_list_says_who_she_is_before_it_is_opened_and_says_why(
    house: House, visitor: httpx.Client, language: str
) -> None:
    visitor.get(f"/language/{language}")
    why = {"en": "Of what nobody here has opened you do not see yet", "es": "De lo que nadie de su agencia ha abierto"}
    house.twin.plans[house.twin.nora] = {"words": "Mornings only", "modes": ["phone"]}
    path = f"/referrals/{house.twin.referral}"
    for address in ("/work", "/work/inbox"):
        page = visitor.get(address).text
        assert ("Nora" in page, "Mornings only" in page, why[language] in page) == (False, False, True), address
    with house.visitor("ada-example") as sender:
        page = sender.get("/work/outbox").text
        assert ("Nora Muster" in page, why["en"] in page) == (True, False)
    press(visitor, visitor.get(path), f"{path}/open")
    house.twin.handoffs.clear()
    for address in ("/work", "/work/inbox"):
        page = visitor.get(address).text
        assert ("Nora Muster" in page, why[language] in page) == (True, False), address


def test_r1_a_list_that_shows_a_given_name_says_that_this_is_written_down(house: House, visitor: httpx.Client) -> None:
    said = "Of clients whom you have not taken on yet you see the name once it was opened."
    path = f"/referrals/{house.twin.referral}"
    opened = press(visitor, visitor.get(path), f"{path}/open")
    for address in ("/work", "/work/inbox"):
        page = visitor.get(address).text
        assert ("Nora Muster" in page, said in page) == (True, True), address
    with house.visitor("ada-example") as sender:
        page = sender.get("/work/outbox").text
        assert ("Nora Muster" in page, said in page) == (True, False)
    press(visitor, opened, f"{path}/accept", on="")
    house.twin.handoffs.clear()
    for address in ("/work", "/work/inbox"):
        page = visitor.get(address).text
        assert ("Nora Muster" in page, said in page) == (True, False), address


def test_r11_a_no_needs_nothing_that_she_gave(house: House, visitor: httpx.Client) -> None:
    for path, reason in (
        (f"/referrals/{house.twin.referral}", "no_capacity"), (f"/handoffs/{house.twin.handoff}", "out_of_area"),
    ):  # fmt: skip
        house.twin.heard.clear()
        page = press(visitor, visitor.get(path), f"{path}/decline", reason="")
        assert page.status_code == 422
        assert "Nora" not in page.text
        assert read_of(house) == set()
        press(visitor, page, f"{path}/decline", reason=reason)
        assert [body for _, body in did(house)] == [{"reason": reason}]


def test_r11_a_referral_that_informs_is_opened_each_time(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    house.twin.referrals[house.twin.referral]["mode"] = "informational"
    page = press(visitor, visitor.get(path), f"{path}/open")
    assert "Works mornings." in page.text
    assert did(house) == []
    page = visitor.get(f"{path}/open")
    assert page.url.path == path
    assert "Works mornings." not in page.text


def test_the_receiver_reads_what_was_given(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get(path), f"{path}/open")
    assert "555 010 0134" in page.text
    assert "Works mornings." in page.text
    assert "on her list of who saw her record" in page.text
    with house.visitor("ada-example") as sender:
        page = sender.get(f"/referrals/{house.twin.referral}")
        assert "555 010 0134" not in page.text
        assert "Accept" not in page.text.replace("Accepted", "")


@pytest.mark.parametrize(
    ("fields", "missing"),
    [
        ({"outcome": ""}, "outcome"),
        ({"outcome": "enrolled", "mode": "", "day": TODAY}, "c-mode"),
        ({"outcome": "enrolled", "mode": "phone", "day": "2999-01-01"}, "c-day"),
        ({"outcome": "enrolled", "mode": "phone", "day": "x"}, "c-day"),
    ],
)
def test_a_completion_needs_what_shows_it(
    house: House, visitor: httpx.Client, fields: dict[str, str], missing: str
) -> None:
    path = f"/referrals/{house.twin.referral}"
    house.twin.referrals[house.twin.referral]["state"] = "accepted"
    page = press(visitor, visitor.get(path), f"{path}/complete", **fields)
    read = Reading(page.text)
    assert page.status_code == 422
    assert f'href="#{missing}"' in page.text
    assert missing in read.ids
    assert read.wrong == []
    assert "complete_referral" not in dict(did(house))


def test_the_receivers_own_number_goes_along_and_is_said_beside_its_field(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get(path), f"{path}/open")
    errors = [{"pointer": "/identifier", "code": "x", "message": "m"}]
    house.twin.breaks["accept_referral"] = lambda: problem(422, "malformed", errors=errors)
    page = press(visitor, page, f"{path}/accept", identifier="!")
    assert (page.status_code, 'href="#identifier"' in page.text) == (422, True)
    assert "Your number has letters, digits" in page.text
    del house.twin.breaks["accept_referral"]
    press(visitor, page, f"{path}/accept", identifier="FILL-0815")
    assert dict(did(house))["accept_referral"] == {"identifier": "FILL-0815"}


def test_somebody_was_first(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get(path), f"{path}/open")
    house.twin.breaks["accept_referral"] = lambda: problem(409, "referral-already-answered", stands="accepted")
    page = press(visitor, page, f"{path}/accept", on="")
    assert page.status_code == 409
    assert "Someone at your agency answered this referral first" in page.text
    assert "Accepted" in page.text
    assert "referral-already-answered, 409" in page.text


@pytest.mark.parametrize("kind", ["referral", "handoff"])
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("too_far_ahead", {"en": "lies too far ahead. Check the year", "es": "Revise el año"}),
        ("too_far_back", {"en": "lies too far back. Check the year", "es": "Revise el año"}),
        ("date", {"en": "Give the first contact a date", "es": "Ponga fecha al primer contacto"}),
    ],
)
def test_a_first_contact_on_an_impossible_day_is_said_beside_it(
    house: House, visitor: httpx.Client, kind: str, code: str, words: dict[str, str]
) -> None:
    path = f"/{kind}s/{getattr(house.twin, kind)}"
    page = press(visitor, visitor.get(path), f"{path}/open")
    errors = [{"pointer": "/on", "code": code, "message": "m"}]
    house.twin.breaks[f"accept_{kind}"] = lambda: problem(422, "malformed", errors=errors)
    for language, said in words.items():
        visitor.get(f"/language/{language}")
        page = press(visitor, page, f"{path}/accept", on="2199-01-01")
        assert (page.status_code, 'href="#on"' in page.text, said in page.text) == (422, True, True)
        assert Reading(page.text).wrong == []
    assert "2199-01-01" in page.text


@pytest.mark.parametrize("kind", ["referral", "handoff"])
def test_the_day_of_the_first_contact_stands_on_both_pages(house: House, visitor: httpx.Client, kind: str) -> None:
    path = f"/{kind}s/{getattr(house.twin, kind)}"
    press(visitor, press(visitor, visitor.get(path), f"{path}/open"), f"{path}/accept", on="2027-05-01")
    assert "First contact planned for 1 May 2027" in visitor.get(path).text
    with house.visitor("ada-example") as sender:
        sender.get("/language/es")
        assert "Primer contacto previsto para el 1 de mayo de 2027" in sender.get(path).text


def test_a_step_that_nobody_knows_leads_nowhere(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    form = hidden(visitor.get(path), f"{path}/decline")
    assert visitor.post(f"{path}/reopen", data=form).status_code == 404
    assert did(house) == []


def test_a_handoff_is_accepted_with_a_date(house: House, visitor: httpx.Client) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    assert "Will your agency lead for Nora Muster?" in page.text
    assert "2 open referrals are watched by you from then on" in page.text
    missing = press(visitor, page, f"{path}/accept", on="")
    assert missing.status_code == 422
    assert "Nora Muster" in missing.text
    page = press(visitor, page, f"{path}/accept", on=TODAY)
    assert did(house) == [("accept_handoff", {"on": TODAY})]
    assert "Sample County CHW Hub leads." in page.text


def test_a_handoff_is_introduced_by_its_receiver(house: House, visitor: httpx.Client) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    for page in (visitor.get(path), press(visitor, visitor.get(path), f"{path}/open")):
        assert "/introduce" not in page.text
    page = press(visitor, page, f"{path}/accept", on=TODAY)
    page = press(visitor, page, f"{path}/introduce")
    assert (page.status_code, [action for action, _ in did(house)]) == (422, ["accept_handoff"])
    page = press(visitor, visitor.get(path), f"{path}/introduce", present="yes")
    assert did(house)[-1] == ("introduce_handoff", {"client_present": True})
    assert "It is written down that you spoke." in page.text


@pytest.mark.parametrize(
    ("pointer", "code", "field", "words"),
    [
        ("/consent/on", "consent-too-long-ago", "on", {"en": "two years back", "es": "hace más de dos años"}),
        ("/consent/on", "before_birth", "on", {"en": "Check the day on which she agreed", "es": "Revise el día"}),
        ("/consent", "consent-names-no-field", "consent", {"en": "Say whether she agreed", "es": "Indique si"}),
    ],
)
def test_she_agrees_to_a_handoff_on_a_possible_day(
    house: House, pointer: str, code: str, field: str, words: dict[str, str]
) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    house.twin.handoffs[house.twin.handoff]["may"] = ["client-agrees"]
    errors = [{"pointer": pointer, "code": code, "message": "m"}]
    house.twin.breaks["client_agrees_handoff"] = lambda: problem(422, "malformed", errors=errors)
    said = {"consent": "yes", "how": "spoken", "on": "1900-01-01", "fields": "name"}
    with house.visitor("ada-example") as sender:
        for language, told in words.items():
            sender.get(f"/language/{language}")
            page = press(sender, sender.get(path), f"{path}/client-agrees", **said)
            assert (page.status_code, f'href="#{field}"' in page.text, told in page.text) == (422, True, True)
            assert Reading(page.text).wrong == []


@pytest.mark.parametrize(
    ("step", "body", "action", "notice"),
    [
        ("withdraw", {"reason": "duplicate"}, "withdraw_handoff", "Withdrawn."),
        ("client-declines", {}, "client_declines_handoff", "that she does not want it"),
    ],
)
def test_a_handoff_is_ended_by_its_sender(
    house: House, step: str, body: dict[str, str], action: str, notice: str
) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    with house.visitor("ada-example") as sender:
        page = press(sender, sender.get(path), f"{path}/{step}", **body)
    assert did(house) == [(action, body)]
    assert notice in page.text


def test_r19_what_nobody_leads_is_taken_and_a_lead_is_left(house: House) -> None:
    with house.visitor("ada-example") as clinic:
        path = f"{client_page(clinic)}/lead"
        page = clinic.get(path)
        assert "Whom does she call when something goes wrong?" in page.text
        assert press(clinic, page, path).status_code == 422
        page = press(clinic, page, path, domain="doula")
        assert "Your agency leads it from today." in page.text
        page = press(clinic, page, f"{path}/leave")
        assert "Your agency leads it no more." in page.text
        house.twin.breaks["take_responsibility"] = lambda: problem(409, "domain-led", stands="led")
        page = press(clinic, page, path, domain="infant")
        assert (page.status_code, "Somebody leads this already" in page.text) == (422, True)
    assert did(house) == [
        ("take_responsibility", {"domain": "doula"}), ("leave_responsibility", {}),
        ("take_responsibility", {"domain": "infant"}),
    ]  # fmt: skip


def test_a_handoff_is_declined_with_a_reason(house: House, visitor: httpx.Client) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    assert press(visitor, visitor.get(path), f"{path}/decline", reason="").status_code == 422
    press(visitor, visitor.get(path), f"{path}/decline", reason="out_of_area")
    assert did(house) == [("decline_handoff", {"reason": "out_of_area"})]


@pytest.mark.parametrize("by", ["work", "page"])
def test_r11_that_nobody_took_it_over_is_read_by_its_sender(house: House, visitor: httpx.Client, by: str) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    press(visitor, visitor.get(path), f"{path}/decline", reason="out_of_area")
    with house.visitor("ada-example") as sender:
        if by == "work":
            listed = sender.get("/work")
            assert "Read that Sample County CHW Hub did not take over for Nora Muster" in listed.text
            page = press(sender, listed, f"{path}/open")
        else:
            page = press(sender, sender.get(path), f"{path}/acknowledge")
            assert "You know now that nobody took it over." in page.text
        assert (page.status_code, "The sender read that nobody took it up" in page.text) == (200, True)
        assert "did not take over for" not in sender.get("/work").text
    assert did(house)[-1] == ("acknowledge_handoff", {})


def test_her_page_writes_things_down(house: House, visitor: httpx.Client) -> None:
    path = client_page(visitor)
    page = press(visitor, visitor.get(path), f"{path}/episode", identified_on=TODAY)
    assert "The pregnancy is written down." in page.text
    page = visitor.get(f"{path}/consent")
    assert press(visitor, page, f"{path}/consent").status_code == 422
    page = press(visitor, page, f"{path}/consent", agreed="yes", how="spoken", category="doula", fields=["name"],
                 on=TODAY)  # fmt: skip
    assert "What she said is written down." in page.text
    page = press(visitor, visitor.get(f"{path}/contact"), f"{path}/contact", mode="phone", day=TODAY,
                 contact_outcome="completed")  # fmt: skip
    assert "The contact is written down." in page.text
    page = visitor.get(f"{path}/handoff")
    assert press(visitor, page, f"{path}/handoff").status_code == 422
    page = press(visitor, page, f"{path}/handoff", to="example-clinic-north", domain="doula", kind="warm_remote")
    assert "Proposed. Nothing was sent yet" in page.text
    assert [action for action, _ in did(house)] == [
        "open_episode", "record_consent", "record_contact", "propose_handoff",
    ]  # fmt: skip


def test_a_search_stands_in_no_address(house: House, visitor: httpx.Client) -> None:
    page = visitor.get("/clients")
    found = visitor.post("/clients", data={**hidden(page, None), "find": "muster nora"})
    assert found.url.path == "/clients"
    assert not found.url.query
    assert "1 client fits" in found.text
    assert "None of your clients fits" in visitor.post("/clients", data={**hidden(page, None), "find": "zzz"}).text


def test_a_client_is_registered_once_looked_for(house: House, visitor: httpx.Client) -> None:
    page = visitor.get("/clients/new")
    assert visitor.post("/clients/new", data=hidden(page, "/clients/new")).status_code == 422
    again = press(visitor, page, "/clients/new", given="Nora", family="Muster")
    assert "It is Nora Muster" in again.text
    page = press(visitor, again, "/clients/new", given="Nora", family="Muster", surely="new")
    assert "She is your client now." in page.text
    assert did(house) == [("register_client", {"names": [{"given": "Nora", "family": "Muster"}]})]


def test_news_are_counted_for_the_script(house: House, visitor: httpx.Client) -> None:
    page = visitor.get("/work")
    assert f'data-seen="{house.twin.referral} {house.twin.handoff}"' in page.text
    assert visitor.get("/work/news").json() == {"items": [house.twin.referral, house.twin.handoff]}
    assert visitor.get("/work/news?show=acknowledge").json() == {"items": []}
    sent = [house.twin.send(DOULAS, HUB, "doula", house.twin.nora) for _ in range(250)]
    house.twin.heard.clear()
    assert set(sent) <= set(visitor.get("/work/news").json()["items"])
    asked = [body for action, body, _ in house.twin.heard if action == "list_work"]
    assert [body.get("cursor") for body in asked] == [None, "200"]
    assert {body["names"] for body in asked} == {"false"}, "R1: no name was shown to anybody"


def test_r9_a_registration_that_is_sent_twice_ends_on_her_page(house: House, visitor: httpx.Client) -> None:
    page = visitor.get("/clients/new")
    form = {**hidden(page, "/clients/new"), "given": "Lia", "family": "Specimen"}
    first, second = (visitor.post("/clients/new", data=form) for _ in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert "She is your client now." in second.text
    assert first.url == second.url
    assert [who["given"] for who in house.twin.clients.values()].count("Lia") == 1
    other = {**form, **hidden(visitor.get("/clients/new"), "/clients/new")}
    assert "It is Lia Specimen" in visitor.post("/clients/new", data=other).text, "another form is another woman"
    assert [who["given"] for who in house.twin.clients.values()].count("Lia") == 1


def test_r1_names_are_asked_for_where_a_page_shows_them(house: House, visitor: httpx.Client) -> None:
    def asked() -> list[bool]:
        found = [body.get("names") != "false" for action, body, _ in house.twin.heard if action == "list_work"]
        house.twin.heard.clear()
        return found

    asked()
    visitor.get("/work")
    assert asked() == [True]
    for path in ("/work/news", "/clients", "/referrals/new"):
        visitor.get(path)
        assert asked() == [False], path


def test_nothing_waits(house: House, visitor: httpx.Client) -> None:
    house.twin.referrals.clear()
    house.twin.handoffs.clear()
    page = visitor.get("/work")
    assert Reading(page.text).headings == ["Nothing waits for you"]


@pytest.mark.parametrize(
    ("language", "lead", "words"),
    [
        ("en", "nobody", ("Nobody leads this yet.", "Example Clinic North leads")),
        ("es", "nobody", ("Nadie está a cargo todavía.", "Example Clinic North dirige")),
        ("en", "another", ("Another agency leads.", "Example Clinic North leads")),
        ("en", "sender", ("Example Clinic North leads until", "Nobody leads this yet.")),
    ],
)
def test_r19_a_handoff_says_who_leads_what_it_is_about(
    house: House, visitor: httpx.Client, language: str, lead: str, words: tuple[str, str]
) -> None:
    said, unsaid = words
    house.twin.handoffs[house.twin.handoff]["lead"] = lead
    visitor.get(f"/language/{language}")
    path = f"/handoffs/{house.twin.handoff}"
    with house.visitor("ada-example") as sender:
        sender.get(f"/language/{language}")
        for page in (visitor.get(path), sender.get(path)):
            assert (said in page.text, unsaid in page.text) == (True, False)
        if lead == "nobody":
            page = sender.get(f"{path}?now=offer")
            assert ("You lead" in page.text, "Usted dirige" in page.text) == (False, False)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "That contact does not show what was done for her."), ("es", "Ese contacto no muestra lo que se hizo")],
)
@pytest.mark.parametrize("contact", ["new", "written"])
def test_r17_a_completion_by_a_contact_that_shows_nothing_is_said_at_its_field(
    house: House, visitor: httpx.Client, contact: str, language: str, words: str
) -> None:
    path, twin = f"/referrals/{house.twin.referral}", house.twin
    page = press(visitor, press(visitor, visitor.get("/work"), f"{path}/open"), f"{path}/accept")
    visitor.get(f"/language/{language}")
    said = {"mode": "mail", "contact_outcome": "completed", "day": TODAY}
    if contact == "written":
        page = press(visitor, page, f"{path}/contact", **said)
        contact = re.findall(r'name="contact" id="[\w-]+" value="([\w-]+)"', page.text)[0]
    twin.breaks["complete_referral"] = lambda: problem(409, "no-evidence")
    done = {"outcome": "service_received", "contact": contact, **said}
    page = press(visitor, page, f"{path}/complete", **done)
    read = Reading(page.text)
    assert (page.status_code, f'<a href="#contact">{words}' in page.text) == (422, True)
    assert ("contact-error" in read.ids, read.wrong) == (True, [])
    del twin.breaks["complete_referral"]
    page = press(visitor, page, f"{path}/complete", **{**done, "contact": "new", "mode": "home_visit"})
    assert did(house)[-1][0] == "complete_referral"
    assert [body["mode"] for action, body in did(house) if action == "record_contact"] == ["mail", "home_visit"]


@pytest.mark.parametrize(
    ("language", "due", "read"), [("en", "Due ", "To be read by "), ("es", "Vence ", "Por leer antes del ")]
)
def test_what_has_ended_is_due_no_more_but_to_be_read(
    house: House, visitor: httpx.Client, language: str, due: str, read: str
) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, visitor.get("/work"), f"{path}/open")
    press(visitor, page, f"{path}/decline", reason="no_capacity")
    house.twin.referrals[house.twin.referral] |= {"due": "2099-01-05T01:00:00Z", "overdue": False}
    visitor.get(f"/language/{language}")
    with house.visitor("ada-example") as sender:
        sender.get(f"/language/{language}")
        shown = [each.get(path).text.partition("</h1>")[2].partition("</p>")[0] for each in (visitor, sender)]
    assert [(due in text, read in text) for text in shown] == [(False, False), (False, True)]


@pytest.mark.parametrize(
    ("language", "late", "ahead"), [("en", "was due ", ">due "), ("es", "venció el ", "vence el ")]
)
def test_what_is_long_past_was_due(house: House, visitor: httpx.Client, language: str, late: str, ahead: str) -> None:
    house.twin.referrals[house.twin.referral] |= {"due": "2026-01-05T01:00:00Z", "overdue": True}
    visitor.get(f"/language/{language}")
    line = visitor.get("/work").text.partition('datetime="2026-01-05')[2].partition("</time>")[0]
    assert (late in line, ahead in line) == (True, False)
