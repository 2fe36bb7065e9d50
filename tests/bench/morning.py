"""Owns what comes before referrals in a bench, as in an office: clients registered, what they agreed to recorded."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import orjson

from services.referrals.directory import Directory
from tests.bench import load
from tests.bench.stage import FRESNO, Stage
from tests.days import SAID_ON

SENDER: Final = "example-clinic-north"
EACH: Final = 3
"""Referrals of one client."""
LONGEST_SECONDS: Final = 120.0

Body = dict[str, Any]


def ready_to_send(running: Stage, count: int) -> list[Body]:
    """The bodies of `count` referrals of new clients, up to three each to different agencies, each with its consent.

    All of it went through the API just now, as it does where a referral is made. The first referral of every client
    comes before the second of any.
    """
    clients = [each["client"] for each in _posted(running, _registrations(-(-count // EACH)))]
    others = offered(running)
    wanted = [(client, *others[(n + turn) % len(others)]) for turn in range(EACH) for n, client in enumerate(clients)]
    agreed = _posted(running, [(f"/v1/clients/{client}/consents", _yes(agency)) for client, agency, _, _ in wanted])
    return [
        {
            "client": client,
            "to": {"agency": agency, "service": service},
            "category": category,
            "consent": {"id": each["consent"]},
        }
        for (client, agency, service, category), each in zip(wanted[:count], agreed, strict=False)
    ]


def offered(running: Stage) -> list[tuple[str, str, str]]:
    """Agency, service and category of one thing that each other agency offers."""
    services = Directory.read(Path(running.settings["CLOSEKNIT_INITIATIVES"])).services(FRESNO)
    found = {agency.id: (agency.id, each.id, str(each.category)) for agency, each in services}
    return [each for agency, each in found.items() if agency != SENDER]


def _registrations(count: int) -> list[tuple[str, Body]]:
    return [
        ("/v1/clients", {"names": [{"given": "Testa", "family": f"Sample {n}"}], "phones": [f"559 555 {n:04d}"]})
        for n in range(count)
    ]


def _yes(agency: str) -> Body:
    return {"agreed": True, "how": "spoken", "on": SAID_ON, "fields": ["name", "phones"], "recipient": agency}


def _posted(running: Stage, wanted: Sequence[tuple[str, Body]]) -> list[Body]:
    """The answers to POSTs, in their order. Raises SystemExit for one that is no 201."""
    token = running.token(SENDER)
    requests = [load.request("POST", path, token, body, Idempotency_Key=uuid4().hex) for path, body in wanted]
    tally = asyncio.run(load.run("127.0.0.1", running.port("gateway"), requests, 16, LONGEST_SECONDS, keep=True))
    if tally.statuses != {201: len(requests)}:
        raise SystemExit(f"answers that are no 201: {dict(tally.statuses)} {tally.odd}")
    return [orjson.loads(body) for body in tally.bodies or ()]
