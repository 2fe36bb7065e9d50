"""Every page, in both languages, as a browser without a script meets it."""

import re
from collections.abc import Iterator

import httpx
import pytest

from contracts.initiative import load_initiatives
from services.gateway.pages import catalogue
from tests.gateway.house import INITIATIVES, House, hidden
from tests.gateway.reading import Reading

pytestmark = pytest.mark.slow  # walks every page

NAME = "Nora"


def pages(house: House, visitor: httpx.Client) -> Iterator[httpx.Response]:
    """Each page that staff can see, with the story as it stands at its beginning."""
    twin = house.twin
    handle = client_page(visitor).removeprefix("/clients/")
    for path in (
        "/work", "/work?show=overdue", "/work?show=acknowledge", "/work/inbox", "/work/outbox", "/referrals/new",
        f"/referrals/{twin.referral}", f"/handoffs/{twin.handoff}", "/clients", "/clients/new", f"/clients/{handle}",
        f"/clients/{handle}?as_of=2026-11-01&known_at=2026-11-02", f"/clients/{handle}/refer",
        f"/clients/{handle}/contact", f"/clients/{handle}/consent", f"/clients/{handle}/handoff", "/about",
        "/about/principles", "/about/initiatives/fresno-ptbi", "/about/initiatives/expecting-justice-sf", "/docs",
        "/problems/not-found", "/nothing-here",
    ):  # fmt: skip
        yield visitor.get(path)


def client_page(visitor: httpx.Client) -> str:
    """The address of Nora's page, as a search leads to it."""
    form = hidden(visitor.get("/clients"), None)
    page = visitor.post("/clients", data={**form, "find": NAME})
    return str(re.findall(r'href="(/clients/[a-z2-7]{26})"', page.text)[0])


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_is_whole(house: House, language: str) -> None:
    with house.visitor("sam-specimen") as visitor:
        visitor.get(f"/language/{language}")
        for page in pages(house, visitor):
            read = Reading(page.text)
            assert read.wrong == [], page.url
            assert page.status_code == (404 if page.url.path == "/nothing-here" else 200)
            assert f'<html lang="{language}">' in page.text
            assert read.headings[0].strip()


def english(language: str) -> Iterator[str]:
    """Pieces of three words or more that the catalogue says otherwise in this language."""
    for message in catalogue.kept(language):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        pieces = [piece.strip() for text in ids for piece in re.split(r"%\(\w+\)s|\{\w+\}", str(text))]
        yield from (each for each in pieces if each.count(" ") > 1 and not any(each in str(text) for text in said))


def left_in_english(text: str) -> list[str]:
    """English that a page shows outside of what it marks as English."""
    plain = Reading(text.replace('<html lang="en">', '<html lang="es">')).said["es"]
    return [each for each in english("es") if each in plain]


def test_a_spanish_page_says_nothing_in_english(house: House) -> None:
    abouts = [initiative.about.said("en") for initiative in load_initiatives(INITIATIVES).values()]
    with house.visitor("sam-specimen") as visitor:
        visitor.get("/language/es")
        shut = list(pages(house, visitor))
        opened = [
            visitor.post(f"{path}/open", data=hidden(visitor.get(path), f"{path}/open"))
            for path in (f"/referrals/{house.twin.referral}", f"/handoffs/{house.twin.handoff}")
        ]
        for page in shut + opened:
            assert left_in_english(page.text) == [], page.url
            assert not any(about in Reading(page.text).said["es"] for about in abouts), page.url


def test_english_on_a_spanish_page_is_seen(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        for page in pages(house, visitor):
            assert left_in_english(page.text), page.url


def test_the_reading_sees_what_is_wrong() -> None:
    bad = Reading(
        '<h1>a</h1><h1>b</h1><p style="x" onclick="y"></p><script src="https://cdn.example/x.js">z()</script>'
        '<input id="q"><a>nowhere</a><div aria-describedby="gone"></p></div><b id="q" tabindex="3"></b><img src="/x">'
    )
    assert len(bad.wrong) == 13


def test_no_name_stands_in_a_title_or_an_address(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        for page in pages(house, visitor):
            read = Reading(page.text)
            assert NAME not in read.title
            for address in [str(page.url), *read.addresses]:
                assert NAME not in address
                assert house.twin.nora not in address


def test_every_page_comes_with_a_strict_policy(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        for page in pages(house, visitor):
            policy = page.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["x-content-type-options"] == "nosniff"
            assert page.headers["referrer-policy"] == "same-origin"


def test_static_files_are_named_by_what_they_hold(house: House) -> None:
    with house.visitor() as visitor:
        sheets = [each for each in Reading(visitor.get("/sign-in").text).addresses if each.startswith("/static/")]
        for address in sheets:
            assert "immutable" in visitor.get(address).headers["cache-control"]
        assert len(sheets) == 4
        assert visitor.get(sheets[0].replace("/static/", "/static/0")).status_code == 404
        assert visitor.get("/static/x/../../../settings.py").status_code == 404


def test_a_handle_ends_with_the_sign_in(house: House) -> None:
    with house.visitor("sam-specimen") as first:
        page = client_page(first)
        assert "Nora Muster" in first.get(page).text
    with house.visitor("sam-specimen") as second:
        assert second.get(page).status_code == 404


@pytest.mark.parametrize("handle", ["x", "a" * 26, "b" * 26, "..%2F..%2Fwork"])
def test_a_made_up_handle_leads_nowhere(house: House, handle: str) -> None:
    with house.visitor("sam-specimen") as visitor:
        page = visitor.get(f"/clients/{handle}")
    assert page.status_code == 404
    assert "There is nothing here for you" in page.text


@pytest.mark.parametrize(
    ("change", "headers"),
    [
        ({"csrf": "x" * 24}, {}),
        ({"csrf": ""}, {}),
        ({}, {"origin": "https://evil.example"}),
        ({}, {"sec-fetch-site": "cross-site"}),
    ],
)
def test_a_form_from_elsewhere_is_stopped(house: House, change: dict[str, str], headers: dict[str, str]) -> None:
    with house.visitor("sam-specimen") as visitor:
        form = hidden(visitor.get("/clients"), None)
        house.twin.heard.clear()
        page = visitor.post("/clients", data={**form, "find": NAME, **change}, headers=headers)
    assert page.status_code == 403
    assert "This form was too old to be sent" in page.text
    assert {action for action, _, _ in house.twin.heard} <= {"list_work", "list_agencies"}


def test_a_form_after_the_sign_in_has_ended_says_so(house: House) -> None:
    with house.visitor("sam-specimen") as visitor:
        form = hidden(visitor.get("/clients"), None)
        visitor.cookies.clear()
        page = visitor.post("/clients", data={**form, "find": NAME})
    assert page.status_code == 401
    assert "You are not signed in any more" in page.text


def test_another_agency_sees_no_referral_of_theirs(house: House) -> None:
    with house.visitor("dora-muster") as visitor:
        page = visitor.get(f"/referrals/{house.twin.referral}")
    assert page.status_code == 404
    assert NAME not in page.text
