"""Who asks too much is told when to come back: an agency by itself, an address of whom nobody is known by itself."""

from collections.abc import Iterator

import httpx
import pytest

from services.gateway.access import limits
from services.gateway.access.limits import Limit
from services.gateway.pages.api import Connection
from services.gateway.passage.request import asked_from
from services.gateway.settings import GatewaySettings
from tests.gateway.behind import OK, Behind, listening, says
from tests.gateway.house import House, running
from tests.gateway.test_letters import RIGHT
from tests.gateway.test_passage import token

PROXY, VISITOR = "10.0.0.1", "192.0.2.7"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def strict() -> Iterator[House]:
    """A house where an agency, and an address, may ask five times at once: so slowly that a busy machine is faster."""
    with running(
        CLOSEKNIT_AGENCY_RATE="0.5", CLOSEKNIT_ADDRESS_RATE="0.5", CLOSEKNIT_TRUSTED_PROXIES="127.0.0.1"
    ) as house:
        yield house


def until_refused(house: House, most: int, path: str = "/v1/initiatives", **headers: str) -> tuple[int, httpx.Response]:
    """How often one may ask, and what is said then."""
    with httpx.Client(base_url=house.url, headers=headers) as client:
        for number in range(most):
            answer = client.get(path)
            if answer.status_code == 429:
                return number, answer
    raise AssertionError("nothing was refused")


def test_a_limit_fills_again_as_time_passes() -> None:
    clock = Clock()
    limit = Limit(2, clock=clock)
    assert [limit.wait("a") for _ in range(20)] == [0] * 20
    assert limit.wait("a") == 1
    assert limit.wait("b") == 0
    clock.now = 1.0
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 1]
    clock.now = 1_000.0
    assert [limit.wait("a") for _ in range(21)] == [0] * 20 + [1]


def test_without_a_rate_nothing_is_limited() -> None:
    for rate in (None, 0):
        limit = Limit(rate, clock=Clock())
        assert {limit.wait("a") for _ in range(1_000)} == {0}


def test_it_remembers_no_more_than_it_may_and_those_who_ask_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "REMEMBERED", 10)
    limit = Limit(1, clock=Clock())
    assert [limit.wait("busy") for _ in range(10)] == [0] * 10
    assert {limit.wait(f"passer-by {number}") for number in range(50)} == {0}
    assert limit.wait("busy") == 1


def test_an_agency_that_asks_too_much_is_told_when_to_come_back(strict: House) -> None:
    north, south = ({**token(strict, agency=agency)} for agency in ("example-clinic-north", "example-clinic-south"))
    asked, refused = until_refused(strict, 60, "/v1/work", **north)
    assert asked >= 5
    assert refused.json()["type"] == "/problems/too-many-requests"
    assert int(refused.headers["retry-after"]) >= 1
    assert httpx.get(f"{strict.url}/v1/work", headers=south).status_code == 200


def test_an_address_of_whom_nobody_is_known_is_limited_by_itself(strict: House) -> None:
    asked, refused = until_refused(strict, 40, **{"X-Forwarded-For": VISITOR})
    assert asked >= 5
    assert refused.headers["retry-after"]
    assert httpx.get(f"{strict.url}/v1/initiatives", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 200
    forged = {"X-Forwarded-For": VISITOR, "Authorization": "Bearer a.b.c"}
    assert until_refused(strict, 40, "/v1/work", **forged)[0] < 5


def test_a_page_too_often_says_so(strict: House) -> None:
    _, page = until_refused(strict, 60, "/sign-in", **{"X-Forwarded-For": "192.0.2.9"})
    assert "That was too often" in page.text
    assert page.headers["retry-after"]
    assert "content-security-policy" in page.headers


def test_our_own_pages_are_not_counted_as_one_address(strict: House) -> None:
    """They ask the API from this machine for everybody: whom they ask for is counted at their door."""
    for number in range(20):
        visitor = {"origin": strict.url, "X-Forwarded-For": f"192.0.2.{number + 20}"}
        assert httpx.post(f"{strict.url}/answer", data=RIGHT, headers=visitor).status_code == 200
    straight = {"X-Forwarded-For": "192.0.2.50"}
    answers = [httpx.post(f"{strict.url}/v1/answers", json=RIGHT, headers=straight).status_code for _ in range(20)]
    assert 429 in answers


async def test_our_own_pages_say_so_whatever_they_ask() -> None:
    """A token that somebody has just signed in with is new to the API, and comes from this machine."""
    behind = Behind(says(OK + b"content-length: 2\r\n\r\n{}"))
    async with listening(behind, None) as (_, address):
        pages = Connection(address, "our-own")
        pages.open()
        await pages.ask("GET", "/v1/me", "token")
        await pages.close()
    assert b"X-Closeknit-Pages: our-own\r\n" in behind.heard[0]


@pytest.mark.parametrize(
    ("peer", "said", "found"),
    [
        (VISITOR, [b"198.51.100.1"], VISITOR),
        (PROXY, [], PROXY),
        (PROXY, [b"198.51.100.1, 192.0.2.7"], VISITOR),
        (PROXY, [b"198.51.100.1", b"192.0.2.7, 10.0.0.1"], VISITOR),
        (PROXY, [b"10.0.0.1"], PROXY),
    ],
)
def test_who_asks_is_whom_a_proxy_of_ours_names_last(peer: str, said: list[bytes], found: str) -> None:
    scope = {"client": (peer, 1), "headers": [(b"x-forwarded-for", each) for each in said]}
    assert (asked_from(scope, {PROXY}) or ("",))[0] == found


def test_production_is_limited_where_nothing_is_named_and_development_is_not() -> None:
    settings = {"issuer": "https://issuer.invalid", "session_key": "0" * 64}
    assert all(GatewaySettings.model_validate(settings).rates.values())
    assert not any(GatewaySettings.model_validate({**settings, "environment": "development"}).rates.values())
    assert GatewaySettings.model_validate({**settings, "agency_rate": "7"}).rates["agency"] == 7
