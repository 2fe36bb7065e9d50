"""Every answer of the gateway, whoever made it and whatever it says: browsers guess nothing and keep nothing."""

from collections.abc import Iterator

import httpx
import pytest

from tests.gateway.house import House, running
from tests.gateway.test_passage import token

ANSWERS = {
    "a service's answer": ("/v1/work", {}, 200),
    "nobody is signed in": ("/v1/work", {"authorization": "Bearer a.b.c"}, 401),
    "a role forbids": ("/v1/releases", {}, 403),
    "an address that leads nowhere": ("/v1/nowhere", {}, 404),
    "another method": ("/v1/work/x/claim", {}, 405),
}
PAGES = {"/sign-in": 200, "/about": 200, "/nowhere": 404, "/problems/not-found": 200}
FOR_PAGES = (
    "content-security-policy",
    "referrer-policy",
    "cross-origin-opener-policy",
    "permissions-policy",
    "strict-transport-security",
)


@pytest.fixture(scope="module")
def secure() -> Iterator[House]:
    """A house whose public address is https."""
    with running(CLOSEKNIT_PUBLIC_URL="https://closeknit.example") as house:
        yield house


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_of_the_api(secure: House, answer: str) -> None:
    path, headers, status = ANSWERS[answer]
    said = httpx.get(f"{secure.url}{path}", headers=token(secure) | headers)
    assert said.status_code == status
    assert said.headers["x-content-type-options"] == "nosniff"
    assert said.headers["strict-transport-security"] == "max-age=31536000"
    if status >= 400:
        assert said.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_a_page(secure: House, path: str) -> None:
    page = httpx.get(f"{secure.url}{path}", headers={"host": "closeknit.example"})
    assert page.status_code == PAGES[path]
    assert (page.headers["x-content-type-options"], page.headers["cache-control"]) == ("nosniff", "no-store")
    assert [name for name in FOR_PAGES if name not in page.headers] == []
    assert "'unsafe" not in page.headers["content-security-policy"]


def test_without_https_nothing_is_said_of_it(house: House) -> None:
    """A browser that was told so of a plain address could not open it any more."""
    for path in ("/v1/work", "/sign-in"):
        said = httpx.get(f"{house.url}{path}", headers=token(house))
        assert "strict-transport-security" not in said.headers
        assert said.headers["x-content-type-options"] == "nosniff"


def test_cookies_go_over_https_alone(secure: House) -> None:
    host = {"host": "closeknit.example"}
    with httpx.Client(base_url=secure.url, headers=host) as client:
        answer = client.get("/sign-in/go", params={"initiative": "fresno-ptbi"})
        cookies = answer.headers.get_list("set-cookie")
        cookies += client.get("/language/es").headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all({"secure", "httponly", "samesite=lax"} <= set(each.lower().split("; ")) for each in cookies)
