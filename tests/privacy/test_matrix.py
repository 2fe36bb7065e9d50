"""The authorisation matrix: every cell of docs/authorization.md is asked for at the running gateway and services."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from deploy import authorization_page
from deploy.authorization import CLIENT, NOBODY, OF_INITIATIVE, YES, Asker, Standing, askers, expected
from services.gateway.main import public_document
from services.gateway.passage.table import Operation, Table
from tests.conftest import large
from tests.fix_line import Line
from tests.privacy.stages import ABROAD, HISTORY, HUB, Stage, Stagehand
from tests.prove.tally import Tally
from tests.referrals.api.conftest import FRESNO, SAN_FRANCISCO, Caller

OPERATIONS = Table(public_document()).operations
BAY = "example-bay-clinic"
STATE_FORBIDS = 409
ANOTHER_DAY: Final = {"acknowledge_consent"}
"""What waits for nobody on the day on which all this happens: a consent has to have run out."""
USED_ONCE: Final = {"open_access"}
"""A code lets nobody in a second time, whoever comes."""
RELEASED: Final = [each for each in OPERATIONS if each.names == ("release",) or each.action == "build_release"]
"""What needs a release, and that a history to count: for the whole proof alone."""


class Row:
    """Asks one operation on behalf of everybody."""

    def __init__(self, line: Line, operation: Operation) -> None:
        self._line = line
        self._operation = operation
        self._hand = Stagehand(line)

    def cells(self) -> Iterator[tuple[Asker, int, httpx.Response]]:
        """Refusals first: they leave the thing as it is. Who may do it with their own has a new one each."""
        shared = self._hand.set_for(self._operation)
        asked = [(asker, expected(self._operation, asker)) for asker in askers()]
        for asker, status in sorted(asked, key=lambda each: (each[1] == YES, each[0].standing is not Standing.TEAM)):
            fresh = status == YES and self._operation.method != "GET"
            fresh &= asker.standing is Standing.OWN or self._operation.action in USED_ONCE
            yield asker, status, self._ask(asker, self._hand.set_for(self._operation) if fresh else shared)

    def _ask(self, asker: Asker, stage: Stage) -> httpx.Response:
        places, body = stage.places, stage.body or {}
        if asker.standing is Standing.TEAM and stage.her is not None:
            places, body = json.loads(json.dumps([places, body]).replace(*stage.her))
        if asker.standing is Standing.ABROAD and self._operation.action == "send_referral":
            body = body | {"to": ABROAD}  # the client alone is to be what nobody there knows of
        method, options = self._operation.method, dict[str, Any](params=dict(stage.query))
        if method in {"POST", "PUT", "PATCH"}:
            read = {} if method == "POST" else {"If-Match": "*"}
            options |= {"json": body, "headers": {"Idempotency-Key": uuid4().hex, **read}}
        return self._caller(asker, stage).ask(method, self._operation.template.format(**places), **options)

    def _caller(self, asker: Asker, stage: Stage) -> Caller:
        if asker.role == NOBODY:
            return Caller(self._line.url, None, self._line.http)
        there = SAN_FRANCISCO if stage.home == FRESNO else FRESNO
        agencies = {Standing.OWN: stage.own, Standing.TEAM: stage.other, Standing.OTHER: HUB, Standing.ABROAD: BAY}
        agency, home = agencies[asker.standing], there if asker.standing is Standing.ABROAD else stage.home
        if asker.role == CLIENT:
            return self._hand.another_woman(agency, home)
        agency_of = None if asker.role in OF_INITIATIVE else agency
        return self._line.caller(agency_of, asker.role, initiative=home, subject="mata-sample")


def is_right(operation: Operation, asker: Asker, status: int, answer: int) -> bool:
    """What is carried out is 2xx; where a colleague or the other side was first, the state may forbid it."""
    if status != YES:
        return answer == status
    late = asker.standing is not Standing.OWN or operation.action in ANOTHER_DAY
    return answer in range(200, 300) or (answer == STATE_FORBIDS and late)


def look(line: Line, operations: Sequence[Operation], tally: Tally) -> None:
    for operation in operations:
        for asker, status, answer in Row(line, operation).cells():
            said = f"{operation.action} by {asker.role} of {asker.standing}: {answer.status_code}, not {status}"
            right = is_right(operation, asker, status, answer.status_code)
            tally.check(right, f"{said}: {answer.text[:300]}")


@pytest.mark.proof
@pytest.mark.slow
@pytest.mark.timeout(600)
def test_matrix(line: Line, sized: Callable[[int, int], int]) -> None:
    """One operation in twelve in every run; all of them in the proof."""
    tally = Tally("matrix")
    if large():
        line.system.run(*HISTORY)
        line.settled()
        look(line, RELEASED, tally)
    look(line, [each for each in OPERATIONS if each not in RELEASED][:: sized(12, 1)], tally)
    tally.close()


def test_the_page_is_what_is_decided(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert authorization_page.main(["--check"]) == 0
    monkeypatch.setattr(authorization_page, "text", lambda: "")
    assert authorization_page.main(["--check"]) == 1
    assert "python -m deploy.authorization_page" in capsys.readouterr().out


def test_every_operation_is_on_the_page_once_for_each_of_its_lines() -> None:
    text = authorization_page.text()
    assert [each.action for each in OPERATIONS if f"`{each.action}`" not in text] == []


@pytest.mark.parametrize(("status", "answer"), [(404, 200), (404, 403), (403, 404), (YES, 404), (YES, 403), (YES, 500)])
def test_a_cell_that_is_otherwise_is_seen(status: int, answer: int) -> None:
    for asker in askers():
        assert not is_right(OPERATIONS[0], asker, status, answer)


def test_a_step_that_its_own_agency_could_not_take_is_seen() -> None:
    own, team = Asker("staff", Standing.OWN), Asker("staff", Standing.TEAM)
    assert not is_right(OPERATIONS[0], own, YES, STATE_FORBIDS)
    assert is_right(OPERATIONS[0], team, YES, STATE_FORBIDS)
