"""Drafts on the send page: no error, no lapsed sign-in and no reload loses what somebody typed (R10)."""

import re

import httpx

from tests.gateway.house import House, hidden, lapse
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.test_send import NEW, filled
from tests.gateway.test_steps import press
from tests.gateway.upstream_twin import problem

NOTE = "Works mornings, rings twice."


def the_draft(house: House) -> dict[str, object]:
    [found] = house.twin.drafts.values()
    return found


def signed_in_again(visitor: httpx.Client) -> None:
    page = visitor.get("/sign-in/go", params={"initiative": "fresno-ptbi"})
    visitor.post(str(page.url), data={"person": "sam-specimen"})


def test_r10_every_step_is_kept_and_a_reload_shows_it(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, note=NOTE, do="services"))
    assert re.fullmatch(r"/drafts/[0-9a-f-]{36}", page.url.path)
    assert the_draft(house)["version"] == 1
    assert "A doula" in visitor.get("/work/drafts").text, "the list says what is known already"
    again = visitor.get(page.url.path)
    for shown in (page, again):
        assert NOTE in shown.text
        assert Reading(shown.text).wrong == []
    form = {**filled(visitor, note=f"{NOTE} More.", do="check"), **hidden(again, NEW)}
    visitor.post(NEW, data=form)
    assert (the_draft(house)["version"], len(house.twin.drafts)) == (2, 1)


def test_r10_a_form_error_loses_nothing(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, note=NOTE, need=None))
    assert page.status_code == 422
    assert NOTE in page.text
    kept = visitor.get(f"/drafts/{the_draft(house)['referral']}")
    assert (kept.status_code, NOTE in kept.text) == (200, True)


def test_r10_what_the_api_refuses_loses_nothing(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, note=NOTE, do="kept"))
    house.twin.breaks["send_draft"] = lambda: problem(409, "referral-already-open")
    refused = visitor.post(NEW, data={**filled(visitor, note=NOTE), **hidden(page, NEW)})
    assert refused.status_code == 422
    assert NOTE in refused.text
    assert NOTE in visitor.get(f"/drafts/{the_draft(house)['referral']}").text


def test_r10_a_lapsed_sign_in_loses_nothing_and_leads_back_to_the_draft(house: House, visitor: httpx.Client) -> None:
    drawn = visitor.post(NEW, data=filled(visitor, note="Before.", do="kept"))
    form = {**filled(visitor, note=NOTE), **hidden(drawn, NEW)}
    lapse(house, visitor)
    page = visitor.post(NEW, data=form)
    assert page.status_code == 401
    assert "what you typed is not lost" in page.text
    assert NOTE not in page.text, "it is sealed"
    kept = hidden_kept(page)
    signed_in_again(visitor)
    shown = visitor.post(NEW, data={"kept": kept})
    assert (shown.status_code, NOTE in shown.text) == (422, True)
    assert "Nothing was sent yet. Look at what you typed" in shown.text
    assert NOTE in visitor.get(f"/drafts/{the_draft(house)['referral']}").text
    sent = visitor.post(NEW, data={**filled(visitor, note=NOTE), **hidden(shown, NEW)})
    assert "Sent to Example Doula Network." in sent.text
    assert house.twin.drafts == {}


def hidden_kept(page: httpx.Response) -> str:
    found = re.search(r'name="kept" value="([^"]+)"', page.text)
    assert found is not None
    return found.group(1)


def test_a_kept_form_is_of_the_same_person_and_page_alone(house: House, visitor: httpx.Client) -> None:
    form = filled(visitor, note=NOTE)
    lapse(house, visitor)
    kept = hidden_kept(visitor.post(NEW, data=form))
    with house.visitor("ada-example") as other:
        assert other.post(NEW, data={"kept": kept}).status_code == 403
        assert hidden_kept(other.post(NEW, data={"kept": kept})) == kept, "it waits for whoever typed it"
    signed_in_again(visitor)
    assert visitor.post(NEW, data={"kept": kept[:-4] + "AAAA"}).status_code == 403
    assert visitor.post("/clients/new", data={"kept": kept}).status_code == 403
    assert house.twin.drafts == {}


def test_her_handle_of_an_ended_sign_in_is_turned_into_one_of_the_new(house: House, visitor: httpx.Client) -> None:
    her = client_page(visitor).rpartition("/")[2]
    form = filled(visitor, client=her, given=None, note=NOTE)
    lapse(house, visitor)
    kept = hidden_kept(visitor.post(NEW, data=form))
    signed_in_again(visitor)
    shown = visitor.post(NEW, data={"kept": kept})
    assert "Nora Muster" in shown.text
    assert the_draft(house)["fields"]["client"] == house.twin.nora  # type: ignore[index]  # the twin's own JSON


