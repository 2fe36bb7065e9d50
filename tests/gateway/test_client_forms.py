"""Forms on a client's pages: what the API refuses stands beside the field, in the reader's words; no day is guessed."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.test_stale import opened
from tests.gateway.test_steps import TODAY, did, press
from tests.gateway.upstream_twin import problem

MET = {"mode": "phone", "contact_outcome": "completed", "day": TODAY, "contact_note": "She called back."}
LONG_AGO = [{"pointer": "/on", "code": "contact-day-too-long-ago", "message": "m"}]
SAID = {"agreed": "yes", "how": "spoken", "recipient": "example-doula-network", "fields": ["name"]}


def refused(house: House, action: str, *pointers: str) -> None:
    errors = [{"pointer": pointer, "code": "x", "message": "m"} for pointer in pointers]
    house.twin.breaks[action] = lambda: problem(422, "malformed", errors=errors)


def send(visitor: httpx.Client, path: str, **fields: Any) -> httpx.Response:
    return visitor.post(path, data={**hidden(visitor.get(path), path), **fields})


def linked(page: httpx.Response) -> list[str]:
    return re.findall(r'<li><a href="#([\w-]+)">', page.text)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Say when it took place; it cannot be in the future"), ("es", "Indique cuándo fue")],
)
def test_a_contact_that_the_api_refuses_is_said_beside_its_fields(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    path = f"{client_page(visitor)}/contact"
    visitor.get(f"/language/{language}")
    refused(house, "record_contact", "/at", "/outcome", "/note")
    page = send(visitor, path, **MET)
    assert (page.status_code, Reading(page.text).wrong) == (422, [])
    assert linked(page) == ["day", "contact_outcome", "contact_note"]
    assert words in page.text
    assert "She called back." in page.text


@pytest.mark.parametrize(
    ("refusal", "language", "words"),
    [
        (lambda: problem(409, "no-further-contact"), "en", "There is no further contact with her."),
        (lambda: problem(409, "no-further-contact"), "es", "Ya no hay más contacto con ella."),
        (lambda: problem(422, "malformed", errors=LONG_AGO), "en", "This is long before your agency knew of her."),
        (lambda: problem(422, "malformed", errors=LONG_AGO), "es", "Eso fue mucho antes"),
    ],
)
def test_a_contact_that_cannot_have_been_is_said_beside_its_day(
    house: House, visitor: httpx.Client, refusal: Any, language: str, words: str
) -> None:
    path = f"{client_page(visitor)}/contact"
    visitor.get(f"/language/{language}")
    house.twin.breaks["record_contact"] = refusal
    page = send(visitor, path, **MET)
    assert (page.status_code, linked(page), words in page.text) == (422, ["day"], True)
    assert "She called back." in page.text


def test_a_day_without_a_time_is_sent_as_a_day(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/contact"
    send(visitor, path, **MET)
    assert {name: did(house)[-1][1].get(name) for name in ("on", "at")} == {"on": TODAY, "at": None}
    send(visitor, path, **MET | {"day": "2026-01-16"}, clock="09:30")
    assert did(house)[-1][1]["at"] == "2026-01-16T09:30:00-08:00"


def test_a_completion_whose_contact_is_refused_keeps_what_was_typed(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, opened(visitor, path), f"{path}/accept", on="")
    refused(house, "record_contact", "/at")
    page = press(visitor, page, f"{path}/complete", outcome="enrolled", contact="new", **MET)
    assert (page.status_code, Reading(page.text).wrong) == (422, [])
    assert linked(page) == ["c-day"]
    assert "She called back." in page.text
    assert house.twin.referrals[house.twin.referral]["state"] == "accepted"


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"on": "31.12.2025"}, "on"), ({"on": "2999-01-01"}, "on"), ({"on": TODAY, "expires": "next year"}, "expires")],
)
def test_a_day_of_consent_that_cannot_be_read_is_asked_for_again(
    house: House, visitor: httpx.Client, typed: dict[str, str], field: str
) -> None:
    page = send(visitor, f"{client_page(visitor)}/consent", **SAID, **typed)
    assert (page.status_code, linked(page)) == (422, [field])
    assert typed[field] in Reading(page.text).values[field]
    assert did(house) == []


def test_a_consent_without_a_day_is_of_today(house: House, visitor: httpx.Client) -> None:
    assert send(visitor, f"{client_page(visitor)}/consent", **SAID, on="").status_code == 200
    today = datetime.now(ZoneInfo("America/Los_Angeles")).date()
    assert did(house)[0][1]["on"] == today.isoformat()


@pytest.mark.parametrize("typed", ["31.12.2025", ""])
def test_a_pregnancy_has_a_day_that_can_be_read(house: House, visitor: httpx.Client, typed: str) -> None:
    path = client_page(visitor)
    page = press(visitor, visitor.get(path), f"{path}/episode", identified_on=typed)
    assert (page.status_code, linked(page), Reading(page.text).wrong) == (422, ["identified_on"], [])
    assert did(house) == []


def test_a_pregnancy_that_the_api_refuses_is_said_beside_its_day(house: House, visitor: httpx.Client) -> None:
    path = client_page(visitor)
    refused(house, "open_episode", "/identified_on")
    page = press(visitor, visitor.get(path), f"{path}/episode", identified_on="1970-01-01")
    assert (page.status_code, linked(page)) == (422, ["identified_on"])
    house.twin.breaks["open_episode"] = lambda: problem(409, "episode-already-open")
    page = press(visitor, visitor.get(path), f"{path}/episode", identified_on=TODAY)
    assert "A pregnancy is open already" in page.text


def test_the_address_of_that_form_leads_back_to_her(visitor: httpx.Client) -> None:
    path = client_page(visitor)
    assert visitor.get(f"{path}/episode").url.path == path


@pytest.mark.parametrize(
    ("slug", "field"), [("episode-not-open", "domain"), ("lead-moved", "domain"), ("handoff-already-open", "to")]
)
def test_a_handoff_that_cannot_be_proposed_keeps_what_was_typed(
    house: House, visitor: httpx.Client, slug: str, field: str
) -> None:
    typed = {
        "to": "example-clinic-north",
        "domain": "primary_care_coordination",
        "kind": "warm_remote",
        "note": "Soon.",
    }
    house.twin.breaks["propose_handoff"] = lambda: problem(409, slug)
    page = send(visitor, f"{client_page(visitor)}/handoff", **typed)
    assert (page.status_code, linked(page), Reading(page.text).wrong) == (422, [field], [])
    assert "Soon." in page.text
    refused(house, "propose_handoff", "/note")
    assert linked(send(visitor, f"{client_page(visitor)}/handoff", **typed)) == ["note"]


def test_a_handoff_that_breaks_otherwise_has_a_page(house: House, visitor: httpx.Client) -> None:
    typed = {"to": "example-clinic-north", "domain": "primary_care_coordination", "kind": "warm_remote"}
    house.twin.breaks["propose_handoff"] = lambda: problem(503, "unavailable")
    page = send(visitor, f"{client_page(visitor)}/handoff", **typed)
    assert (page.status_code, "We do not know whether it was saved." in page.text) == (503, True)


def test_r1_she_takes_back_what_she_agreed_to(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/consent"
    send(visitor, path, **SAID)
    page = press(visitor, visitor.get(path), f"{path}/take-back")
    assert "She took it back." in page.text
    assert did(house)[-1] == ("revoke_consent", {"how": "spoken"})
    page = visitor.get(path)
    assert ("Taken back" in page.text, f"{path}/take-back" in page.text) == (True, False)


def test_for_whom_and_for_what_are_told_apart(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/consent"
    send(visitor, path, **SAID, category="housing-instability")
    assert "<strong>Example Doula Network, for one need: Keeping a home</strong>" in visitor.get(path).text


def test_that_it_ran_out_is_read_once(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/consent"
    send(visitor, path, **SAID)
    assert f"{path}/acknowledge" not in Reading(visitor.get(path).text).addresses
    house.twin.consents[0] |= {"state": "expired", "ended_on": "2026-11-20"}
    page = press(visitor, visitor.get(path), f"{path}/acknowledge")
    assert "You know now that it ran out." in page.text
    assert did(house)[-1] == ("acknowledge_consent", {})
    assert f"{path}/acknowledge" not in Reading(visitor.get(path).text).addresses


def test_r14_what_she_never_said_is_entered_in_error_with_a_reason(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/consent"
    send(visitor, path, **SAID)
    page = press(visitor, visitor.get(path), f"{path}/entered-in-error", reason="")
    assert (page.status_code, linked(page)) == (422, ["reason"])
    page = press(visitor, visitor.get(path), f"{path}/entered-in-error", reason="Another client")
    assert "Marked as entered in error." in page.text
    assert did(house)[-1] == ("enter_consent_in_error", {"reason": "Another client"})
    page = visitor.get(path)
    assert ("Entered in error" in page.text, f"{path}/entered-in-error" in page.text) == (True, False)


def test_what_she_says_otherwise_takes_the_place_of_what_she_said(house: House, visitor: httpx.Client) -> None:
    path = f"{client_page(visitor)}/consent"
    form = {"form": "ascmi_ab133", "form_version": "2025-07", "kind-housing": "no", "measurement": "no"}
    send(visitor, path, **SAID, **form)
    page = press(visitor, visitor.get(path), f"{path}/change")
    assert "What does she say about sharing now?" in page.text
    chosen = re.findall(r'<option value="([\w-]+)" selected', page.text)
    assert chosen == ["example-doula-network", "ascmi_ab133", "self", "no", "no"]
    press(visitor, page, path, **SAID | {"agreed": "no"}, **form)
    action, said = did(house)[-1]
    assert (action, said["agreed"], said["recipient"]) == ("change_consent", False, "example-doula-network")
    assert (said["form"], said["categories"], said["measurement"]) == ("ascmi_ab133", {"housing": False}, "no")


def test_her_plan_stands_on_her_page_and_on_the_list(house: House, visitor: httpx.Client) -> None:
    path = client_page(visitor)
    opened(visitor, f"/referrals/{house.twin.referral}")
    plan = {"may": "yes", "modes": ["text_two_way"], "words": "Text only, after 3 pm", "plan_reason": "He reads along."}
    page = send(visitor, f"{path}/safe-contact", **plan)
    assert "Contact her so, and no other way" in page.text
    for shown in (page, visitor.get("/work"), visitor.get(f"{path}/contact")):
        assert ("Text only, after 3 pm" in shown.text, "He reads along." in shown.text) == (True, False)
    send(visitor, f"{path}/safe-contact", may="no")
    assert "Do not contact her" in visitor.get("/work").text


@pytest.mark.parametrize(
    ("language", "never", "only"),
    [("en", "Do not contact her", "Only so: "), ("es", "No se comunique con ella", "Solo así: ")],
)
def test_r13_her_plan_stands_where_she_is_referred_and_where_she_came(
    house: House, visitor: httpx.Client, language: str, never: str, only: str
) -> None:
    twin, path = house.twin, f"/referrals/{house.twin.referral}"
    visitor.get(f"/language/{language}")
    her = client_page(visitor)
    client = twin.referrals[twin.referral]["client"]["client"]
    plan = {"contact_prohibited": False, "modes": ["text_two_way"], "words": None, "planned_at": f"{TODAY}T00:00:00Z"}
    twin.plans = {reference: plan for reference in (*twin.clients, client)}
    assert only in opened(visitor, path).text
    twin.plans = {reference: plan | {"contact_prohibited": True, "modes": []} for reference in twin.plans}
    twin.referrals[twin.referral]["contact_prohibited"] = True
    for page in (visitor.get(path), visitor.get(f"{her}/refer"), visitor.get(f"{her}/handoff")):
        assert never in page.text


def test_a_plan_that_allows_nothing_is_asked_for_again(visitor: httpx.Client) -> None:
    page = send(visitor, f"{client_page(visitor)}/safe-contact", may="yes", words="After 3 pm")
    assert (page.status_code, linked(page)) == (422, ["modes"])
    assert 'value="After 3 pm"' in page.text


def planned_long_ago(house: House) -> None:
    for plan in house.twin.plans.values():
        plan["planned_at"] = "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ({"modes": "text_two_way"}, "and no other way. Record it all the same?"),
        ({"may": "no"}, "Her plan says that nobody may contact her. Record it all the same?"),
    ],
)
def test_r13_an_attempt_outside_her_plan_is_warned_of_before(
    house: House, visitor: httpx.Client, plan: dict[str, str], words: str
) -> None:
    her = client_page(visitor)
    send(visitor, f"{her}/safe-contact", **plan)
    planned_long_ago(house)
    page = send(visitor, f"{her}/contact", **MET)
    assert (page.status_code, linked(page), words in page.text) == (422, ["outside"], True)
    assert "record_contact" not in {action for action, _, _ in house.twin.heard}
    page = press(visitor, page, f"{her}/contact", **MET, outside="yes")
    assert (page.url.path, did(house)[-1][0]) == (her, "record_contact")


def test_r13_a_contact_within_her_plan_or_before_it_is_not_warned_of(house: House, visitor: httpx.Client) -> None:
    her = client_page(visitor)
    send(visitor, f"{her}/safe-contact", modes="phone")
    planned_long_ago(house)
    assert send(visitor, f"{her}/contact", **MET).url.path == her
    send(visitor, f"{her}/safe-contact", modes="mail")
    for plan in house.twin.plans.values():
        plan["planned_at"] = f"{TODAY}T23:59:59Z"
    assert send(visitor, f"{her}/contact", **MET).url.path == her
    assert [action for action, _, _ in house.twin.heard].count("record_contact") == 2


@pytest.mark.parametrize(
    ("language", "plan", "words"),
    [
        ("en", {"modes": "text_two_way"}, "Texts, both ways, and no other way. Promise it all the same?"),
        ("es", {"modes": "text_two_way"}, "y de ninguna otra manera. ¿Prometerlo de todos modos?"),
        ("en", {"may": "no"}, "Her plan says that nobody may contact her. Promise it all the same?"),
        ("es", {"may": "no"}, "Su plan dice que nadie debe comunicarse con ella. ¿Prometerlo de todos modos?"),
    ],
)
def test_r13_a_promise_outside_her_plan_is_warned_of_before(
    house: House, visitor: httpx.Client, language: str, plan: dict[str, str], words: str
) -> None:
    her = client_page(visitor)
    visitor.get(f"/language/{language}")
    send(visitor, f"{her}/safe-contact", **plan)
    page = visitor.get(f"{her}/plan")
    assert ('id="safe"' in page.text, 'name="outside"' in page.text) == (True, False)
    promise = {"mode": "phone", "day": "2099-01-05"}
    page = press(visitor, page, f"{her}/plan", **promise)
    assert (page.status_code, linked(page), words in page.text) == (422, ["outside"], True)
    assert Reading(page.text).wrong == []
    assert "plan_contact" not in {action for action, _, _ in house.twin.heard}
    press(visitor, page, f"{her}/plan", **promise, outside="yes")
    assert did(house)[-1][0] == "plan_contact"


def test_r13_a_promise_within_her_plan_is_kept_at_once(house: House, visitor: httpx.Client) -> None:
    her = client_page(visitor)
    send(visitor, f"{her}/safe-contact", modes="phone")
    send(visitor, f"{her}/plan", mode="phone", day="2099-01-05")
    assert did(house)[-1][0] == "plan_contact"


def test_r13_what_was_promised_is_recorded_outside_her_plan_all_the_same(house: House, visitor: httpx.Client) -> None:
    her = client_page(visitor)
    send(visitor, f"{her}/plan", mode="phone", day="2099-01-05")
    send(visitor, f"{her}/safe-contact", may="no")
    planned_long_ago(house)
    page = visitor.get(f"{her}/plan")
    said = {"contact": Reading(page.text).values["contact"][0], "contact_outcome": "missed"}
    page = press(visitor, page, f"{her}/plan/record", mode="phone", day=TODAY, **said)
    read = Reading(page.text)
    assert (page.status_code, linked(page), "c-outside" in read.ids, read.wrong) == (422, ["c-outside"], True, [])
    assert '<option value="missed" selected>' in page.text
    press(visitor, page, f"{her}/plan/record", mode="phone", day=TODAY, outside="yes", **said)
    assert did(house)[-1][0] == "record_planned_contact"


@pytest.mark.parametrize(("language", "words"), [("en", "Say what came of it"), ("es", "Indique qué resultó")])
def test_a_contact_of_which_nothing_came_is_asked_for_again(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    path = f"{client_page(visitor)}/contact"
    visitor.get(f"/language/{language}")
    for outcome in ("", "nothing"):
        page = send(visitor, path, **(MET | {"contact_outcome": outcome}))
        assert (page.status_code, linked(page), words in page.text) == (422, ["contact_outcome"], True)
    assert did(house) == []
