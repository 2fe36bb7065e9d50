"""Generated requests over the whole document of the service: whatever comes, no 500, and answers as they are described.

Seeded, so that a failure comes again; as many cases for each operation as make 2,000 in all.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Protocol

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
from services.runtime.http import freshness
from tests.prove.tally import Tally
from tests.referrals.api.asking import Asking
from tests.referrals.api.conftest import Caller, Service

# schemathesis draws from `random` inside its strategies; the seed below holds it all the same.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies")

CASES, PROVED = 2_000, 10_000
DESCRIBED = [status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = 3
DOCUMENT = documents()["referrals"]
FOUND = list(schemathesis.openapi.from_dict(DOCUMENT).get_all_operations())
OPERATIONS = [each.ok() for each in FOUND if isinstance(each, Ok)]
TOO_FAR = {
    *("attest_referral", "miss_appointment", "acknowledge_consent"),  # days have to pass
    *("redirect_referral", "open_redirected"),  # a third agency
    *("get_note_file", "answer_letter"),  # a file, and a code on paper
    "ask_about_disclosure",  # she herself, by a code
}
"""Operations that no generated request succeeds in; tests of their own do."""
PER_OPERATION = -(-CASES // len(OPERATIONS))


@pytest.fixture(scope="module", autouse=True)
def without_waiting() -> Iterator[None]:
    """A version that is not there is not waited for: nobody writes it meanwhile."""
    with pytest.MonkeyPatch.context() as here:
        here.setattr(freshness, "WAIT_SECONDS", 0.0)
        yield


@pytest.fixture(scope="module")
def asking(service: Service) -> Asking:
    everything = ("staff", "case_manager", "agency_admin", "privacy_officer")
    return Asking(
        service.caller("example-clinic-north", *everything),
        service.caller("example-doula-network", *everything, subject="dora-muster"),
        service.caller(None, "backbone", subject="bo-muster"),
    )


def test_there_are_enough_cases() -> None:
    assert len(OPERATIONS) == len(FOUND) == sum(len(item) for item in DOCUMENT["paths"].values())
    assert len(OPERATIONS) * PER_OPERATION >= CASES


class Meaning(Protocol):
    """Turns a case into one that means something; who asks."""

    def meant(self, case: Case[Any], number: int) -> Caller: ...


def ask(asking: Meaning, operation: Any, cases: int, answered: Counter[int] | None = None) -> list[str]:
    """So many generated requests of one operation, the same ones each time; what was wrong with each that was."""
    counted, wrong = 0, list[str]()

    @seed(20260115)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        print_blob=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Case[Any]) -> None:
        nonlocal counted
        counted += 1
        if counted > FEW and case.query:
            case.query.pop("min_version", None)  # most are versions that never come, and hide every other answer
        caller = asking.meant(case, counted)
        answer = case.call(base_url=caller.url, headers={"Authorization": f"Bearer {caller.token}"})
        if answered is not None:
            answered[answer.status_code] += 1
        wrong.extend(f"{operation.label}, case {counted}: {each}" for each in breaches(case, answer))

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
def test_no_request_breaks_the_service(asking: Asking, operation: Any) -> None:
    assert not any(ask(asking, operation, PER_OPERATION))


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_fuzz(asking: Asking, sized: Callable[[int, int], int]) -> None:
    """Over the whole document: 1 case an operation in every run, at least 10,000 in all in `make prove-care`."""
    tally, cases = Tally("fuzz"), sized(1, -(-PROVED // len(OPERATIONS)))
    for operation in OPERATIONS:
        answered = Counter[int]()
        for wrong in ask(asking, operation, cases, answered):
            tally.check(not wrong, wrong)
        if cases > 1:
            done = operation.definition.raw["operationId"] in TOO_FAR or any(each // 100 == 2 for each in answered)
            tally.check(done, f"{operation.label} never went well: {dict(answered)}")
    tally.close()


def test_an_answer_that_is_not_described_is_seen(service: Service, north: Caller) -> None:
    (operation,) = (each for each in OPERATIONS if each.label == "GET /v1/me")
    case = operation.Case(method="GET")
    answer = case.call(base_url=service.url, headers={"Authorization": f"Bearer {north.token}"})
    assert breaches(case, answer) == []
    answer.status_code = 418
    assert breaches(case, answer) != []
