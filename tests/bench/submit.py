"""bench-submit: POST /v1/referrals through gateway and referrals against one FastAPI worker with one INSERT.

16 keep-alive connections, one worker each, rounds of the two interleaved in the same run; the client by reference, a
coded category, a consent by id, no note. Clients are registered and their consents recorded through the API before each
round, as they are where a referral is made; a round with those of long ago is told beside. Sealing is on: its follower
has to catch up within 5 s of the last request.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from deploy.local import child, ports
from tests.bench.load import answers_of, pack, request
from tests.bench.morning import SENDER, Body, offered, ready_to_send
from tests.bench.stage import Stage, percentile, stage
from tests.condition import until
from tests.days import SAID_ON

CONNECTIONS = 16
ROUNDS = 5
SECONDS = 3.0
FASTEST = 2700  # referrals a second that each side has prepared for it
CAUGHT_UP_SECONDS = 5.0
GOAL_RATIO, GOAL_P99 = 0.9, 2.0


@dataclass
class Side:
    """One of the two, over all rounds: requests per second of each, every latency in seconds."""

    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    def add(self, found: dict[str, Any]) -> None:
        odd = {status: count for status, count in found["statuses"].items() if status != "201"}
        if odd:
            raise SystemExit(f"answers that are no 201: {odd} {found['odd']}")
        self.rates.append(len(found["latencies"]) / found["seconds"])
        self.latencies += found["latencies"]

    @property
    def rate(self) -> float:
        return sum(self.rates) / len(self.rates)

    def ms(self, part: float) -> float:
        return percentile(self.latencies, part) * 1000


def main() -> int:
    """Print the line; 1 where the goal is missed or sealing stays behind."""
    with stage("postgres", "databases", "issuer", "referrals", "gateway") as running, floor_of(running) as floor:
        token = running.token(SENDER)
        ours, bare, behind = Side(), Side(), 0.0
        long_ago = ready_to_send(running, int(FASTEST * SECONDS))
        for number in range(ROUNDS + 1):
            bodies = ready_to_send(running, int(FASTEST * SECONDS))
            _caught_up(running)  # so that each side has the machine to itself
            floors = load(floor, [request("POST", "/v1/referrals", "", body) for body in bodies])
            found = load(running.port("gateway"), _keyed(token, bodies))
            if number:  # the first round warms both up
                bare.add(floors)
                ours.add(found)
                _say(f"round {number}: {ours.rates[-1]:.0f}/s, floor {bare.rates[-1]:.0f}/s")
            behind = max(behind, _caught_up(running))
        _tell_beside("of clients and consents of long ago", running, _keyed(token, long_ago))
        _tell_beside("with identity and note", running, _keyed(token, _with_identity(running)))
    ratio, tail = ours.rate / bare.rate, ours.ms(0.99) / bare.ms(0.99)
    _say(
        f"p99 {ours.ms(0.99):.1f} ms, floor's {bare.ms(0.99):.1f} ms: {tail:.2f}x; sealing caught up in {behind:.1f} s"
    )
    _say(
        f"submit ratio={ratio:.2f} ours={ours.rate:.0f} floor={bare.rate:.0f}"
        f" p50_ms={ours.ms(0.5):.1f} p99_ms={ours.ms(0.99):.1f}"
    )
    return 0 if ratio >= GOAL_RATIO and tail <= GOAL_P99 and behind <= CAUGHT_UP_SECONDS else 1


def load(port: int, requests: Sequence[bytes], *, seconds: float = SECONDS) -> dict[str, Any]:
    """What the load generator says of one round; it runs in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "some.requests")
        file.write_bytes(pack(list(requests)))
        command = [sys.executable, "-m", "tests.bench.load", "--port", str(port), "--seconds", str(seconds)]
        subprocess.run([*command, "--connections", str(CONNECTIONS), str(file)], check=True, timeout=seconds + 60)
        found: dict[str, Any] = json.loads(answers_of(file).read_text())
    return found


@contextmanager
def floor_of(running: Stage) -> Iterator[int]:
    """The floor's port while it serves, on the same PostgreSQL."""
    port = ports.any_free()
    dsn = running.settings["CLOSEKNIT_MEASURES_OWNER_DSN"]
    spec = child.Spec(
        name="floor",
        command=(sys.executable, "-m", "tests.bench.floor", str(port), dsn),
        env={},
        ready=lambda: ports.accepts(port),
    )
    floor = child.start(spec, running.folder / "floor.log")
    try:
        yield port
    finally:
        floor.stop()


def _caught_up(running: Stage) -> float:
    """Seconds until the follower that seals has seen the last referral. Raises AssertionError after twice the goal."""
    began = time.monotonic()
    with (
        psycopg.connect(running.settings["CLOSEKNIT_REFERRALS_DSN"], autocommit=True) as store,
        psycopg.connect(running.settings["CLOSEKNIT_IDENTITY_DSN"], autocommit=True) as vault,
    ):

        def caught_up() -> bool:
            head = store.execute("SELECT max(notification_id) FROM stored_events").fetchone()
            seen = vault.execute("SELECT position FROM followers WHERE name = 'sealing'").fetchone()
            return bool(head and seen and seen[0] >= head[0])

        until(caught_up, seconds=2 * CAUGHT_UP_SECONDS, every=0.05)
    return time.monotonic() - began


def _tell_beside(what: str, running: Stage, requests: Sequence[bytes]) -> None:
    """One more line, without a goal."""
    side = Side()
    side.add(load(running.port("gateway"), requests))
    _say(f"{what}: {side.rate:.0f}/s, p50 {side.ms(0.5):.1f} ms, p99 {side.ms(0.99):.1f} ms")


def _keyed(token: str, bodies: Sequence[Body]) -> list[bytes]:
    return [request("POST", "/v1/referrals", token, body, Idempotency_Key=uuid4().hex) for body in bodies]


def _with_identity(running: Stage) -> list[Body]:
    """Who she is and a note with each referral: it writes to the vault three times."""
    agency, service, category = offered(running)[0]
    consent = {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name", "phones", "note"]}
    return [
        {
            "identity": {"names": [{"given": "Testa", "family": f"Example {number}"}], "phones": [f"559 {number:07d}"]},
            "to": {"agency": agency, "service": service},
            "category": category,
            "consent": consent,
            "note": "Afternoons only, and ring twice",
        }
        for number in range(4000)
    ]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
