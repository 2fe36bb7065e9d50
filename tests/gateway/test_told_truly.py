"""What a page says is so: who is told, what goes out, what a line of a timeline is about."""

import httpx
import pytest

from services.gateway.main import public_document
from services.gateway.pages.views.send import EXCEPTION_GIVES
from services.gateway.pages.views.work import SHOWS
from tests.gateway.house import House
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.test_send import NEW, filled
from tests.gateway.test_stale import opened
from tests.gateway.test_steps import TODAY, press
from tests.gateway.upstream_twin import DOULAS, HUB, problem

STANDS = {"consent": "c" * 26, "agreed": True, "how": "signed", "on": "2026-08-12", "fields": ["name", "due_date"],
          "recipient": None, "category": "doula", "purpose": "coordination", "expires": None, "state": "agreed",
          "recipients": [], "recorded_at": "2026-08-12T17:00:00Z"}  # fmt: skip


OVER = {
    "en": {
        "over": "The record of this pregnancy was closed: nobody is asked for anything here any more.",
        "closed": "<strong>Handoff ended: the record of this pregnancy was closed</strong>",
        "ended": "<strong>Handoff ended</strong>",
        "too late": "Nobody met her in time.",
        "not taken up": "Handoff failed: nobody took it up",
        "another": "Another reason",
    },
    "es": {
        "over": "Se cerró el registro de este embarazo: aquí ya no se pide nada a nadie.",
        "closed": "<strong>Traspaso terminado: se cerró el registro de este embarazo</strong>",
        "ended": "<strong>Traspaso terminado</strong>",
        "too late": "Nadie se reunió con ella a tiempo.",
        "not taken up": "El traspaso no se realizó: nadie lo asumió",
        "another": "Otro motivo",
    },
}
"""How a handoff that has ended reads, by what is said of it."""


def shown(page: httpx.Response) -> list[str]:
    """What stands under "will see this and nothing else"."""
    listed = page.text.partition("will see this and nothing else:")[2].partition("</dl>")[0]
    return [part.partition("</dt>")[0] for part in listed.split("<dt>")[1:]]


def test_the_check_shows_what_she_agreed_to_before(house: House, visitor: httpx.Client) -> None:
    house.twin.consents = [dict(STANDS)]
    her = client_page(visitor).rpartition("/")[2]
    form = filled(visitor, client=her, given=None, do="check", fields=["name", "phones", "address"])
    assert shown(visitor.post(NEW, data=form)) == ["Name", "Phone", "Address", "Asks for"]
    before = visitor.post(NEW, data={**form, "consent": f"id:{'c' * 26}"})
    assert shown(before) == ["Name", "Due date", "Asks for"]
    assert shown(visitor.post(NEW, data={**form, "consent": "no"})) == ["Asks for"]


def test_the_check_shows_what_an_exception_gives(visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, do="check", consent="exception", fields=["name"]))
    assert shown(page) == ["Name", "Birth date", "Phone", "Address", "Language", "Note", "Asks for"]


def test_an_exception_gives_what_the_interface_says() -> None:
    described = public_document()["components"]["schemas"]["ConsentException"]["properties"]["fields"]
    assert set(EXCEPTION_GIVES) == set(described["default"])


@pytest.mark.parametrize("person", ["sam-specimen", "ada-example"])
def test_r11_a_referral_that_nobody_answers_has_no_loop(house: House, person: str) -> None:
    path = f"/referrals/{house.twin.referral}"
    with house.visitor(person) as visitor:
        assert "The loop is open." in visitor.get(path).text
        house.twin.referrals[house.twin.referral] |= {"mode": "informational", "due": None, "overdue": False}
        page = visitor.get(path) if person == "ada-example" else opened(visitor, path)
    assert "She goes there herself" in page.text
    for untrue in ("The loop is open.", "You are told as soon as they answer.", "Three facts", "Nothing is overdue."):
        assert untrue not in page.text


def test_a_step_on_a_timeline_says_of_what(house: House, visitor: httpx.Client) -> None:
    path = f"/referrals/{house.twin.referral}"
    opened(visitor, path)
    timeline = visitor.get(client_page(visitor)).text
    assert "Rides to appointments: received" in timeline
    assert "Rides to appointments: sent to Sample County CHW Hub" in timeline
    assert "Rides to appointments: received" not in visitor.get(path).text, "there, the page says of what"


def test_a_phone_number_is_written_as_people_say_it(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, do="check", phone="+15595550181"))
    assert "559 555 0181</dd>" in page.text


def test_somebody_unknown_reads_the_time_of_the_place(house: House) -> None:
    with house.visitor() as visitor:
        page = visitor.get("/about").text
    with house.visitor("sam-specimen") as visitor:
        known = visitor.get("/about").text
    hour = [text.partition("Page made ")[2].partition(":")[0] for text in (page, known)]
    assert hour[0] == hour[1]


def test_a_working_group_is_not_led_back_to_work(house: House) -> None:
    with house.visitor("greta-example") as visitor:
        page = visitor.get("/work")
    assert "Back to the first page" in page.text
    assert "Back to work" not in page.text


