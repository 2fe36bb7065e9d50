"""Generated requests of all that measures answers: no 500, and answers as they are described.

With tests/referrals/api/test_generated.py it is the whole public document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis import Case
from schemathesis.core.result import Ok

from deploy.openapi import documents
from services.gateway.main import public_document
from services.measures import serving
from services.runtime.http import freshness
from services.runtime.telemetry import Telemetry
from tests.measures.api.app import KnownTokens
from tests.measures.conftest import LARGE, County
from tests.plain import PLAIN
from tests.prove.tally import Tally
from tests.referrals.api import test_generated as generated
from tests.referrals.api.conftest import Caller, ServingThread

pytestmark = pytest.mark.filterwarnings("ignore:Do not use the .random. module inside strategies")

FEW, MANY = 3, 60
FOUND = schemathesis.openapi.from_dict(documents()["measures"]).get_all_operations()
OPERATIONS = [each.ok() for each in FOUND if isinstance(each, Ok)]


class Readers:
    """The backbone, a working group and staff, who ask now of what is there, now of anything."""

    def __init__(self, url: str, http: httpx.Client) -> None:
        self.backbone, self.group, self.staff = (
            Caller(url, f"{who}@{LARGE}/{name}", http)
            for who, name in (("backbone", "bo"), ("working_group", "gus"), ("staff", "sam+example-clinic-north"))
        )
        body = {"period": "2025", "cutoff": "2026-02-15T00:00:00Z"}
        self.there = {"release": self.backbone.done("/v1/releases", body)["release"]}
        self.there |= {"measure": "response_rate", "agency": "example-clinic-north"}

    def meant(self, case: Case[Any], number: int) -> Caller:
        if number % 2:
            case.path_parameters |= {name: self.there[name] for name in case.path_parameters}
        for name in [name for name in case.headers if name.lower() in {"if-match", "idempotency-key"}]:
            del case.headers[name]
        return self.staff if "agency" in case.path_parameters else (self.backbone, self.group)[number // 2 % 2]


@pytest.fixture
def readers(own: County, monkeypatch: pytest.MonkeyPatch) -> Iterator[Readers]:
    monkeypatch.setattr(freshness, "WAIT_SECONDS", 0.0)  # nobody writes the version that is asked for meanwhile
    app = serving.build(own.settings, telemetry=Telemetry.off())
    app.state.verifier = KnownTokens()
    thread = ServingThread(app)
    url = thread.begin()
    with httpx.Client(timeout=40, verify=PLAIN) as http:
        yield Readers(url, http)
    thread.stop()


def test_both_are_the_whole_document() -> None:
    asked = {(each.method.upper(), each.path) for each in (*OPERATIONS, *generated.OPERATIONS)}
    there = {(method.upper(), path) for path, item in public_document()["paths"].items() for method in item}
    assert {(method, path) for method, path in there - asked if method != "HEAD"} == set()
    assert len(OPERATIONS) > 10


@pytest.mark.proof
@pytest.mark.slow
def test_fuzz_measures(readers: Readers, sized: Callable[[int, int], int]) -> None:
    tally = Tally("fuzz-measures")
    for operation in OPERATIONS:
        for wrong in generated.ask(readers, operation, sized(FEW, MANY)):
            tally.check(not wrong, wrong)
    tally.close()
