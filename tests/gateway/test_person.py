"""Pages about a client as a person: who she says she is, her name and address, and outreach that is paused."""

import re

import httpx
import pytest

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_client_forms import linked, refused
from tests.gateway.test_pages import client_page
from tests.gateway.test_stale import opened
from tests.gateway.test_steps import TODAY, press
from tests.gateway.upstream_twin import problem


@pytest.fixture
def path(visitor: httpx.Client) -> str:
    return client_page(visitor)


def test_r7_what_she_says_is_asked_written_down_and_shown_again(house: House, visitor: httpx.Client, path: str) -> None:
    page = visitor.get(f"{path}/demographics")
    said = {"race": ["hispanic_latino"], "detailed": ["mexican"], "source": "self_reported", "spoken": "es",
            "interpreter": "yes", "payer": "medi_cal"}  # fmt: skip
    page = press(visitor, page, f"{path}/demographics", **said)
    assert "What she said is written down." in page.text
    (kept,) = house.twin.demographics.values()
    told = {"race_ethnicity": ["hispanic_latino"], "detailed": ["mexican"], "language": "es", "interpreter": True}
    assert told.items() <= kept.items()
    shown = visitor.get(f"{path}/demographics")
    assert Reading(shown.text).wrong == []
    assert 'value="hispanic_latino" checked' in shown.text
    assert 'value="mexican" checked' in shown.text


@pytest.mark.parametrize("language", ["en", "es"])
def test_who_says_so_is_asked_for(visitor: httpx.Client, path: str, language: str) -> None:
    visitor.get(f"/language/{language}")
    page = press(visitor, visitor.get(f"{path}/demographics"), f"{path}/demographics", race="asian")
    assert (page.status_code, linked(page), Reading(page.text).wrong) == (422, ["source"], [])
    assert 'value="asian" checked' in page.text


def test_what_does_not_fit_together_is_said_beside_it(house: House, visitor: httpx.Client, path: str) -> None:
    page = visitor.get(f"{path}/demographics")
    refused(house, "state_demographics", "/declined", "/detailed")
    page = press(visitor, page, f"{path}/demographics", race="white", declined="yes", source="self_reported")
    assert (page.status_code, linked(page)) == (422, ["race", "detailed"])


def test_what_a_colleague_wrote_meanwhile_is_not_overwritten(house: House, visitor: httpx.Client, path: str) -> None:
    page = visitor.get(f"{path}/demographics")
    (kept,) = house.twin.demographics.values()
    kept["version"] += 1
    assert press(visitor, page, f"{path}/demographics", source="imported").status_code == 412


def test_her_name_is_corrected_from_what_stands(house: House, visitor: httpx.Client, path: str) -> None:
    page = visitor.get(f"{path}/identity")
    assert Reading(page.text).values["given"] == ["Nora"]
    page = press(visitor, page, f"{path}/identity", given="Nora", family="Newname")
    assert "Her name, phone and address are written down." in page.text
    assert house.twin.clients[house.twin.nora]["family"] == "Newname"
    page = visitor.get(f"{path}/identity")
    house.twin.breaks["correct_identity"] = lambda: problem(409, "number-in-use")
    assert linked(press(visitor, page, f"{path}/identity", given="Nora", mrn="7")) == ["mrn"]
    assert linked(press(visitor, page, f"{path}/identity", given="", family="")) == ["given"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "Her phone and her address are guarded"), ("es", "Su teléfono y su dirección están protegidos")],
)
def test_what_is_guarded_is_opened_by_a_press_alone(
    house: House, visitor: httpx.Client, path: str, language: str, said: str
) -> None:
    visitor.get(f"/language/{language}")
    assert "555 010 0134" in visitor.get(path).text
    house.twin.shared["guarded"] = True
    shut = visitor.get(f"{path}/identity")
    assert (said in shut.text, f'href="{path}/safe-contact"' in shut.text) == (True, True)
    assert Reading(shut.text).wrong == []
    for page in (shut, visitor.get(f"{path}/identity/open"), visitor.get(path)):
        assert not any(each in page.text for each in ("555 010 0134", 'name="phone"', 'name="line"'))
    opened = press(visitor, shut, f"{path}/identity/open")
    assert (Reading(opened.text).values["phone"], said in opened.text) == (["555 010 0134"], False)
    wrong = press(visitor, opened, f"{path}/identity", given="", family="")
    assert (linked(wrong), said in wrong.text) == (["given"], False)


def test_what_is_guarded_stands_on_no_page_of_a_referral(house: House, visitor: httpx.Client, path: str) -> None:
    sent = f"/referrals/{house.twin.referral}"
    accepted = press(visitor, opened(visitor, sent), f"{sent}/accept", on="")
    assert "555 010 0134" in accepted.text
    house.twin.shared["guarded"] = True
    shown = visitor.get(sent)
    assert ("555 010 0134" in shown.text, f'href="{path}/identity"' in shown.text) == (False, True)


