"""bench-submit: POST /v1/referrals through gateway and referrals against one FastAPI worker with one INSERT.

16 keep-alive connections, one worker each, rounds of the two interleaved in the same run; the client by reference, a
coded category, a consent by id, no note. Sealing is on: its follower has to catch up within 5 s of the last request.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg

from deploy.local import child, ports
from services.referrals.directory import Directory
from services.referrals.domain.client import ClientRegistered
from services.referrals.domain.consent import ConsentRecorded
from services.referrals.domain.vocabulary import GivenField, How
from services.referrals.store.bulk import append_batch
from services.referrals.store.commit import Commit
from services.referrals.store.mapper import FactMapper
from services.referrals.store.written import Envelope, Written
from services.referrals.vault.cohort import Entry
from services.referrals.vault.identity import Identity, Name
from services.referrals.vault.vault import open_vault
from services.runtime.clock import SystemClock
from services.runtime.postgres import pool
from tests.bench.load import answers_of, pack, request
from tests.bench.stage import FRESNO, Stage, percentile, stage
from tests.condition import until

SENDER = "example-clinic-north"
CONNECTIONS = 16
ROUNDS = 5
SECONDS = 4.0
FASTEST = 2000  # referrals a second that each side has prepared for it
CLIENTS = 3200
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
        services = services_of(running)
        prepared = iter(asyncio.run(prepare(running, CLIENTS, services)))
        token = running.token(SENDER)
        ours, bare, behind = Side(), Side(), 0.0
        for number in range(ROUNDS + 1):
            several = list(islice(prepared, int(FASTEST * SECONDS)))
            floors = load(floor, [request("POST", "/v1/referrals", "", body) for body in several])
            keyed = [request("POST", "/v1/referrals", token, body, Idempotency_Key=uuid4().hex) for body in several]
            found = load(running.port("gateway"), keyed)
            if number:  # the first round warms both up
                bare.add(floors)
                ours.add(found)
                _say(f"round {number}: {ours.rates[-1]:.0f}/s, floor {bare.rates[-1]:.0f}/s")
            behind = max(behind, _caught_up(running))  # so that the floor's next round has the machine to itself
        _with_identity(running, token, services)
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


def services_of(running: Stage) -> list[tuple[str, str, str]]:
    """Agency, service and category of everything that somebody else offers on the system."""
    directory = Directory.read(Path(running.settings["CLOSEKNIT_INITIATIVES"]))
    offered = directory.services(FRESNO)
    return [(agency.id, each.id, each.category) for agency, each in offered if agency.id != SENDER]


async def prepare(running: Stage, clients: int, services: Sequence[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Register clients with a consent for each receiver; the bodies of every referral that can be sent once."""
    receivers = sorted({agency for agency, _, _ in services})
    async with pool(running.settings["CLOSEKNIT_IDENTITY_DSN"], "bench") as connections:
        vault = open_vault(connections, Path(running.settings["CLOSEKNIT_KEYS"]), SystemClock())
        entries = [Entry(uuid4(), FRESNO, SENDER, _identity(number)) for number in range(clients)]
        ids = list((await vault.cohort.register(entries)).values())
        consents = {id: {receiver: uuid4() for receiver in receivers} for id in ids}
        with psycopg.connect(running.settings["CLOSEKNIT_REFERRALS_DSN"], autocommit=True) as connection:
            append_batch(connection, [_commit(id, consents[id]) for id in ids], FactMapper())
        return [
            {
                "client": vault.pairwise.out(SENDER, "client", id),
                "to": {"agency": agency, "service": service},
                "category": category,
                "consent": {"id": vault.pairwise.out(SENDER, "consent", consents[id][agency])},
            }
            for agency, service, category in services
            for id in ids
        ]


def _identity(number: int) -> Identity:
    return Identity(names=(Name(given="Testa", family=f"Sample {number}"),), phones=(f"559 555 {number:04d}",))


def _commit(client: UUID, consents: dict[str, UUID]) -> Commit:
    fields = (GivenField.NAME, GivenField.PHONES)
    events = [Written(client, 1, ClientRegistered(), _envelope(client))]
    for receiver, id in consents.items():
        fact = ConsentRecorded(agreed=True, how=How.SPOKEN, on=date(2026, 1, 2), fields=fields, recipient=receiver)
        events.append(Written(id, 1, fact, _envelope(client)))
    return Commit(tuple(events))


def _envelope(client: UUID) -> Envelope:
    return Envelope(uuid4(), client, SENDER, FRESNO, datetime.now(UTC), "testa", uuid4())


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


def _with_identity(running: Stage, token: str, services: Sequence[tuple[str, str, str]]) -> None:
    """The second line: who she is and a note with each referral. No goal: it writes to the vault three times."""
    agency, service, category = services[0]
    consent = {"agreed": True, "how": "spoken", "on": "2026-01-02", "fields": ["name", "phones", "note"]}
    bodies = [
        {
            "identity": {"names": [{"given": "Testa", "family": f"Example {number}"}], "phones": [f"559 {number:07d}"]},
            "to": {"agency": agency, "service": service},
            "category": category,
            "consent": consent,
            "note": "Afternoons only, and ring twice",
        }
        for number in range(4000)
    ]
    side = Side()
    side.add(load(running.port("gateway"), [request("POST", "/v1/referrals", token, body) for body in bodies]))
    _say(f"with identity and note: {side.rate:.0f}/s, p50 {side.ms(0.5):.1f} ms, p99 {side.ms(0.99):.1f} ms")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