def test_r10_the_script_saves_without_a_step(house: House, visitor: httpx.Client) -> None:
    form = filled(visitor, note=NOTE)
    kept = visitor.post("/work/drafts", data=form).json()
    assert (kept["version"], kept["path"]) == ("1", f"/drafts/{kept['draft']}")
    more = visitor.post("/work/drafts", data={**form, "note": f"{NOTE} More.", **kept}).json()
    assert (more["draft"], more["version"], len(house.twin.drafts)) == (kept["draft"], "2", 1)
    page = visitor.get("/referrals/new")
    assert 'data-drafts="/work/drafts"' in page.text
    assert "storage" not in visitor.get(re.search(r'src="([^"]*draft[^"]*\.js)"', page.text).group(1)).text.lower()  # type: ignore[union-attr]  # it has one


def test_two_who_go_on_with_one_draft_lose_neither(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, note="First.", do="kept"))
    form = {**filled(visitor), **hidden(page, NEW)}
    visitor.post(NEW, data={**form, "note": "Mine.", "do": "kept"})
    theirs = visitor.post(NEW, data={**form, "note": "Theirs.", "do": "kept"})
    assert "Theirs." in theirs.text
    notes = [each["fields"]["typed"]["note"] for each in house.twin.drafts.values()]
    assert sorted(notes) == [["Mine."], ["Theirs."]]


def test_pressed_twice_it_is_sent_once(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, do="kept"))
    form = {**filled(visitor), **hidden(page, NEW)}
    before = len(house.twin.referrals)
    for _ in range(2):
        assert "Sent to Example Doula Network." in visitor.post(NEW, data=form).text
    assert len(house.twin.referrals) == before + 1


def test_what_was_begun_is_listed_gone_on_with_and_thrown_away(house: House, visitor: httpx.Client) -> None:
    assert Reading(visitor.get("/work/drafts").text).headings == ["Everything is sent"]
    id = house.twin.began()
    page = visitor.get("/work/drafts")
    assert Reading(page.text).headings == ["1 referral is not sent yet"]
    assert "Doula" not in page.text
    assert "Nora Muster" in visitor.get(f"/drafts/{id}").text
    assert visitor.get(f"/drafts/{id}/throw-away").url.path == f"/drafts/{id}"
    visitor.post(f"/drafts/{id}/throw-away", data=hidden(page, f"/drafts/{id}/throw-away"))
    assert house.twin.drafts == {}
    assert visitor.get(f"/drafts/{id}").status_code == 404


def test_while_nothing_can_be_kept_the_page_keeps_it(house: House, visitor: httpx.Client) -> None:
    form = filled(visitor, note=NOTE, do="services")
    house.twin.breaks["send_referral"] = lambda: problem(503, "unavailable")
    page = visitor.post(NEW, data=form)
    assert (page.status_code, page.url.path, NOTE in page.text) == (200, NEW, True)


def test_the_way_back_to_a_draft_that_was_sent_leads_to_the_referral(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, do="services"))
    before = str(page.url)
    sent = visitor.post(NEW, data={**filled(visitor), **hidden(page, NEW)})
    back = visitor.get(before)
    assert (back.status_code, back.url.path) == (200, sent.url.path)
    thrown = visitor.post(NEW, data=filled(visitor, do="kept")).url.path
    press(visitor, visitor.get("/work/drafts"), f"{thrown}/throw-away")
    assert visitor.get(thrown).status_code == 404


def test_the_list_says_who_each_draft_is_for(house: House, visitor: httpx.Client) -> None:
    visitor.post(NEW, data=filled(visitor, do="kept"))
    her = client_page(visitor).rpartition("/")[2]
    visitor.post(NEW, data=filled(visitor, client=her, given=None, family=None, do="kept"))
    listed = visitor.get("/work/drafts").text
    assert "A doula for Nora Muster" in listed
    assert "A doula for Lia Specimen" in listed


def test_a_name_that_is_none_keeps_the_draft(house: House, visitor: httpx.Client) -> None:
    visitor.post(NEW, data=filled(visitor, given="\u200b", family="", do="kept"))
    assert "identity" not in the_draft(house)["fields"]  # type: ignore[operator]
