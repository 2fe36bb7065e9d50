"""What a caller may not know of is answered as what there is not: in the same bytes, and in the same time."""

import time
from collections.abc import Mapping
from statistics import median, quantiles
from typing import Any, Final

import httpx
import pytest

from services.gateway.main import public_document
from services.gateway.passage.table import Operation, Table
from tests.fix_line import Line
from tests.referrals.api.asking import without_asking
from tests.referrals.api.conftest import Caller
from tests.referrals.api.story import Given
from tests.referrals.api.world import BODIES, things

HANDLE, UUID = "a" * 26, "01a205e3-72ed-712b-a1e7-19c1e9790459"
OPERATIONS: Final = [
    each
    for each in Table(public_document()).operations
    if each.names and not {"agency", "service", "release", "measure", "disclosure"} & set(each.names)
    if each.action != "list_helpers"
]
"""All but what everybody knows of, and what a client alone may ask: tests/referrals/api/test_inquiries.py,
tests/referrals/api/test_care_team.py."""
TIMED: Final = ("get_referral", "get_handoff", "get_appointment", "get_capacity_check", "get_client", "get_need")
ROUNDS, TRIES = 60, 3
WIDTH: Final = 1.0
"""How far the medians may be apart, in spreads: the middle half of either's times."""


@pytest.fixture(scope="module")
def hub(line: Line) -> Caller:
    """Somebody who may ask for everything, of an agency that has nothing to do with it."""
    return line.caller("sample-county-chw-hub", "staff", "case_manager", "agency_admin", "privacy_officer")


@pytest.fixture(scope="module")
def theirs(line: Line) -> Mapping[str, str]:
    """One thing of each kind, between two other agencies, by the name of its place in an address."""
    given = Given(line.caller("example-clinic-north"), line.caller("example-doula-network"))
    made = {name: make() for name, make in things(given).items()}
    without_asking(given)
    officer = line.caller("example-clinic-north", "privacy_officer")
    return made | {"inquiry": officer.seen("/v1/inquiries")["items"][0]["inquiry"]}


def unknown(name: str) -> str:
    return UUID if name in {"referral", "handoff", "appointment", "check", "work"} else HANDLE


def ask(who: Caller, operation: Operation, places: Mapping[str, str]) -> httpx.Response:
    options: dict[str, Any] = {}
    if operation.method in {"POST", "PUT", "PATCH"}:
        options = {"json": BODIES.get(operation.action, {}), "headers": {"If-Match": "*"}}
    if operation.method == "POST":
        del options["headers"]
    return who.ask(operation.method, operation.template.format(**places), **options)


def shown(answer: httpx.Response) -> tuple[Any, ...]:
    """All that goes over the wire but the id of the occurrence."""
    id = answer.headers["x-request-id"]
    assert answer.json()["instance"] == f"urn:uuid:{id}"
    headers = [(name, value.replace(id.encode(), b"-")) for name, value in answer.headers.raw]
    return answer.status_code, headers, answer.content.replace(id.encode(), b"-")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.action)
def test_the_same_bytes(hub: Caller, theirs: Mapping[str, str], operation: Operation) -> None:
    there = ask(hub, operation, theirs)
    none = ask(hub, operation, {name: unknown(name) for name in operation.names})
    nowhere = hub.get("/v1/nowhere")
    assert there.status_code == 404, there.text
    assert shown(there) == shown(none) == shown(nowhere)


def far_apart(one: list[float], other: list[float]) -> bool:
    """Whether the medians are further apart than the middle half of the wider of both is wide."""
    spread = max(high - low for low, _, high in (quantiles(each, n=4) for each in (one, other)))
    return abs(median(one) - median(other)) > WIDTH * spread


@pytest.mark.parametrize("action", TIMED)
def test_the_same_time(hub: Caller, theirs: Mapping[str, str], action: str) -> None:
    """In turns in one run, so that what else the machine does befalls both alike; tried again where it did not."""
    operation = next(each for each in OPERATIONS if each.action == action)
    none = {name: unknown(name) for name in operation.names}
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(TRIES):
        for taken, places in [(times[0], theirs), (times[1], none)] * ROUNDS:
            began = time.perf_counter()
            assert ask(hub, operation, places).status_code == 404
            taken.append(time.perf_counter() - began)
        if not far_apart(*times):
            break
    assert not far_apart(*times), [round(median(each), 6) for each in times]


def test_a_difference_in_time_is_seen() -> None:
    noise = [0.001 * (number % 7) for number in range(60)]
    assert not far_apart([0.010 + each for each in noise], [0.011 + each for each in noise])
    assert far_apart([0.010 + each for each in noise], [0.020 + each for each in noise])
