"""An address that does not work that way says how it does (RFC 9110, 15.5.6)."""

import pytest

from tests.gateway.house import House


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "/referrals/new", "GET, HEAD, POST"),
        ("DELETE", "/clients", "GET, HEAD, POST"),
        ("POST", "/work", "GET, HEAD"),
        ("GET", "/sign-out", "POST"),
        ("PATCH", "/referrals/0192aaaa/accept", "GET, HEAD, POST"),
        ("POST", "/static/0/style.css", "GET, HEAD"),
        ("POST", "/health/live", "GET, HEAD"),
    ],
)
@pytest.mark.parametrize("person", ["sam-specimen", None])
def test_what_is_not_allowed_says_what_is(house: House, person: str | None, method: str, path: str, allow: str) -> None:
    with house.visitor(person) as visitor:
        answer = visitor.request(method, path)
    assert (answer.status_code, answer.headers.get("allow")) == (405, allow)
    assert "This address does not work that way" in answer.text


def test_what_is_not_there_allows_nothing(house: House) -> None:
    with house.visitor() as visitor:
        answer = visitor.put("/nothing-here")
    assert (answer.status_code, "allow" in answer.headers) == (404, False)
