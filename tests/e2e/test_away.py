"""A server is away for a while: what is answered stays, what cannot be says so, and nothing needs a restart."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import httpx
import pytest

from tests.condition import until
from tests.e2e import truth
from tests.e2e.load import submitted
from tests.e2e.walk import Walk, somebody
from tests.fix_line import Line
from tests.prove.tally import Tally
from tests.referrals.api.story import when

pytestmark = [pytest.mark.servers, pytest.mark.proof]

OURS = ("gateway", "referrals", "relay", "timers", "measures", "consume", "issuer")


def pids(line: Line) -> dict[str, int]:
    return {name: line.pid(name) for name in OURS}


def test_kafka_is_away_and_every_submit_is_answered_201(line: Line, sized: Callable[[int, int], int]) -> None:
    before = pids(line)
    with line.away("kafka"):
        load = submitted(line, sized(24, 4_000))
        assert set(load.statuses) == {201}
        walk = Walk.begun(line)
        referral = walk.sent()
        assert walk.helper.done(f"/v1/referrals/{referral}/accept")["state"] == "accepted"
        assert walk.clinic.seen(f"/v1/clients/{walk.client}/timeline")["entries"]
    tally = Tally("kafka-away")
    truth.agree(line, tally)
    truth.once_each(line, load.referrals.values(), tally)
    tally.close()
    assert pids(line) == before


def test_postgresql_is_away_and_everything_says_503_until_it_is_back(line: Line) -> None:
    walk, reader, before, key = Walk.begun(line), line.caller(None, "backbone"), pids(line), uuid4().hex
    to = {"agency": walk.cast.helper, "service": walk.cast.service}
    body = {"client": walk.client, "to": to, "category": "doula", "consent": {"id": walk.consent("name")}}
    with line.away("postgres"):
        asked: tuple[Callable[[], httpx.Response], ...] = (
            lambda: walk.clinic.post("/v1/referrals", body, key=key),
            lambda: walk.clinic.get(f"/v1/clients/{walk.client}/timeline"),
            lambda: walk.clinic.get("/v1/work"),
            lambda: walk.clinic.post("/v1/clients", somebody()),
            lambda: reader.get("/v1/releases"),
        )
        with ThreadPoolExecutor(len(asked)) as pool:
            for answer in pool.map(lambda ask: ask(), asked):
                when(answer).then_problem(503, "unavailable")
                assert int(answer.headers["retry-after"]) > 0
        assert line.http.get(f"{line.url}/health/live").status_code == 200
        assert walk.clinic.get("/v1/directory/agencies").status_code == 200
    until(lambda: walk.clinic.post("/v1/referrals", body, key=key).status_code == 201)
    until(lambda: reader.get("/v1/releases").status_code == 200)
    line.settled()
    assert pids(line) == before
