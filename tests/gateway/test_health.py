"""Health of the gateway: alive by itself, ready with the services behind it."""

import asyncio
from pathlib import Path

import httpx
import pytest

from services.gateway.passage.upstreams import Patience, Upstreams
from tests.gateway.behind import FINE, OK, Act, Behind, breaks, hangs_up, listening, says, stays_silent
from tests.gateway.house import House, running

HASTY = Patience(connect=0.3, health=0.3, sweep=0.05)
WAITING = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 2\r\n\r\n{}"


def health(house: House, of: str) -> tuple[int, object]:
    answer = httpx.get(f"{house.url}/health/{of}")
    return answer.status_code, answer.json()


def test_it_is_ready_with_what_is_behind_it(house: House) -> None:
    both = {"referrals": True, "measures": True}
    assert health(house, "ready") == (200, {"status": "ready", "parts": both})
    house.twin.ready = False
    assert health(house, "ready") == (503, {"status": "waiting", "parts": dict.fromkeys(both, False)})
    assert health(house, "live") == (200, {"status": "live"})


def test_it_lives_without_anybody_behind_it() -> None:
    with running(behind_it=False) as house:
        assert health(house, "ready")[0] == 503
        assert health(house, "live") == (200, {"status": "live"})


@pytest.mark.parametrize(
    ("act", "ready"),
    [
        (says(FINE), True),
        (says(OK + b"transfer-encoding: chunked\r\n\r\n4\r\nfine\r\n"), True),
        (says(WAITING), False),
        (hangs_up(), False),
        (breaks(), False),
        (stays_silent, False),
        (says(b"nonsense\r\n\r\n"), False),
    ],
    ids=["ready", "ready at length", "not ready", "gone", "broken", "silent", "nonsense"],
)
async def test_one_service_that_is_not_ready_is_named(path: Path | None, act: Act, ready: bool) -> None:
    behind, other = Behind(act), Behind(says(FINE))
    async with listening(behind, path) as where, listening(other, None) as elsewhere:
        upstreams = Upstreams({"referrals": where, "measures": elsewhere}, HASTY)
        upstreams.open()
        try:
            async with asyncio.timeout(5):
                assert await upstreams.ready() == {"referrals": ready, "measures": True}
            assert other.heard[0].startswith(b"GET /health/ready HTTP/1.1\r\n")
        finally:
            upstreams.close()
