"""Sending a referral without a script: in steps, on one page, and nothing typed is lost."""

import re
from typing import Any

import httpx
import pytest
from starlette.responses import Response

from tests.gateway.house import House, hidden
from tests.gateway.reading import Reading
from tests.gateway.test_pages import client_page
from tests.gateway.upstream_twin import problem

pytestmark = pytest.mark.slow  # walks many pages

NEW = "/referrals/new"
DOULA = "example-doula-network/birth-doula"


def filled(visitor: httpx.Client, **more: Any) -> dict[str, Any]:
    """A form that can be sent, for somebody new; `more` changes it, None leaves a field away."""
    page = visitor.get(NEW)
    form = {**hidden(page, NEW), "given": "Lia", "family": "Specimen", "mrn": "M-1", "need": "doula",
            "service": DOULA, "consent": "yes", "how": "spoken", "on": "2026-11-20", "fields": ["name", "phones"],
            "note": "Works mornings."}  # fmt: skip
    return {name: value for name, value in {**form, **more}.items() if value is not None}


def sent(house: House) -> list[dict[str, Any]]:
    """What was sent; what asks for a first answer alone is not."""
    heard = [each for each in house.twin.heard if "if-match" not in each[2]]
    return [body for action, body, _ in heard if action == "send_referral" and not body.get("draft")]


def test_a_whole_form_is_a_referral(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor))
    assert page.url.path.startswith("/referrals/0192")
    assert "Sent to Example Doula Network." in page.text
    assert sent(house) == [
        {
            "mode": "direct",
            "priority": "routine",
            "identity": {"names": [{"given": "Lia", "family": "Specimen"}], "mrn": "M-1"},
            "category": "doula",
            "to": {"agency": "example-doula-network", "service": "birth-doula"},
            "consent": {"agreed": True, "how": "spoken", "on": "2026-11-20", "fields": ["name", "phones"]},
            "note": "Works mornings.",
        }
    ]


def test_r11_one_that_she_goes_to_herself_is_sent_by_page_with_numbers(house: House, visitor: httpx.Client) -> None:
    more = {"goes_herself": "yes", "identifier": "NORTH-17", "reason_code": "Z59.41"}
    page = visitor.post(NEW, data=filled(visitor, do="check", **more))
    assert (Reading(page.text).wrong, page.text.count("nobody is told how it ends")) == ([], 2)
    assert "They are asked to answer by" not in page.text
    visitor.post(NEW, data=filled(visitor, **more))
    body = sent(house)[-1]
    assert (body["mode"], body["identifier"], body["reason_code"]) == ("informational", "NORTH-17", "Z59.41")


