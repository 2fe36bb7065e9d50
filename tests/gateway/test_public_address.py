"""Signing in begins at the public address, whatever address somebody came by."""

from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from services.gateway.settings import GatewaySettings
from tests.gateway.house import House

HERE = {"CLOSEKNIT_ENVIRONMENT": "development", "CLOSEKNIT_ISSUER": "http://issuer.example",
        "CLOSEKNIT_SESSION_KEY": "0" * 64}  # fmt: skip


def asked(house: House, path: str, host: str, **query: str) -> httpx.Response:
    with house.visitor() as visitor:
        return visitor.get(path, params=query, headers={"host": host}, follow_redirects=False)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/go"])
@pytest.mark.parametrize("host", ["localhost", "evil.example", "127.0.0.1", "127.0.0.1.evil.example:80", "%2F%2Fx"])
def test_another_host_leads_to_the_same_page_at_the_public_address(house: House, path: str, host: str) -> None:
    answer = asked(house, path, host, initiative="fresno-ptbi", then="abc", other="x")
    address = urlsplit(answer.headers["location"])
    assert (answer.status_code, f"{address.scheme}://{address.netloc}", address.path) == (303, house.url, path)
    assert parse_qs(address.query) == {"initiative": ["fresno-ptbi"], "then": ["abc"], "moved": ["1"]}
    assert "set-cookie" not in answer.headers


def test_signing_in_from_another_name_works_the_first_time(house: House) -> None:
    there = house.url.replace("127.0.0.1", "localhost")
    with house.visitor() as visitor:
        wanted = visitor.get(f"{house.url}/work/inbox", headers={"host": urlsplit(there).netloc})
        assert wanted.url.path == "/sign-in"
        then = parse_qs(wanted.url.query.decode())["then"][0]
        page = visitor.get("/sign-in/go", params={"initiative": "fresno-ptbi", "then": then})
        answer = visitor.post(str(page.url), data={"person": "sam-specimen"})
    assert str(answer.url) == f"{house.url}/work/inbox"


def test_who_was_moved_is_not_moved_again(house: House) -> None:
    assert asked(house, "/sign-in", "inside.example", moved="1").status_code == 200
    go = asked(house, "/sign-in/go", "inside.example", moved="1", initiative="fresno-ptbi")
    assert go.headers["location"].startswith(house.issuer.url)


@pytest.mark.parametrize(
    ("public", "host", "same"),
    [
        ("http://127.0.0.1:8080", "127.0.0.1:8080", True),
        ("http://127.0.0.1:8080", "localhost:8080", False),
        ("http://127.0.0.1:8080", "127.0.0.1", False),
        ("https://closeknit.example", "Closeknit.Example:443", True),
        ("https://closeknit.example:443", "closeknit.example", True),
        ("https://closeknit.example", "closeknit.example:80", False),
        ("http://closeknit.example", "closeknit.example:80", True),
        ("https://closeknit.example", "", False),
    ],
)
def test_the_public_host_is_known(public: str, host: str, same: bool) -> None:
    settings = GatewaySettings.from_env({**HERE, "CLOSEKNIT_PUBLIC_URL": public})
    assert settings.is_public_host(host) is same
