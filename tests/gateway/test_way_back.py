"""Signing in again leads back to the page that was wanted, and nowhere else, and nobody else."""

import secrets

import httpx
import pytest

from services.gateway.access import way_back
from services.gateway.access.session import Handles, Sealer, Session
from services.gateway.access.way_back import Place, WayBack
from services.runtime.auth import Principal
from tests.gateway.house import House, hidden, lapse, signs_out
from tests.gateway.test_pages import client_page

KEY = secrets.token_hex(32)
REFERENCE = "mfrggzdfmztwq2lknnwg23tpoa"
WORK = Place("/work", "list_work")
CLIENT = Place("/clients/{handle}/contact", "record_contact")


def sam(subject: str = "sam", role: str = "staff") -> tuple[Session, Principal]:
    who = Principal(subject, "fresno-ptbi", "sample-county-chw-hub", frozenset({role}))
    return Session.begin("token", subject), who


def sign_in(visitor: httpx.Client, page: httpx.Response, person: str = "sam-specimen") -> httpx.Response:
    """From our sign-in page, by its form, to the issuer and back."""
    form = {"initiative": "fresno-ptbi", "then": page.url.params.get("then", "")}
    issuer = visitor.get("/sign-in/go", params=form)
    return visitor.post(str(issuer.url), data={"person": person})


def test_who_signs_in_comes_to_the_page_that_was_wanted(house: House) -> None:
    with house.visitor() as visitor:
        asked = visitor.get(f"/referrals/{house.twin.referral}")
        assert asked.url.path == "/sign-in"
        assert house.twin.referral not in str(asked.url) + asked.text
        back = sign_in(visitor, asked)
    assert back.url.path == f"/referrals/{house.twin.referral}"


@pytest.mark.parametrize("path", ["/work?show=overdue", "/clients/new", "/referrals/new"])
def test_who_was_away_too_long_comes_back(house: House, visitor: httpx.Client, path: str) -> None:
    lapse(house, visitor)
    back = sign_in(visitor, visitor.get(path))
    assert str(back.url) == f"{house.url}{path}"


def test_what_was_done_is_not_said_twice(house: House, visitor: httpx.Client) -> None:
    lapse(house, visitor)
    back = sign_in(visitor, visitor.get(f"/referrals/{house.twin.referral}?now=sent"))
    assert str(back.url) == f"{house.url}/referrals/{house.twin.referral}"


@pytest.mark.parametrize("step", ["contact", "episode", "consent"])
def test_a_form_about_a_client_leads_back_to_her(house: House, visitor: httpx.Client, step: str) -> None:
    path = client_page(visitor)
    form = hidden(visitor.get(path), "/sign-out")
    lapse(house, visitor)
    told = visitor.post(f"{path}/{step}", data=form)
    assert (told.status_code, "you come back to this page" in told.text) == (401, True)
    assert house.twin.nora not in told.text
    address = told.text.partition('class="button" href="')[2].partition('"')[0]
    back = sign_in(visitor, visitor.get(address))
    assert back.status_code == 200
    assert "Nora Muster" in back.text
    assert path.rpartition("/")[2] not in str(back.url), "the handle of the ended sign-in leads nowhere"


def test_somebody_else_comes_to_their_own_first_page(house: House, visitor: httpx.Client) -> None:
    lapse(house, visitor)
    asked = visitor.get(f"/referrals/{house.twin.referral}")
    assert sign_in(visitor, asked, "ada-example").url.path == "/work"


def test_who_may_not_see_it_comes_to_their_own_first_page(house: House) -> None:
    with house.visitor() as visitor:
        assert sign_in(visitor, visitor.get("/work"), "greta-example").url.path == "/scorecard"


def test_a_try_that_fails_and_another_language_keep_the_way(house: House) -> None:
    with house.visitor() as visitor:
        asked = visitor.get("/clients/new")
        spanish = visitor.get("/language/es", headers={"referer": str(asked.url)})
        assert spanish.url == asked.url
        visitor.get("/sign-in/go", params={"initiative": "fresno-ptbi", "then": asked.url.params["then"]})
        failed = visitor.get("/sign-in/back", params={"state": "other"})
        assert failed.status_code == 400
        assert hidden_way(failed) == asked.url.params["then"]


def hidden_way(page: httpx.Response) -> str:
    return page.text.partition('name="then" value="')[2].partition('"')[0]


@pytest.mark.parametrize(
    "then", ["https://evil.example/", "//evil.example", "/work", "javascript:alert(1)", "x" * 5000, "A" * 200]
)
def test_an_address_that_we_did_not_seal_leads_to_the_first_page(house: House, then: str) -> None:
    with house.visitor() as visitor:
        issuer = visitor.get("/sign-in/go", params={"initiative": "fresno-ptbi", "then": then})
        back = visitor.post(str(issuer.url), data={"person": "sam-specimen"})
        assert str(back.url) == f"{house.url}/work"
        assert str(visitor.get("/sign-in", params={"then": then}).url) == f"{house.url}/work"


def test_in_another_tab_one_is_signed_in_already(house: House, visitor: httpx.Client) -> None:
    with house.visitor() as stranger:
        asked = stranger.get("/clients/new")
    assert visitor.get(str(asked.url)).url.path == "/clients/new"


def test_signing_out_twice_is_signed_out(house: House, visitor: httpx.Client) -> None:
    page = visitor.get("/work")
    assert [signs_out(visitor, page).url.path for _ in range(2)] == ["/sign-in", "/sign-in"]


def test_signing_out_after_the_sign_in_has_run_out(house: House, visitor: httpx.Client) -> None:
    page = visitor.get("/work")
    lapse(house, visitor)
    assert signs_out(visitor, page).url.path == "/sign-in"
    assert "closeknit" not in visitor.cookies


def test_a_handle_becomes_one_of_the_new_sign_in() -> None:
    way, (old, _), (new, who) = WayBack(KEY, {"fresno-ptbi"}), sam(), sam()
    sealed = way.to(CLIENT, {"handle": Handles(old).of(REFERENCE)}, "", old)
    assert way.address(sealed, new, who) == f"/clients/{Handles(new).of(REFERENCE)}/contact"
    assert way.to(CLIENT, {"handle": Handles(old).of(REFERENCE)}, "", None) == ""
    assert way.to(CLIENT, {"handle": "x"}, "", old) == ""


def test_the_way_is_for_the_same_person_and_role_and_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    way, (old, _), (new, who) = WayBack(KEY, {"fresno-ptbi"}), sam(), sam()
    sealed = way.to(WORK, {}, "show=overdue", old)
    assert way.address(sealed, new, who) == "/work?show=overdue"
    assert way.address(sealed, *sam("somebody-else")) == "/"
    assert way.address(sealed, *sam(role="working_group")) == "/"
    assert way.address(Sealer(KEY, "session").seal({"template": "//evil"}), new, who) == "/"
    monkeypatch.setattr(way_back, "GOOD_FOR_SECONDS", -1)
    assert way.address(way.to(WORK, {}, "", old), new, who) == "/"


def test_what_a_browser_made_of_an_address_stays_an_address_of_ours() -> None:
    way, (old, _), (new, who) = WayBack(KEY, {"fresno-ptbi"}), sam(), sam()
    place = Place("/referrals/{referral}", "get_referral")
    address = way.address(way.to(place, {"referral": "x/../\n//evil.example?#"}, "a" * 400, old), new, who)
    assert address == "/referrals/x%2F..%2F%0A%2F%2Fevil.example%3F%23"
