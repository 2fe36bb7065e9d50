"""The live trickle: every step has its call, whoever was refused is left in peace, a stop is obeyed."""

from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contracts.initiative import load_initiatives
from deploy.local.settings import KNOWN_TO, environment_of
from deploy.simulator.county import County
from deploy.simulator.journey import journey
from deploy.simulator.live import NEEDED, Life, Pace, Trickle
from deploy.simulator.public_api import Refused
from deploy.simulator.requests import Request
from services.runtime.clock import SystemClock
from services.runtime.worker import Lifecycle

FRESNO = load_initiatives(Path(__file__).parents[3] / "deploy" / "initiatives")["fresno-ptbi"]
NOW = datetime(2026, 11, 17, 17, tzinfo=UTC)
COUNTY = County(FRESNO, NOW, NOW + timedelta(days=450))
HURRIED = Pace(day_s=0, client_s=0, gap_s=0)


class Obliging:
    """An API that says yes to everything but what `refuses` names, and gives references of the right form."""

    def __init__(self, refuses: str = "nothing") -> None:
        self.refuses = refuses
        self.calls: list[tuple[Request, str]] = []

    async def call(self, request: Request, key: str) -> Mapping[str, Any] | Refused:
        self.calls.append((request, key))
        if request.path.endswith(self.refuses):
            return Refused(409, "wrong-state")
        reference = f"{len(self.calls):026}"
        kind = {"consents": "consent", "contacts": "contact", "handoffs": "handoff", "referrals": "referral"}
        name = kind.get(request.path.rsplit("/", 1)[-1], "state")
        client = {"client": reference, "name": None} if request.body is None else reference
        return {name: reference, "client": client}

    def paths(self) -> set[str]:
        return {request.path.rsplit("/", 1)[-1] for request, _ in self.calls}


def lives(api: Obliging, count: int) -> Iterator[Life]:
    for number in range(count):
        ahead = deque(journey(COUNTY, f"test {number}", NOW))
        yield Life(f"test-{number}", api, COUNTY, ahead)


async def run(api: Obliging, count: int, lifecycle: Lifecycle) -> Trickle:
    trickle = Trickle(lives(api, count), SystemClock(), HURRIED, lifecycle, lambda _: None)
    await trickle.run()
    return trickle


async def test_every_kind_of_step_is_lived() -> None:
    api = Obliging()
    trickle = await run(api, 40, Lifecycle())
    assert trickle.clients == 40
    assert not trickle.refused
    assert api.paths() >= {
        "clients", "episodes", "consents", "referrals", "receive", "accept", "decline", "complete", "acknowledge",
        "contacts", "handoffs", "client-agrees", "offer",
    }  # fmt: skip


async def test_no_two_commands_share_a_key() -> None:
    api = Obliging()
    await run(api, 10, Lifecycle())
    keys = [key for request, key in api.calls if request.body is not None]
    assert len(keys) == len(set(keys))
    assert all(key.isascii() and " " not in key and len(key) < 255 for key in keys)


async def test_what_was_refused_is_counted_and_what_hangs_on_it_left_out() -> None:
    api = Obliging(refuses="/v1/referrals")
    trickle = await run(api, 40, Lifecycle())
    assert trickle.refused["409 wrong-state"] > 0
    steps = {request.path.rpartition("/")[2] for request, _ in api.calls if request.path.startswith("/v1/referrals/")}
    assert not steps & {"receive", "complete", "acknowledge"}


async def test_a_stop_is_obeyed(tmp_path: Path) -> None:
    lifecycle = Lifecycle(tmp_path / "beat")
    lifecycle.stop()
    assert (await run(Obliging(), 5, lifecycle)).calls == 0


def test_the_demo_gives_the_trickle_what_it_needs_and_no_secret_of_the_services() -> None:
    every = dict.fromkeys((*NEEDED, *KNOWN_TO, "CLOSEKNIT_ENVIRONMENT"), "set")
    given = environment_of("trickle", every)
    assert set(NEEDED) <= set(given)
    assert not {"CLOSEKNIT_KEYS", "CLOSEKNIT_IDENTITY_DSN", "CLOSEKNIT_REFERRALS_DSN"} & set(given)
    assert "CLOSEKNIT_ISSUER_KEYS" not in environment_of("gateway", every)


@pytest.mark.parametrize("field", ["given", "family"])
async def test_names_go_into_the_body_alone(field: str) -> None:
    api = Obliging()
    await run(api, 5, Lifecycle())
    names = [
        request.body["names"][0][field] for request, _ in api.calls if request.path == "/v1/clients" and request.body
    ]
    assert names
    assert not any(name in request.path + key for name in names for request, key in api.calls)
