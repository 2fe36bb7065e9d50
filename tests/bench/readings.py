"""Owns reading one page after another through the gateway, and what that says of a reading that has to stay quick."""

import http.client
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tests.bench.ground import calibration, percentile, say
from tests.bench.multitude import Multitude, begun, grow
from tests.bench.stage import Stage, stage

GOAL_SECONDS: Final = 0.050
GOAL_GROWTH: Final = 1.3
WARM: Final = 100
PARTS: Final = ("postgres", "databases", "issuer", "referrals", "gateway")


@dataclass(frozen=True)
class Ask:
    """One request: a GET, or a POST of a body that changes nothing."""

    path: str
    token: str
    body: dict[str, Any] | None = None


def timed(running: Stage, asked: Sequence[Ask]) -> list[float]:
    """Seconds of each, one after the other on one connection. Raises SystemExit for an answer that is no 200."""
    found: list[float] = []
    connection = http.client.HTTPConnection("127.0.0.1", running.port("gateway"), timeout=30)
    for each in asked:
        headers = {"Authorization": f"Bearer {each.token}", "Content-Type": "application/json"}
        body = None if each.body is None else json.dumps(each.body)
        began = time.perf_counter()
        connection.request("GET" if body is None else "POST", each.path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
        found.append(time.perf_counter() - began)
        if answer.status != 200:  # noqa: PLR2004 - good
            raise SystemExit(f"{each.path.partition('?')[0]} answered {answer.status}: {text[:300]!r}")
    connection.close()
    return found


def compare(name: str, copies: int, asks: Callable[[Multitude], Sequence[Ask]]) -> int:
    """Ask at ten thousand events and at the whole; 1 where a goal is missed. The floor is /v1/me: it reads nothing."""
    with stage(*PARTS) as running:
        county = begun(running)
        timed(running, asks(county)[:WARM])
        small = timed(running, asks(county))
        grow(county, copies)
        wanted = asks(county)
        timed(running, wanted[:WARM])
        say(calibration(running.folder))
        whole = timed(running, wanted)
        floor = timed(running, [Ask("/v1/me", each.token) for each in wanted])
        say(calibration(running.folder))
    return said(name, whole, floor, percentile(whole, 0.99) / percentile(small, 0.99))


def said(name: str, ours: Sequence[float], floor: Sequence[float], growth: float | None) -> int:
    """Print the last line (interface page, section 1); 0 where both goals are met."""
    tail = percentile(ours, 0.99)
    rate, bare = len(ours) / sum(ours), len(floor) / sum(floor)
    more = "" if growth is None else f" growth={growth:.2f}"
    say(
        f"{name} ratio={rate / bare:.2f}{more} ours={rate:.0f} floor={bare:.0f}"
        f" p50_ms={percentile(ours, 0.5) * 1e3:.2f} p99_ms={tail * 1e3:.2f}"
    )
    return 0 if tail < GOAL_SECONDS and (growth is None or growth <= GOAL_GROWTH) else 1
