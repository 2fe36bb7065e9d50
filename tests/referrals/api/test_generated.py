"""Generated requests over the whole document of the service: whatever comes, no 500, and answers as they are described.

Seeded, so that a failure comes again; as many cases for each operation as make 2,000 in all.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from schemathesis.core.result import Ok

from deploy.openapi import documents
from tests.referrals.api.conftest import Caller, Service
from tests.referrals.api.story import MET, TO_NORTH, Given

# schemathesis draws from `random` inside its strategies; the seed below holds it all the same.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies")

CASES = 2_000
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


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_no_request_breaks_the_service(service: Service, north: Caller, known: dict[str, str], operation: Any) -> None:
    counted = 0

    @seed(20260115)
    @settings(
        max_examples=PER_OPERATION,
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
        answer = case.call(base_url=service.url, headers={"Authorization": f"Bearer {north.token}"})
        # 503 is the described answer to a `min_version` that is not there in time; it says when to come back.
        assert answer.status_code < 500 or (answer.status_code == 503 and "retry-after" in answer.headers), answer.text
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == ["application/problem+json"], answer.text

    run()
    assert counted >= 1