def test_what_was_sent_today_waits_no_days(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor))
    assert "sent today" in page.text
    assert "0 days" not in page.text
    assert "9 days since it was sent" in visitor.get(f"/referrals/{house.twin.referral}").text


def test_the_heading_of_a_list_is_of_what_it_shows(house: House, visitor: httpx.Client) -> None:
    heads = {show: Reading(visitor.get(f"/work?show={show}").text).headings[0].strip() for show in SHOWS}
    assert heads["all"] == heads["overdue"] == "1 thing is overdue"
    assert heads["answer"] == "2 to answer"
    assert heads["contact"] == "Nothing of this kind waits for you"
    house.twin.referrals[house.twin.referral]["overdue"] = False
    assert "Nothing of this kind waits for you" in visitor.get("/work?show=overdue").text
    assert "2 things wait for you" in visitor.get("/work").text


def test_an_address_that_is_cut_off_says_so(house: House, visitor: httpx.Client) -> None:
    house.twin.breaks["list_work"] = lambda: problem(422, "malformed", errors=[{"pointer": "/cursor"}])
    page = visitor.get("/work?from=zzz")
    assert (page.status_code, "what you typed" in page.text) == (422, False)
    assert "The address of this page is not whole" in page.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "because it was an emergency."), ("es", "porque era una emergencia.")],
)
@pytest.mark.parametrize("person", ["ada-example", "sam-specimen"])
def test_r1_both_sides_read_that_she_did_not_agree(house: House, person: str, language: str, words: str) -> None:
    found = house.twin.referrals[house.twin.referral]
    with house.visitor(person) as side:
        side.get(f"/language/{language}")
        path = f"/referrals/{found['referral']}"
        assert words not in side.get(path).text
        found["exception"] = "emergency"
        assert words in side.get(path).text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Nothing now: Example Doula Network said yes."),
        ("es", "Nada por ahora: Example Doula Network dijo que sí."),
    ],
)
def test_who_said_yes_is_not_waited_for_to_answer(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    id = house.twin.send(HUB, DOULAS, "doula", house.twin.nora)
    house.twin.referrals[id] |= {"state": "accepted"}
    visitor.get(f"/language/{language}")
    page = visitor.get(f"/referrals/{id}").text
    assert words in page
    assert "You are told as soon as they answer." not in page


@pytest.mark.parametrize(
    ("step", "because", "reason", "lead", "said"),
    [
        ("failed", "pregnancy_closed", "other", "nobody", ["over", "closed"]),
        ("withdrawn", "pregnancy_closed", "other", "nobody", ["over", "closed"]),
        ("withdrawn", None, "other", "sender", ["another"]),
        ("failed", None, None, "sender", ["too late", "not taken up"]),
        ("failed", None, None, "nobody", ["not taken up"]),
        ("failed", None, "no_further_contact", "nobody", ["ended"]),
    ],
)
@pytest.mark.parametrize("language", ["en", "es"])
def test_r5_a_handoff_of_a_closed_pregnancy_is_over_and_says_no_more_than_that(  # noqa: PLR0917 - fixtures and a table
    house: House,
    visitor: httpx.Client,
    step: str,
    because: str | None,
    reason: str | None,
    lead: str,
    said: list[str],
    language: str,
) -> None:
    found = house.twin.handoffs[house.twin.handoff]
    detail = {name: value for name, value in (("because", because), ("reason", reason)) if value}
    found["history"].append(house.twin.event(f"handoff.{step}.v1", house.twin.now, found["from"], **detail))
    found |= {"state": step, "reason": reason, "lead": lead}
    visitor.get(f"/language/{language}")
    page = visitor.get(f"/handoffs/{house.twin.handoff}").text
    assert [name for name, words in OVER[language].items() if words in page] == said


@pytest.mark.parametrize("person", ["ada-example", "sam-specimen"])
@pytest.mark.parametrize(
    ("language", "words", "ours", "theirs"),
    [
        ("en", "The contact that completed it was entered in error.", "If you have met her,", "has met her: ask them."),
        ("es", "El contacto que lo completó se anotó por error.", "Si ya la vieron,", "la haya visto: pregúnteles."),
    ],
)
def test_r14_a_handoff_that_an_error_completed_says_so_and_what_to_do(  # noqa: PLR0917 - fixtures and a table
    house: House, person: str, language: str, words: str, ours: str, theirs: str
) -> None:
    path, found = f"/handoffs/{house.twin.handoff}", house.twin.handoffs[house.twin.handoff]
    receives = person == "sam-specimen"
    with house.visitor(person) as side:
        side.get(f"/language/{language}")
        for in_error in (False, True):
            found |= {"state": "completed", "evidence_in_error": in_error, "lead": "receiver"}
            page = side.get(path).text
            assert (words in page, ours in page, theirs in page) == (
                in_error,
                in_error and receives,
                in_error and not receives,
            )
            assert (f'action="{path}/contact"' in page) == (in_error and receives)
        if receives:
            met = press(side, side.get(path), f"{path}/contact", mode="phone", contact_outcome="completed", day=TODAY)
            assert met.url.path == path
            body = next(body for action, body, _ in reversed(house.twin.heard) if action == "record_contact")
            assert body["handoff"] == house.twin.handoff
