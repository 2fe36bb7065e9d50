"""Freshness: how soon a submitted referral is on her timeline and in the measures' rows, at 50 referrals a second."""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import aiohttp
import psycopg

from tests.bench.ground import calibration, percentile, say
from tests.bench.morning import SENDER, ready_to_send
from tests.bench.stage import Stage, stage
from tests.condition import until

RATE: Final = 50
GOAL_TIMELINE, GOAL_ROWS = 0.100, 0.500
LOOK_EVERY: Final = 0.01
LATEST: Final = 10.0
_ROWS: Final = "SELECT position, data->>'referral' FROM live.facts WHERE position > %s AND type = 'referral.sent.v1'"
BEHIND: Final = 200  # positions that partitions may be read out of order
_LAST: Final = "SELECT coalesce(max(position), 0) FROM live.facts"


@dataclass
class Seen:
    """When each referral was asked for, and when it was first seen in each place (`time.perf_counter`)."""

    asked: dict[str, float] = field(default_factory=dict)
    timeline: dict[str, float] = field(default_factory=dict)
    rows: dict[str, float] = field(default_factory=dict)

    def waits(self, place: dict[str, float]) -> list[float]:
        """Seconds from asking to being there; what never came counts as the longest wait."""
        return [place.get(id, at + LATEST) - at for id, at in self.asked.items()]


class Run:
    """One run against a stage: submits at a fixed rate, each followed to her timeline, the rows looked at beside."""

    def __init__(self, running: Stage, http: aiohttp.ClientSession) -> None:
        self._measures = running.settings["CLOSEKNIT_MEASURES_DSN"]
        self._base = f"http://127.0.0.1:{running.port('gateway')}"
        self._auth = {"Authorization": f"Bearer {running.token(SENDER)}"}
        self._http = http
        self.seen = Seen()

    async def submit(self, bodies: Sequence[dict[str, Any]]) -> float:
        """Submit all, one each fiftieth of a second whatever the answers take; referrals a second as it came out."""
        loop, due = asyncio.get_running_loop(), asyncio.Queue[dict[str, Any]]()
        began = loop.time()
        for number, body in enumerate(bodies):
            loop.call_at(began + number / RATE, due.put_nowait, body)
        await asyncio.gather(*[asyncio.create_task(self._one(await due.get())) for _ in bodies])
        return len(bodies) / max(loop.time() - began, len(bodies) / RATE)

    async def _one(self, body: dict[str, Any]) -> None:
        asked = time.perf_counter()
        headers = self._auth | {"Idempotency-Key": uuid4().hex}
        async with self._http.post(f"{self._base}/v1/referrals", json=body, headers=headers) as answer:
            sent = await answer.json()
            if answer.status != 201:
                raise SystemExit(f"POST /v1/referrals answered {answer.status}: {json.dumps(sent)[:300]}")
        id = sent["referral"]
        self.seen.asked[id] = asked
        while time.perf_counter() - asked < LATEST:
            url = f"{self._base}/v1/clients/{body['client']}/timeline"
            async with self._http.get(url, headers=self._auth) as answer:
                answer.raise_for_status()
                entries = (await answer.json())["entries"]
            if any(entry["subject"] and entry["subject"]["id"] == id for entry in entries):
                self.seen.timeline[id] = time.perf_counter()
                return

    def watch(self, wanted: int, after: int) -> None:
        """Note when each referral is first found in the measures' rows; blocks until all are.

        Raises AssertionError when one never comes.
        """
        newest = after
        with psycopg.connect(self._measures, autocommit=True) as connection:

            def all_there() -> bool:
                nonlocal newest
                found = connection.execute(_ROWS, [max(after, newest - BEHIND)], prepare=True).fetchall()
                for position, id in found:
                    newest = max(newest, position)
                    self.seen.rows.setdefault(id, time.perf_counter())
                return len(self.seen.rows) >= wanted

            until(all_there, seconds=wanted / RATE + LATEST, every=LOOK_EVERY)


async def measured(running: Stage, bodies: Sequence[dict[str, Any]]) -> tuple[Seen, float]:
    """Submit and watch."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        run = Run(running, http)
        with psycopg.connect(running.settings["CLOSEKNIT_MEASURES_DSN"]) as connection:
            (after,) = connection.execute(_LAST).fetchone() or (0,)
        watching = asyncio.create_task(asyncio.to_thread(run.watch, len(bodies), after))
        rate = await run.submit(bodies)
        await watching
        return run.seen, rate


def main() -> int:
    """Print both places and the last line; 1 where a goal is missed or a referral never came."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=20)
    options = parser.parse_args()
    wanted = ("postgres", "kafka", "databases", "topics", "issuer", "referrals", "measures", "relay", "consume")
    with stage(*wanted, "gateway") as running:
        count = RATE * options.seconds
        bodies = ready_to_send(running, count)
        asyncio.run(measured(running, ready_to_send(running, RATE)))  # warms all up
        say(calibration(running.folder))
        seen, rate = asyncio.run(measured(running, bodies))
        say(calibration(running.folder))
    places = {"timeline": (seen.timeline, GOAL_TIMELINE), "rows": (seen.rows, GOAL_ROWS)}
    tails = {name: percentile(seen.waits(place), 0.99) for name, (place, _) in places.items()}
    for name, (place, goal) in places.items():
        waits = seen.waits(place)
        middle, tail = percentile(waits, 0.5) * 1e3, tails[name] * 1e3
        say(f"{name}: {len(place)} of {count}, p50 {middle:.1f} ms, p99 {tail:.1f} ms, goal {goal * 1e3:.0f} ms")
    waits = seen.waits(seen.rows)
    say(
        f"freshness ratio={rate / RATE:.2f} timeline_p99_ms={tails['timeline'] * 1e3:.1f} ours={rate:.0f} floor={RATE}"
        f" p50_ms={percentile(waits, 0.5) * 1e3:.1f} p99_ms={tails['rows'] * 1e3:.1f}"
    )
    good = all(tails[name] <= goal and len(place) == count for name, (place, goal) in places.items())
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
