"""Who does nothing for half an hour is signed out to the second, is told so, and loses nothing that was typed (R10)."""

import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from services.gateway.access.last_use import LastUse
from services.gateway.access.session import Session
from services.gateway.settings import GatewaySettings
from tests.gateway.house import House, Standing, hidden, running
from tests.gateway.test_kept_forms import FORMS, TYPED, contact_form, done, hidden_kept, signs_in
from tests.gateway.upstream_hers import CODE

IDLE = timedelta(minutes=30)
A_SECOND = timedelta(seconds=1)
KEY = "ab" * 32
CHOSEN = re.compile(r'name="initiative" id="[^"]*" value="([^"]*)" checked')


def used_at(house: House, visitor: httpx.Client) -> datetime:
    """A moment at which a page was asked for, and the clock stands still."""
    house.clock.at = datetime.now(UTC)
    assert visitor.get("/work").status_code == 200
    return house.clock.at


def is_in(visitor: httpx.Client, path: str = "/work") -> bool:
    return visitor.get(path, follow_redirects=False).status_code == 200


@pytest.mark.parametrize(
    ("after", "idle"),
    [(timedelta(0), False), (IDLE - A_SECOND, False), (IDLE - timedelta(microseconds=1), False), (IDLE, True)],
)
def test_to_the_second(after: timedelta, idle: bool) -> None:
    clock = Standing()
    clock.at = datetime(2026, 11, 27, 9, 0, 0, tzinfo=UTC)
    use, session = LastUse(KEY, 30, clock), Session("t", "c", "seed", began=clock.at.timestamp() - 3_600)
    mark = use.mark(session)
    clock.at += after
    assert (use.left(session, mark) <= 0) is idle


def test_a_mark_is_of_one_session_and_nothing_else_is_one() -> None:
    clock = Standing()
    clock.at = datetime(2026, 11, 27, 9, 0, 0, tzinfo=UTC)
    use, began = LastUse(KEY, 30, clock), clock.at.timestamp()
    session, old = Session("t", "c", "seed", began=began), Session("t", "c", "old", began=began - 1_800)
    others = ["", "x", LastUse("cd" * 32, 30, clock).mark(old), use.mark(session)]
    assert [use.left(old, mark) for mark in others] == [0] * 4
    assert [use.left(session, mark) for mark in others] == [1_800] * 4, "it has just begun"
    assert use.left(old, use.mark(old)) == 1_800


@pytest.mark.parametrize("later", [IDLE - A_SECOND, IDLE])
def test_a_page_that_is_asked_for_moves_the_end(house: House, visitor: httpx.Client, later: timedelta) -> None:
    start = used_at(house, visitor)
    house.clock.at = start + IDLE - A_SECOND
    assert is_in(visitor)
    house.clock.at += later
    assert is_in(visitor) is (later < IDLE)


def test_what_a_page_asks_for_by_itself_moves_nothing(house: House, visitor: httpx.Client) -> None:
    start = used_at(house, visitor)
    house.clock.at = start + IDLE - A_SECOND
    news = visitor.get("/work/news")
    assert (news.status_code, news.headers.get_list("set-cookie")) == (200, [])
    form = {**hidden(visitor.get("/referrals/new")), "note": TYPED}
    visitor.cookies.delete("closeknit-used")
    saved = visitor.post("/work/drafts", data={**form, "by_itself": "yes"})
    assert (saved.status_code, "closeknit-used" in visitor.cookies) == (200, False)
    saved = visitor.post("/work/drafts", data={**form, "note": "more"})
    assert (saved.status_code, "closeknit-used" in visitor.cookies) == (200, True), "somebody typed"
    assert "by_itself" not in str(house.twin.heard)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ["You were signed out, because nothing was done here for 30 minutes.", "you come back to where you were"],
        ),
        ("es", ["Su sesión terminó porque aquí no se hizo nada durante 30 minutos.", "vuelve a donde estaba"]),
    ],
)
def test_the_page_says_why_and_leads_back(house: House, visitor: httpx.Client, language: str, words: list[str]) -> None:
    visitor.get(f"/language/{language}")
    start = used_at(house, visitor)
    house.clock.at = start + IDLE
    page = visitor.get("/clients/new")
    assert (page.url.path, [each for each in words if each not in page.text]) == ("/sign-in", [])
    house.clock.at = None
    asked = {"initiative": "fresno-ptbi", "then": page.url.params["then"]}
    issuer = visitor.get("/sign-in/go", params=asked)
    assert visitor.post(str(issuer.url), data={"person": "sam-specimen"}).url.path == "/clients/new"


@pytest.mark.parametrize(
    ("person", "initiative"), [("sam-specimen", "fresno-ptbi"), ("noa-sample", "expecting-justice-sf")]
)
def test_where_somebody_was_signed_in_is_chosen_again(house: House, person: str, initiative: str) -> None:
    with house.visitor(person, initiative=initiative) as visitor:
        house.clock.at = used_at(house, visitor) + IDLE
        assert CHOSEN.findall(visitor.get("/work").text) == [initiative]


def test_who_was_not_away_is_told_nothing_of_it(house: House) -> None:
    with house.visitor() as stranger:
        page = stranger.get("/work")
        assert "nothing was done here" not in page.text
        assert CHOSEN.findall(page.text) == [], "of a stranger nothing is known"


def test_r10_what_was_typed_comes_back_to_who_typed_it(house: House, visitor: httpx.Client) -> None:
    path, form = contact_form(house, visitor)
    sent = {**hidden(visitor.get(path), form), **FORMS["contact"][1]}
    house.clock.at = datetime.now(UTC) + IDLE
    told = visitor.post(form, data=sent)
    assert (told.status_code, TYPED in told.text) == (401, False)
    assert "because nothing was done here for 30 minutes" in told.text
    assert "what you typed is not lost" in told.text
    house.clock.at = None
    signs_in(visitor)
    shown = visitor.post(str(told.url), data={"kept": hidden_kept(told)})
    assert (shown.status_code, TYPED in shown.text) == (422, True)
    assert done(house) == []


def test_a_client_who_went_away_needs_a_new_code(house: House) -> None:
    with httpx.Client(base_url=house.url, headers={"origin": house.url}, follow_redirects=True) as anybody:
        assert anybody.post("/my", data={"code": CODE.lower()}).url.path == "/my/record"
        house.clock.at = datetime.now(UTC) + IDLE
        page = anybody.get("/my/record")
        assert (page.url.path, "because nothing was done here for 30 minutes" in page.text) == ("/my", True)


def test_the_script_of_a_page_hears_how_long_it_is_still_in(house: House, visitor: httpx.Client) -> None:
    def left(path: str = "/sign-in/still") -> int:
        answer = visitor.get(path)
        assert (answer.headers["cache-control"], answer.headers.get_list("set-cookie")) == ("no-store", [])
        return int(answer.json()["left"])

    house.clock.at = used_at(house, visitor) + A_SECOND
    assert (left(), left(), left("/my/still")) == (1_799, 1_799, 0)
    house.clock.at += IDLE
    assert left() == 0
    with house.visitor() as stranger:
        assert stranger.get("/sign-in/still").json() == {"left": 0}


def test_how_long_is_a_setting() -> None:
    with running(CLOSEKNIT_SESSION_IDLE_MINUTES="1") as house, house.visitor("sam-specimen") as visitor:
        start = used_at(house, visitor)
        house.clock.at = start + timedelta(minutes=1)
        page = visitor.get("/work")
        assert "nothing was done here for 1 minute." in page.text
        assert page.history
    assert GatewaySettings.model_fields["session_idle_minutes"].default == 30