def test_r5_a_pause_has_the_same_words_on_every_page_and_no_reason(visitor: httpx.Client, path: str) -> None:
    press(visitor, visitor.get(path), f"{path}/episode", identified_on=TODAY)
    page = press(visitor, visitor.get(path), f"{path}/pause")
    assert "Outreach is paused at every agency." in page.text
    assert hidden(page, f"{path}/resume").keys() == {"csrf", "key"}
    words = "Do not call, text or visit her until it is resumed. We are not told why."
    for address in ("", "/contact", "/pregnancy", "/handoff", "/refer"):
        assert words in visitor.get(path + address).text, address
    page = press(visitor, page, f"{path}/resume")
    assert ("Outreach goes on." in page.text, words in page.text) == (True, False)
    assert visitor.get(f"{path}/pause").url.path == path


def test_r5_a_pause_hides_the_due_date(house: House, visitor: httpx.Client, path: str) -> None:
    press(visitor, visitor.get(path), f"{path}/episode", identified_on=TODAY)
    house.twin.episodes[0] |= {"due": "2027-03-15", "basis": "lmp", "state": "open_dated"}
    assert all("15 March 2027" in visitor.get(path + more).text for more in ("", "/pregnancy"))
    press(visitor, visitor.get(path), f"{path}/pause")
    assert not any("15 March 2027" in visitor.get(path + more).text for more in ("", "/pregnancy"))


@pytest.mark.parametrize("cause", ["deceased", "moved-away", "no-contact"])
def test_r20_no_further_contact_reads_alike_and_is_corrected(
    house: House, visitor: httpx.Client, path: str, cause: str
) -> None:
    page = press(
        visitor, visitor.get(path), f"{path}/stop", cause=cause, all_agencies="yes", stop_note="Her sister rang."
    )
    assert "No further contact is written down." in page.text
    assert "died" not in page.text
    assert Reading(page.text).wrong == []
    told = [(action, body) for action, body, _ in house.twin.heard if action.startswith("record_")]
    more = {} if cause == "deceased" else {"all_agencies": True}
    assert told == [(f"record_{cause.replace('-', '_')}", {"note": "Her sister rang.", **more})]
    page = press(visitor, page, f"{path}/contact-again")
    assert "She may be contacted." in page.text
    assert f'href="/referrals/{house.twin.referral}/again"' in page.text


def test_r20_why_is_asked_for(house: House, visitor: httpx.Client, path: str) -> None:
    page = press(visitor, visitor.get(path), f"{path}/stop", stop_note="x")
    assert (page.status_code, linked(page), house.twin.outreach) == (422, ["cause"], {})


@pytest.mark.parametrize(("language", "words"), [("en", "Is she a client of yours already?"), ("es", "¿Ya es clienta")])
def test_r21_accepting_names_a_client_of_ones_own(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    visitor.get(f"/language/{language}")
    path = f"/referrals/{house.twin.referral}"
    page = opened(visitor, path)
    assert (words in page.text, Reading(page.text).wrong) == (True, [])
    found = re.search(r'<option value="([^"]+)"[^>]*>Nora Muster', page.text)
    assert found is not None
    press(visitor, page, f"{path}/accept", on="", own_client=found[1])
    (said,) = [body for action, body, _ in house.twin.heard if action == "accept_referral"]
    assert said == {"own_client": house.twin.nora}


def test_r21_two_references_are_taken_apart(house: House, visitor: httpx.Client, path: str) -> None:
    other = house.twin.register("Nora", "Twice")
    house.twin.same[house.twin.nora] = [other]
    page = press(visitor, visitor.get(path), f"{path}/unlink")
    assert ("They are two clients again." in page.text, house.twin.same) == (True, {})
    (said,) = [body for action, body, _ in house.twin.heard if action == "unlink_client"]
    assert said == {"own_client": house.twin.nora}


def test_r5_a_pause_stands_on_the_page_of_a_referral_too(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    page = press(visitor, opened(visitor, path), f"{path}/accept", on="")
    assert "Outreach is paused." not in page.text
    house.twin.outreach[house.twin.nora] = "paused"
    assert "Outreach is paused." in visitor.get(path).text


def test_r5_a_pause_stands_on_the_work_list_and_on_a_handoff(house: House, visitor: httpx.Client) -> None:
    path = f"/handoffs/{house.twin.handoff}"
    press(visitor, opened(visitor, path), f"{path}/accept", on=TODAY)
    pages = ("/work", path)
    assert not any("Outreach is paused." in visitor.get(each).text for each in pages)
    house.twin.outreach[house.twin.nora] = "paused"
    assert all("Outreach is paused." in visitor.get(each).text for each in pages)


def test_the_languages_that_she_may_speak_are_not_those_of_the_pages(visitor: httpx.Client, path: str) -> None:
    switches = [re.findall(r'href="(/language/\w+)"', visitor.get(path + more).text) for more in ("", "/demographics")]
    assert switches[0] == switches[1] != []