@pytest.mark.parametrize(("language", "words"), [("en", "Check it"), ("es", "Revíselo")])
def test_a_code_that_is_none_is_said_beside_its_field(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    errors = [{"pointer": each, "code": "x", "message": "m"} for each in ("/reason_code", "/identifier")]
    house.twin.breaks["send_referral"] = lambda: problem(422, "malformed", errors=errors)
    visitor.get(f"/language/{language}")
    page = visitor.post(NEW, data=filled(visitor, identifier="!", reason_code="Z59.99"))
    assert (page.status_code, Reading(page.text).wrong) == (422, [])
    assert re.findall(r'<li><a href="#([\w-]+)">', page.text) == ["identifier", "reason_code"]
    assert (words in page.text, 'value="Z59.99"' in page.text) == (True, True)


@pytest.mark.parametrize(("language", "words"), [("en", "come first."), ("es", "Primero están")])
def test_who_could_help_is_asked_for_by_what_fits_her(
    house: House, visitor: httpx.Client, language: str, words: str
) -> None:
    visitor.get(f"/language/{language}")
    her = {"person_language": "es", "zip": "93706", "birth_date": "2000-01-01"}
    house.twin.entries["diapers"] = {"category": "doula"}
    page = visitor.post(NEW, data=filled(visitor, do="services", **her))
    fit = [body["fit"] for _, body, _ in house.twin.heard if "fit" in body][-1]
    assert {name: fit[name] for name in ("language", "zip")} == {"language": "es", "zip": "93706"}
    assert 25 < fit["age"] < 120
    assert words in page.text
    plain = visitor.post(NEW, data=filled(visitor, do="services", zip="9370", birth_date="soon"))
    assert words not in plain.text


def test_both_sides_read_the_numbers_of_a_referral(house: House) -> None:
    found = house.twin.referrals[house.twin.referral]
    found |= {"identifiers": {"sender": "NORTH-17", "receiver": None}, "reason_code": "Z59.41"}
    for person, words in (("ada-example", "Your number of this referral"), ("sam-specimen", "Their number")):
        with house.visitor(person) as side:
            page = side.get(f"/referrals/{found['referral']}").text
        assert all(text in page for text in (words, "NORTH-17", "Z59.41"))


@pytest.mark.parametrize("number", ["M-1", None])
def test_pressing_twice_sends_once(house: House, visitor: httpx.Client, number: str | None) -> None:
    form = filled(visitor, mrn=number)
    first, second = (visitor.post(NEW, data=form) for _ in range(2))
    assert first.url == second.url
    assert (
        len({headers["idempotency-key"] for action, _, headers in house.twin.heard if action == "send_referral"}) == 1
    )
    assert len(house.twin.referrals) == 2


@pytest.mark.parametrize(
    ("change", "field", "text"),
    [
        ({"consent": None}, "consent", "Say whether she agreed to share this"),
        ({"consent": "no"}, "consent", "She did not agree, so nothing was sent"),
        ({"how": None}, "how", "Say how she agreed"),
        ({"fields": None}, "fields", "Say what they may have"),
        ({"on": "2999-01-01"}, "on", "Check the day on which she agreed"),
        ({"service": None}, "service", "Choose who could help"),
        ({"need": None}, "need", "Say what she needs"),
        ({"given": None, "family": None}, "find", "Say for whom"),
        ({"birth_date": "31.12.1990"}, "birth_date", "Check the birth date"),
        ({"consent": "exception"}, "exception", "Say which exception it is"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    house: House, visitor: httpx.Client, change: dict[str, str | None], field: str, text: str
) -> None:
    form = filled(visitor, **change)
    page = visitor.post(NEW, data=form)
    read = Reading(page.text)
    assert page.status_code == 422
    assert sent(house) == []
    assert f'<a href="#{field}">{text}' in page.text
    assert field in read.ids
    assert read.wrong == []
    assert read.title.startswith("Error: ")
    assert page.text.index('role="alert"') < page.text.index('<form class="beside"')
    for name in form.keys() & {"key", "given", "family", "mrn"}:
        assert form[name] in read.values[name]
    assert "Works mornings." in page.text


def test_everything_that_is_wrong_is_said_at_once(house: House, visitor: httpx.Client) -> None:
    wrong = ["/identity/address/zip", "/identity/phones/0", "/consent", "/to/service"]
    errors = [{"pointer": pointer, "code": "x", "message": "m"} for pointer in wrong]
    house.twin.breaks["send_referral"] = lambda: problem(422, "malformed", errors=errors)
    form = filled(visitor, zip="12", phone="abc", birth_date="2999-01-01", need=None, service=None, how=None)
    page = visitor.post(NEW, data=form)
    links = re.findall(r'<li><a href="#(\w+)">', page.text)
    assert links == ["birth_date", "phone", "zip", "need", "service", "consent", "how"]
    assert "7 things are missing or wrong" in page.text
    assert Reading(page.text).wrong == []
    assert sent(house) == []


def test_a_step_asks_for_nothing_and_keeps_all(house: House, visitor: httpx.Client) -> None:
    form = filled(visitor, consent=None, service=None, do="services")
    page = visitor.post(NEW, data=form)
    assert page.status_code == 200
    assert "Example Doula Network, Birth doula" in page.text
    assert "Sample County CHW Hub, Care" not in page.text
    assert Reading(page.text).values["given"] == ["Lia"]
    assert sent(house) == []


def test_the_check_shows_what_they_will_see(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data=filled(visitor, do="check", phone="555 010 0199"))
    assert "Example Doula Network will see this and nothing else:" in page.text
    assert "Lia Specimen" in page.text
    assert "555 010 0199" in page.text
    assert sent(house) == []


def test_one_of_our_clients_is_found_and_chosen(house: House, visitor: httpx.Client) -> None:
    page = visitor.post(NEW, data={**hidden(visitor.get(NEW), NEW), "find": "nora", "do": "find"})
    handle = next(value for value in Reading(page.text).values["client"] if len(value) == 26)
    chosen = filled(visitor, client=handle, given=None, family=None, mrn=None)
    checked = [visitor.post(NEW, data={**chosen, "do": "check"}).text for house.twin.shared["guarded"] in (False, True)]
    assert ["555 010 0134" in page for page in checked] == [True, False]
    assert "Guarded: not shown on this page" in checked[1]
    visitor.post(NEW, data=chosen)
    assert sent(house)[0]["client"] == house.twin.nora


def test_from_her_page_she_is_chosen_already(house: House, visitor: httpx.Client) -> None:
    page = visitor.get(f"{client_page(visitor)}/refer")
    assert "Nora Muster" in page.text
    again = visitor.post(NEW, data={**hidden(page, NEW), "do": "change"})
    assert "Nora Muster" not in again.text


def test_who_may_be_known_already_is_shown_first(house: House, visitor: httpx.Client) -> None:
    form = filled(visitor, given="Nora", family="Muster", mrn=None)
    page = visitor.post(NEW, data=form)
    assert page.status_code == 422
    assert "It is Nora Muster" in page.text
    assert sent(house) == []
    assert visitor.post(NEW, data={**form, "surely": "new"}).status_code == 200
    assert "identity" in sent(house)[0]


def test_a_consent_that_stands_is_offered(house: House, visitor: httpx.Client) -> None:
    stands = {"consent": "c" * 26, "agreed": True, "how": "signed", "on": "2026-08-12", "fields": ["name"],
              "recipient": None, "category": "doula", "purpose": "coordination", "expires": None,
              "state": "agreed", "recipients": [], "recorded_at": "2026-08-12T17:00:00Z"}  # fmt: skip
    house.twin.consents = [stands, {**stands, "consent": "d" * 26, "state": "revoked", "on": "2026-08-13"},
                           {**stands, "consent": "f" * 26, "state": "entered_in_error", "on": "2026-08-10"},
                           {**stands, "consent": "e" * 26, "expires": "2026-08-14", "on": "2026-08-11"}]  # fmt: skip
    handle = client_page(visitor).rpartition("/")[2]
    page = visitor.post(NEW, data=filled(visitor, client=handle, given=None, consent=None, do="services"))
    assert "Yes, as she agreed on 12 August 2026" in page.text
    assert "13 August" not in page.text
    assert "11 August" not in page.text
    assert "10 August" not in page.text
    visitor.post(NEW, data=filled(visitor, client=handle, given=None, consent=f"id:{'c' * 26}"))
    assert sent(house)[0]["consent"] == {"id": "c" * 26}


@pytest.mark.parametrize(
    ("no", "offered"),
    [
        ({"recipients": ["example-doula-network"], "category": None}, False),
        ({"category": "doula"}, False),
        ({"category": "doula", "on": "2026-08-11"}, True),
        ({"recipients": ["sample-wic-office-west"], "category": None}, True),
        ({"category": "food_insecurity"}, True),
    ],
)
def test_r1_what_she_refused_since_is_not_offered(
    house: House, visitor: httpx.Client, no: dict[str, object], offered: bool
) -> None:
    yes = {"consent": "c" * 26, "agreed": True, "state": "agreed", "how": "signed", "on": "2026-08-12",
           "fields": ["name"], "recipient": None, "recipients": [], "category": "doula", "purpose": "coordination",
           "expires": None, "recorded_at": "2026-08-12T17:00:00Z"}  # fmt: skip
    later = "2026-08-12T18:00:00Z"
    house.twin.consents = [
        yes | {"consent": "d" * 26, "recorded_at": later, "agreed": False, "state": "refused", "fields": []} | no,
        yes,
    ]
    handle = client_page(visitor).rpartition("/")[2]
    page = visitor.post(NEW, data=filled(visitor, client=handle, given=None, consent=None, do="services"))
    assert ("Yes, as she agreed on 12 August 2026" in page.text) is offered


def test_an_exception_says_why(house: House, visitor: httpx.Client) -> None:
    form = filled(visitor, consent="exception", exception="emergency", exception_reason="She could not speak.")
    visitor.post(NEW, data=form)
    assert sent(house)[0]["consent"] == {"exception": "emergency", "reason": "She could not speak."}


@pytest.mark.parametrize(
    ("slug", "status", "text"),
    [
        ("consent-does-not-cover", 403, "What she agreed to does not cover this. Ask her again"),
        ("consent-overruled", 403, "She has said no to this since. Ask her again"),
        ("number-in-use", 409, "Another client of yours has this number"),
        ("referral-already-open", 409, "You have an open referral for her to this service"),
    ],
)
def test_what_the_api_refuses_stands_beside_the_field(
    house: House, visitor: httpx.Client, slug: str, status: int, text: str
) -> None:
    house.twin.breaks["send_referral"] = lambda: problem(status, slug)
    page = visitor.post(NEW, data=filled(visitor))
    assert (page.status_code, text in page.text) == (422, True)
    assert Reading(page.text).wrong == []
    assert "Works mornings." in page.text


def test_a_place_that_the_api_names_is_said(house: House, visitor: httpx.Client) -> None:
    errors = [{"pointer": "/identity/address/zip", "code": "x", "message": "m"}]
    house.twin.breaks["send_referral"] = lambda: problem(422, "malformed", errors=errors)
    page = visitor.post(NEW, data=filled(visitor, zip="abc"))
    assert '<a href="#zip">A ZIP code has 5 digits' in page.text
    house.twin.breaks["send_referral"] = lambda: problem(422, "malformed", errors=[{"pointer": "/odd"}])
    assert "Something in it could not be read" in visitor.post(NEW, data=filled(visitor)).text


def test_an_api_that_breaks_has_a_page(house: House, visitor: httpx.Client) -> None:
    house.twin.breaks["send_referral"] = lambda: Response("no json", 500)
    page = visitor.post(NEW, data=filled(visitor))
    assert page.status_code == 500
    assert "Something broke on our side" in page.text


@pytest.mark.parametrize("given", ["🤱 Ñ ü", "<script>alert(1)</script>", "a\0b", "x" * 20_000, "%(name)s {{ 7 * 7 }}"])
def test_odd_names_are_only_names(house: House, visitor: httpx.Client, given: str) -> None:
    page = visitor.post(NEW, data=filled(visitor, given=given, consent=None))
    assert page.status_code == 422
    assert Reading(page.text).wrong == []
    assert "<script>alert" not in page.text
    assert "49" not in Reading(page.text).values["given"][0]
