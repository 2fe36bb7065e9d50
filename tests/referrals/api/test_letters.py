"""Letters over HTTP: one page with no more than is needed, and answers by its code that are the receiver's own."""

import io
import re
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from pypdf import PdfReader

from deploy.local.postgres import OWNER
from tests.days import SAID_ON
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import AGREED, Given, Referral, when

DIAPERS = {"agency": "muster-diaper-bank", "service": "diaper-bank-supplies"}
IDENTITY: dict[str, Any] = {
    "phones": ["559 555 0177"],
    "medi_cal_cin": "12345678A",
    "birth_date": "1999-01-02",
    "language": "es",
}
FIELDS = ["name", "phones", "language", "medi_cal_cin", "note"]
LAYOUT = {"language": "en", "size": "letter"}


@pytest.fixture
def mailed(north: Caller, doulas: Caller) -> Referral:
    """A referral to an agency that is not on the system."""
    given = Given(north, doulas)
    client = given.client(**IDENTITY, mrn=f"MRN-{uuid4().hex[:8]}")
    body = {"to": DIAPERS, "category": "material-hardship", "consent": AGREED | {"fields": FIELDS}}
    return given.sent(client, note="Twins, size 1.", **body)


def printed(referral: Referral, **asked: str) -> str:
    """The letter as text."""
    answer = referral.sender.get(f"{referral.path}/letter", params=LAYOUT | asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    (page,) = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(page.extract_text().split())


def code_of(text: str) -> dict[str, str]:
    """What its receiver types: the name in the link and the code beside it."""
    code, name = re.search(r"answer: (\w{3} \w{3}) at [\w.:]+/answer/(\w{8})", text).groups()  # type: ignore[union-attr]
    return {"letter": name, "code": code}


def answer(nobody: Caller, code: dict[str, str], **said: Any) -> Any:
    return nobody.post("/v1/answers", code | said)


def recorded(service: Service, referral: Referral) -> list[tuple[str, str, str]]:
    """Type, agency and actor of what was stored of its answers, and of printing."""
    with psycopg.connect(service.databases.dsn("referrals", OWNER)) as connection:
        found = connection.execute(
            "SELECT topic, agency, actor FROM stored_events WHERE client_id ="
            " (SELECT client_id FROM work_index WHERE id = %s) AND topic NOT LIKE 'client%%'"
            " AND topic NOT LIKE 'consent%%' ORDER BY notification_id",
            [UUID(referral.id)],
        )
        return [(str(row[0]), str(row[1]), str(row[2])) for row in found.fetchall()]


@pytest.mark.parametrize("size", ["letter", "a4"])
def test_it_is_one_page_with_no_more_than_the_receiver_needs(mailed: Referral, size: str) -> None:
    text = printed(mailed, size=size)
    for wanted in ("Testa Sample-", "559 555 0177", "Twins, size 1.", "Muster Diaper Bank", "Example Clinic North"):
        assert wanted in text
    for kept in ("12345678A", "MRN-", "1999-01-02", mailed.client, mailed.id):
        assert kept not in text
    slip = text.partition("Slip:")[2]
    assert "Testa" not in slip
    assert code_of(text)["code"] in slip


def test_it_can_be_answered_by_phone_and_slip(mailed: Referral) -> None:
    text = printed(mailed)
    for wanted in ("100 Sample Street, Exampleville CA 93700", "559 555 0140, answered 8 am to 5 pm"):
        assert wanted in text
    assert "Slip: please return to Example Clinic North, fax 559 555 0141" in text
    assert "by the code below, by phone or on the slip" in text


def test_r13_it_says_how_she_may_be_contacted_as_of_the_day_of_printing(mailed: Referral) -> None:
    path = f"/v1/clients/{mailed.client}/safe-contact-plan"
    mailed.sender.done(path, {"modes": ["phone", "text_two_way"], "words": "After 3 pm", "reason": "He reads along."})
    text = printed(mailed)
    assert "Contact her in these ways alone: by phone, by text message that she answers." in text
    assert ("After 3 pm" in text, "He reads along" in text) == (True, False)
    mailed.sender.done(path, {"contact_prohibited": True})
    assert "Do not contact her: she comes by herself." in printed(mailed)
    assert "No se comunique con ella" in printed(mailed, language="es")


def test_r1_a_due_date_that_she_agreed_to_give_stands_on_it(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.pregnant()
    (episode,) = north.seen(f"/v1/clients/{client}/episodes")["items"]
    edd = str(date.fromisoformat(SAID_ON) + timedelta(days=100))
    north.done(f"/v1/episodes/{episode['episode']}/date", {"edd": edd, "basis": "ultrasound"})
    body = {"to": DIAPERS, "category": "material-hardship"}
    assert edd not in printed(sent := given.sent(client, **body, consent=AGREED | {"fields": ["name"]}))
    sent.sender.done(f"{sent.path}/cancel", {"reason": "client_declined"})
    assert edd in printed(given.sent(client, **body, consent=AGREED | {"fields": ["name", "due_date"]}))


def plan(mailed: Referral, **said: Any) -> None:
    mailed.sender.done(f"/v1/clients/{mailed.client}/safe-contact-plan", said)


def test_r13_who_has_a_letter_learns_the_plan_as_it_stands_now(nobody: Caller, mailed: Referral) -> None:
    code = code_of(printed(mailed))
    assert when(answer(nobody, code)).then(200)["safe_contact_plan"] is None
    plan(mailed, modes=["phone"], words="Ask for Dana.", reason="He reads along.")
    told = answer(nobody, code)
    said = when(told).then(200)["safe_contact_plan"]
    assert said.pop("planned_at")
    assert said == {"modes": ["phone"], "contact_prohibited": False, "has_words": True}
    assert not [kept for kept in ("Dana", "along", "559", "Testa") if kept in told.text]
    when(answer(nobody, code, step="accept")).then(200)
    plan(mailed, contact_prohibited=True)
    now = when(answer(nobody, code)).then(200)["safe_contact_plan"]
    assert (now["modes"], now["contact_prohibited"], now["has_words"]) == ([], True, False)
    ended = answer(nobody, code, step="ended", reason="client_declined")
    assert when(ended).then(200, open=[])["safe_contact_plan"] is None


def test_r1_that_it_was_told_is_accounted_and_once_in_an_hour(
    service: Service, nobody: Caller, mailed: Referral
) -> None:
    code = code_of(printed(mailed))
    when(answer(nobody, code)).then(200)
    assert [each for each in recorded(service, mailed) if each[2] == "letter"] == []
    plan(mailed, modes=["phone"])
    for _ in range(2):
        when(answer(nobody, code)).then(200)
    told = [each for each in recorded(service, mailed) if each[2] == "letter"]
    assert told == [("disclosure.recorded.v1", "muster-diaper-bank", "letter")]
    when(mailed.sender.post(f"{mailed.path}/answer", {"by": "phone"})).then(200, safe_contact_plan=None)


@pytest.mark.parametrize("planned", [{"modes": ["phone"]}, {"contact_prohibited": True}])
def test_r1_without_her_phone_or_address_nobody_learns_more_than_not_to(
    nobody: Caller, north: Caller, doulas: Caller, planned: dict[str, Any]
) -> None:
    given = Given(north, doulas)
    agreed = AGREED | {"fields": ["name"]}
    mailed = given.sent(given.client(), to=DIAPERS, category="material-hardship", consent=agreed)
    code = code_of(printed(mailed))
    plan(mailed, **planned)
    told = when(answer(nobody, code)).then(200)["safe_contact_plan"]
    is_prohibited = "contact_prohibited" in planned
    assert (told is not None and told["contact_prohibited"]) is is_prohibited
    assert mailed.sender.seen(mailed.path)["letter"]["outdated"] is is_prohibited


def test_r1_what_she_says_after_she_took_it_back_follows_no_letter(
    nobody: Caller, north: Caller, doulas: Caller
) -> None:
    given = Given(north, doulas)
    client = given.client()
    consent = given.consent(client, recipient="muster-diaper-bank")
    mailed = given.sent(client, to=DIAPERS, category="material-hardship", consent={"id": consent})
    plan(mailed, modes=["phone"])
    code = code_of(printed(mailed))
    when(answer(nobody, code, step="accept")).then(200)
    north.done(f"/v1/consents/{consent}/revoke")
    plan(mailed, modes=["video"])
    assert when(answer(nobody, code)).then(200)["safe_contact_plan"]["modes"] == ["phone"]
    assert north.seen(mailed.path)["letter"]["outdated"] is False


def test_r13_the_sender_sees_that_the_letter_is_older_than_the_plan(
    nobody: Caller, north: Caller, mailed: Referral
) -> None:
    assert north.seen(mailed.path)["letter"] is None
    plan(mailed, modes=["phone"])
    code = code_of(printed(mailed))
    assert north.seen(mailed.path)["letter"]["outdated"] is False
    plan(mailed, modes=["phone"], reason="He reads along.")
    assert north.seen(mailed.path)["letter"]["outdated"] is False
    plan(mailed, modes=["phone", "mail"])
    assert north.seen(mailed.path)["letter"]["outdated"] is True
    printed(mailed)
    assert north.seen(mailed.path)["letter"]["outdated"] is False
    plan(mailed, modes=["mail"])
    when(answer(nobody, code, step="decline", reason="no_capacity")).then(200)
    assert north.seen(mailed.path)["letter"] is None


def test_it_speaks_spanish(mailed: Referral) -> None:
    text = printed(mailed, language="es")
    assert "Código para su respuesta" in text
    assert "sin nombre en este talón" in text


def test_a_long_note_stays_on_the_page(north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    body = {"to": DIAPERS, "category": "material-hardship", "consent": AGREED | {"fields": FIELDS}}
    referral = given.sent(given.client(), note="A line of words that goes on. " * 300, **body)
    assert "Slip:" in printed(referral)


def test_r1_printing_is_accounted_every_time(service: Service, mailed: Referral) -> None:
    printed(mailed)
    printed(mailed)
    told = [(topic, agency) for topic, agency, _ in recorded(service, mailed) if topic.startswith("disclosure.")]
    assert told == [("disclosure.recorded.v1", "muster-diaper-bank")] * 2


def test_the_code_is_not_in_the_link_and_stays_the_same(mailed: Referral) -> None:
    first, second = code_of(printed(mailed)), code_of(printed(mailed))
    assert first == second
    assert first["code"].replace(" ", "").lower() not in first["letter"]


def test_they_answer_by_code_and_the_answer_is_theirs(service: Service, nobody: Caller, mailed: Referral) -> None:
    code = code_of(printed(mailed))
    stands = when(answer(nobody, code)).then(200, state="sent", open=["accept", "decline"])
    assert set(stands) == {"sender", "service", "state", "open", "safe_contact_plan"}
    small = code | {"code": code["code"].replace(" ", "").lower()}
    when(answer(nobody, small, step="accept")).then(200, state="accepted", open=["met", "ended"])
    when(answer(nobody, code, step="met", on=SAID_ON)).then_malformed("/on", "met-before-sent")
    when(answer(nobody, code, step="met", mode="goods_delivery")).then(200, state="in_service", open=["ended"])
    when(answer(nobody, code, step="met")).then_problem(409, "wrong-state")
    when(answer(nobody, code, step="ended", outcome="service_received")).then(200, state="completed", open=[])
    shown = when(mailed.sender.get(mailed.path)).then(
        200, state="completed", actions=["acknowledge", "entered-in-error"]
    )
    assert [event["detail"].get("source") for event in shown["history"] if "source" in event["detail"]] == [
        "letter",
        "letter",
    ]
    told = [each for each in recorded(service, mailed) if each[2] == "letter"]
    assert {agency for _, agency, _ in told} == {"muster-diaper-bank"}
    when(answer(nobody, code, step="ended", outcome="enrolled")).then_problem(409, "referral-already-ended")


def test_a_no_by_code_ends_it(nobody: Caller, mailed: Referral) -> None:
    code = code_of(printed(mailed))
    when(answer(nobody, code, step="decline")).then_malformed("")
    when(answer(nobody, code, step="decline", reason="no_capacity")).then(200, state="declined", open=[])
    when(mailed.sender.get(f"{mailed.path}/letter")).then_problem(409, "referral-already-ended")


def test_a_no_from_a_form_drawn_before_does_not_overturn_a_yes(nobody: Caller, mailed: Referral) -> None:
    code, no = code_of(printed(mailed)), {"step": "decline", "reason": "no_capacity"}
    when(answer(nobody, code, step="accept")).then(200)
    when(answer(nobody, code, **no)).then_problem(409, "letter-already-answered", stands="accepted")
    when(mailed.sender.post(f"{mailed.path}/answer", no | {"by": "phone"})).then_problem(409, "letter-already-answered")
    assert mailed.sender.seen(mailed.path)["state"] == "accepted"
    when(answer(nobody, code, step="met", mode="phone")).then(200, state="in_service")
    when(answer(nobody, code, **no)).then_problem(409, "letter-already-answered", stands="in_service")


def test_r12_the_same_answer_again_is_nothing_new(nobody: Caller, mailed: Referral) -> None:
    code, no = code_of(printed(mailed)), {"step": "decline", "reason": "no_capacity"}
    for _ in range(2):
        when(answer(nobody, code, **no)).then(200, state="declined")
    assert len(mailed.sender.seen(mailed.path)["history"]) == 2


def test_who_cannot_after_all_says_that_it_has_ended(nobody: Caller, mailed: Referral) -> None:
    code = code_of(printed(mailed))
    when(answer(nobody, code, step="accept")).then(200)
    when(answer(nobody, code, step="ended", reason="no_capacity")).then(200, state="not_completed", open=[])


def test_without_service_it_ends_with_a_reason(nobody: Caller, mailed: Referral) -> None:
    code = code_of(printed(mailed))
    when(answer(nobody, code, step="accept")).then(200)
    when(answer(nobody, code, step="ended", outcome="service_received")).then_problem(409, "no-evidence")
    when(answer(nobody, code, step="ended", reason="client_declined")).then(200, state="not_completed")


def test_a_wrong_code_opens_nothing_and_twenty_close_it(nobody: Caller, mailed: Referral) -> None:
    code = code_of(printed(mailed))
    when(answer(nobody, code | {"letter": "aaaaaaaa"})).then_problem(404, "not-found")
    for _ in range(20):
        when(answer(nobody, code | {"code": "222222"})).then_problem(404, "not-found")
    when(answer(nobody, code)).then_problem(404, "not-found")
    anew = code_of(printed(mailed))
    assert anew["letter"] != code["letter"]
    when(answer(nobody, anew)).then(200, state="sent")


@pytest.mark.parametrize("by", ["phone", "slip"])
def test_the_senders_staff_write_down_what_they_said(service: Service, mailed: Referral, by: str) -> None:
    path = f"{mailed.path}/answer"
    when(mailed.sender.post(path, {"by": by, "step": "accept"})).then(200, state="accepted")
    when(mailed.sender.post(path, {"by": by, "step": "met", "mode": "phone"})).then(200, state="in_service")
    when(mailed.sender.post(path, {"by": by, "step": "ended", "outcome": "enrolled"})).then(200, state="completed")
    shown = mailed.sender.seen(mailed.path)
    assert (shown["person"], shown["facts"]["responded"]["yes"]) == ("letter", True)
    ended = shown["history"][-1]
    assert (ended["detail"]["source"], ended["agency"]["agency"]) == ("letter", "muster-diaper-bank")
    assert ("referral.completed.v1", "muster-diaper-bank", "testa") in recorded(service, mailed)


def test_r15_what_a_letter_waits_for_is_on_its_senders_list(mailed: Referral, nobody: Caller) -> None:
    item = mailed.sender.work(mailed.id) or {}
    assert (item["waits_for"], item["overdue"], bool(item["due"])) == ("answer", False, True)
    when(answer(nobody, code_of(printed(mailed)), step="accept")).then(200)
    assert (mailed.sender.work(mailed.id) or {})["waits_for"] == "contact"
    mailed.sender.done(f"{mailed.path}/answer", {"by": "phone", "step": "met", "mode": "phone"})
    assert (mailed.sender.work(mailed.id) or {})["waits_for"] == "complete"


@pytest.mark.parametrize("by", ["code", "phone"])
def test_a_yes_by_letter_has_the_receivers_number(nobody: Caller, mailed: Referral, by: str) -> None:
    def said(**step: Any) -> Any:
        if by == "code":
            return answer(nobody, code, **step)
        return mailed.sender.post(f"{mailed.path}/answer", step | {"by": by})

    code = code_of(printed(mailed))
    assert said(step="decline", reason="no_capacity", identifier="BANK-42").status_code == 422
    when(said(step="accept", identifier="Mara Example")).then_malformed("/identifier")
    when(said(step="accept", identifier="BANK-42")).then(200, state="accepted")
    assert mailed.sender.seen(mailed.path)["identifiers"]["receiver"] == "BANK-42"
    when(said(step="accept", identifier="BANK-43")).then_problem(409, "referral-already-answered")


@pytest.mark.parametrize("by", ["code", "phone", "slip"])
def test_r11_a_no_by_letter_is_an_answer(nobody: Caller, mailed: Referral, by: str) -> None:
    no = {"step": "decline", "reason": "no_capacity"}
    if by == "code":
        when(answer(nobody, code_of(printed(mailed)), **no)).then(200, state="declined")
    else:
        when(mailed.sender.post(f"{mailed.path}/answer", no | {"by": by})).then(200, state="declined")
    shown = mailed.sender.seen(mailed.path)
    assert (shown["facts"]["responded"]["yes"], shown["history"][-1]["detail"]["source"]) == (True, "letter")


def test_r14_what_the_senders_staff_wrote_down_is_taken_back(service: Service, mailed: Referral) -> None:
    path, back = f"{mailed.path}/answer", f"{mailed.path}/take-back"
    when(mailed.sender.post(path, {"by": "phone", "step": "decline", "reason": "no_capacity"})).then(200)
    assert "take-back" in mailed.sender.seen(mailed.path)["actions"]
    when(mailed.sender.post(back)).then(200, state="sent")
    when(mailed.sender.post(back)).then(200, state="sent")
    when(mailed.sender.post(path, {"by": "slip", "step": "accept"})).then(200, state="accepted")
    service.clock.ahead = timedelta(minutes=16)
    try:
        when(mailed.sender.post(back)).then_problem(409, "too-late-to-take-back")
    finally:
        service.clock.ahead = timedelta(0)
    assert ("referral.taken_back.v1", "muster-diaper-bank", "testa") in recorded(service, mailed)


def test_r14_that_she_was_met_is_taken_back_with_its_contact(service: Service, mailed: Referral) -> None:
    path, back = f"{mailed.path}/answer", f"{mailed.path}/take-back"
    met = {"by": "phone", "step": "met", "mode": "phone"}
    when(mailed.sender.post(path, {"by": "phone", "step": "accept"})).then(200, open=["met", "ended"])
    when(mailed.sender.post(path, met)).then(200, state="in_service", open=["ended"])
    assert "take-back" in mailed.sender.seen(mailed.path)["actions"]
    for _again in range(2):
        when(mailed.sender.post(back)).then(200, state="accepted")
    shown = mailed.sender.seen(mailed.path)
    assert (shown["facts"]["connected"]["yes"], "take-back" in shown["actions"]) == (False, False)
    when(mailed.sender.post(path, {"by": "phone"})).then(200, open=["met", "ended"])
    said = {"by": "phone", "step": "ended", "outcome": "enrolled"}
    when(mailed.sender.post(path, said)).then_problem(409, "no-evidence")
    for kind in ("referral", "contact"):
        assert (f"{kind}.taken_back.v1", "muster-diaper-bank", "testa") in recorded(service, mailed)
    when(mailed.sender.post(path, met)).then(200, state="in_service")
    service.clock.ahead = timedelta(minutes=16)
    try:
        when(mailed.sender.post(back)).then_problem(409, "too-late-to-take-back")
    finally:
        service.clock.ahead = timedelta(0)


def test_r14_that_she_was_met_goes_before_a_cancellation_that_was_asked_for(service: Service, mailed: Referral) -> None:
    path, back = f"{mailed.path}/answer", f"{mailed.path}/take-back"
    met = {"by": "phone", "step": "met", "mode": "phone"}
    when(mailed.sender.post(path, {"by": "phone", "step": "accept"})).then(200)
    mailed.sender.done(f"{mailed.path}/request-cancellation", {"reason": "need_resolved"})
    service.clock.ahead = timedelta(minutes=16)
    try:
        when(mailed.sender.post(back)).then_problem(409, "too-late-to-take-back")
        assert "take-back" not in mailed.sender.seen(mailed.path)["actions"]
        when(mailed.sender.post(path, met)).then(200, state="cancel_requested", open=["ended"])
        assert "take-back" in mailed.sender.seen(mailed.path)["actions"]
        for _ in range(2):
            when(mailed.sender.post(back, key="once-and-again")).then(200, state="cancel_requested")
        when(mailed.sender.post(back)).then(200, state="cancel_requested")
        assert "take-back" not in mailed.sender.seen(mailed.path)["actions"]
        when(mailed.sender.post(path, {"by": "phone"})).then(200, open=["met", "ended"])
        assert ("contact.taken_back.v1", "muster-diaper-bank", "testa") in recorded(service, mailed)
        assert "referral.taken_back.v1" not in {kind for kind, _, _ in recorded(service, mailed)}
        when(mailed.sender.post(path, met)).then(200)
        service.clock.ahead = timedelta(minutes=32)
        when(mailed.sender.post(back)).then_problem(409, "too-late-to-take-back")
    finally:
        service.clock.ahead = timedelta(0)


def test_r14_what_they_said_themselves_is_not_taken_back_before_a_cancellation(
    nobody: Caller, mailed: Referral
) -> None:
    code = code_of(printed(mailed))
    when(answer(nobody, code, step="accept")).then(200)
    mailed.sender.done(f"{mailed.path}/request-cancellation", {"reason": "need_resolved"})
    when(answer(nobody, code, step="met", mode="phone")).then(200, state="cancel_requested")
    when(mailed.sender.post(f"{mailed.path}/take-back")).then(200, state="accepted")
    when(answer(nobody, code)).then(200, open=["ended"])


def test_r14_that_she_was_met_by_their_own_word_is_theirs(nobody: Caller, mailed: Referral) -> None:
    code = code_of(printed(mailed))
    when(answer(nobody, code, step="accept")).then(200)
    when(answer(nobody, code, step="met", mode="phone")).then(200, state="in_service")
    when(mailed.sender.post(f"{mailed.path}/take-back")).then_problem(409, "nothing-to-take-back")


def test_r14_what_they_answered_with_the_code_is_theirs_to_take_back(nobody: Caller, mailed: Referral) -> None:
    when(answer(nobody, code_of(printed(mailed)), step="accept")).then(200)
    when(mailed.sender.post(f"{mailed.path}/take-back")).then_problem(409, "nothing-to-take-back")
    assert "take-back" not in mailed.sender.seen(mailed.path)["actions"]


def test_who_is_on_the_system_gets_no_letter(north: Caller, doulas: Caller, hub: Caller, mailed: Referral) -> None:
    referral = Given(north, doulas).sent()
    when(north.get(f"{referral.path}/letter")).then_problem(409, "letter-on-system")
    when(north.post(f"{referral.path}/answer", {"by": "phone", "step": "accept"})).then_problem(409, "letter-on-system")
    when(doulas.get(f"{referral.path}/letter")).then_problem(403, "wrong-side")
    when(hub.get(f"{mailed.path}/letter")).then_problem(404, "not-found")
    when(hub.post(f"{mailed.path}/answer", {"by": "phone", "step": "accept"})).then_problem(404, "not-found")


def test_r1_what_she_took_back_is_printed_no_more(nobody: Caller, north: Caller, doulas: Caller) -> None:
    given = Given(north, doulas)
    client = given.client()
    consent = given.consent(client, recipient="muster-diaper-bank")
    referral = given.sent(client, to=DIAPERS, category="material-hardship", consent={"id": consent})
    code = code_of(printed(referral))
    when(answer(nobody, code, step="accept")).then(200)
    north.done(f"/v1/consents/{consent}/revoke")
    when(north.get(f"{referral.path}/letter")).then_problem(403, "consent-does-not-cover")
    when(answer(nobody, code)).then(200, state="accepted")
