"""Generated requests over the whole document of the service: whatever comes, no 500, and answers as they are described.

Seeded, so that a failure comes again; as many cases for each operation as make 2,000 in all.
"""

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deploy.openapi import documents
from tests.prove.tally import Tally
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import MET, TO_NORTH, Given

# schemathesis draws from `random` inside its strategies; the seed below holds it all the same.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies")

CASES, PROVED = 2_000, 10_000
DESCRIBED = [status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = 3
DOCUMENT = documents()["referrals"]
FOUND = list(schemathesis.openapi.from_dict(DOCUMENT).get_all_operations())
OPERATIONS = [each.ok() for each in FOUND if isinstance(each, Ok)]
PER_OPERATION = -(-CASES // len(OPERATIONS))


@pytest.fixture(scope="module")
def known(service: Service) -> dict[str, str]:
    """Real things of the caller's, so that generated requests get past the first look-up."""
    story = Given(service.caller("example-clinic-north"), service.caller("example-doula-network"))
    note = story.sender.done("/v1/notes", {"client": story.client(), "text": "Rings twice"})["note"]
    handoff = story.offered()
    episode = story.sender.done(f"/v1/clients/{handoff.client}/episodes")["episode"]
    contact = story.sender.done(f"/v1/clients/{handoff.client}/contacts", MET)["contact"]
    asked = Given(story.receiver, story.sender).accepted(**TO_NORTH)
    return {
        "client": handoff.client,
        "referral": story.sent().id,
        "handoff": handoff.id,
        "note": note,
        "consent": story.consent(handoff.client),
        "contact": contact,
        "appointment": Given(story.receiver, story.sender).booked(asked).id,
        "episode": episode,
    }


def test_there_are_enough_cases() -> None:
    assert len(OPERATIONS) == len(FOUND) == sum(len(item) for item in DOCUMENT["paths"].values())
    assert len(OPERATIONS) * PER_OPERATION >= CASES


def ask(service: Service, token: str, known: dict[str, str], operation: Any, cases: int) -> list[str]:
    """So many generated requests of one operation, the same ones each time; what was wrong with each that was."""
    counted, wrong = 0, list[str]()

    @seed(20260115)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Case[Any]) -> None:
        nonlocal counted
        counted += 1
        if counted % 2:
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        if counted > FEW and case.query:
            case.query.pop("min_version", None)  # each that waits takes two seconds
        answer = case.call(base_url=service.url, headers={"Authorization": f"Bearer {token}"})
        wrong.extend(f"{operation.label}: {each}" for each in breaches(case, answer))

    run()
    assert counted >= 1
    return [""] * (counted - len(wrong)) + wrong


def breaches(case: Case[Any], answer: Any) -> list[str]:
    """What is wrong with an answer: a server error, no problem document, or not what the document describes."""
    # 503 is the described answer to a `min_version` that is not there in time; it says when to come back.
    if answer.status_code >= 500 and not (answer.status_code == 503 and "retry-after" in answer.headers):
        return [answer.text]
    if answer.status_code >= 400 and answer.headers["content-type"] != ["application/problem+json"]:
        return [f"{answer.status_code} without a problem document"]
    try:
        case.validate_response(answer, checks=DESCRIBED)
    except FailureGroup as found:
        return [str(each) for each in found.exceptions]
    return []


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_breaks_the_service(service: Service, north: Caller, known: dict[str, str], operation: Any) -> None:
    assert north.token is not None
    assert not any(ask(service, north.token, known, operation, PER_OPERATION))


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fuzz(service: Service, north: Caller, known: dict[str, str], sized: Callable[[int, int], int]) -> None:
    """Over the whole document: 1 case an operation in every run, at least 10,000 in all in `make prove-care`."""
    assert north.token is not None
    tally, cases = Tally("fuzz"), sized(1, -(-PROVED // len(OPERATIONS)))
    for operation in OPERATIONS:
        for wrong in ask(service, north.token, known, operation, cases):
            tally.check(not wrong, wrong)
    tally.close()


def test_an_answer_that_is_not_described_is_seen(service: Service, north: Caller) -> None:
    (operation,) = (each for each in OPERATIONS if each.label == "GET /v1/me")
    case = operation.Case(method="GET")
    answer = case.call(base_url=service.url, headers={"Authorization": f"Bearer {north.token}"})
    assert breaches(case, answer) == []
    answer.status_code = 418
    assert breaches(case, answer) != []
