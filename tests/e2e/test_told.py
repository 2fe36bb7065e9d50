"""What the processes tell of themselves: log lines and spans with allow-listed keys and no value of anybody's."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import orjson
import pytest

from services.runtime.telemetry.names import ATTRIBUTES, LOG_KEYS
from tests.condition import until
from tests.e2e.test_trace import found, spans
from tests.e2e.walk import Walk
from tests.fix_line import Line

pytestmark = pytest.mark.servers

TELLING = ("gateway", "referrals", "relay", "timers", "measures", "consume")


START = b'{"ts":'


def told(line: Line) -> dict[str, list[dict[str, Any]]]:
    """Every line that a process of ours has logged; anything that is no JSON object fails here."""
    return {name: list(said(line.state.log(name).read_bytes())) for name in TELLING}


def said(log: bytes) -> Iterator[dict[str, Any]]:
    """The objects of a log. One that was cut off, because its process was killed, has the next process's behind it."""
    for text in log.splitlines(keepends=True):
        nothing, *pieces = text.split(START)
        assert not nothing, text
        if text.endswith(b"\n"):
            yield orjson.loads(START + pieces[-1])


def test_a_line_that_is_no_object_is_seen() -> None:
    assert list(said(b'{"ts":"1"}\n{"ts":"2","ev{"ts":"3"}\n{"ts":"4"')) == [{"ts": "1"}, {"ts": "3"}]
    with pytest.raises(AssertionError):
        list(said(b'{"ts":"1"}\nTraceback (most recent call last):\n'))


def unmatched(line: Line) -> int:
    """How many requests for nothing the gateway has told of."""
    return sum(each.get("route") == "unmatched" for each in told(line)["gateway"])


def test_log_lines_have_listed_keys_only_and_name_routes_not_paths(line: Line) -> None:
    walk, marked = Walk.begun(line), f"marked{uuid4().hex}"
    referral = walk.sent()
    walk.clinic.get(f"/v1/referrals/{referral}")
    walk.clinic.get(f"/v1/clients/{walk.client}/timeline?{marked}=1")
    walk.clinic.post("/v1/referrals", {"client": marked, marked: 1})
    before = unmatched(line)
    walk.clinic.get(f"/v1/{marked}")
    until(lambda: unmatched(line) > before)  # lines come in order: what was asked before is told as well
    lines = told(line)
    assert {name for name, each in lines.items() if each} >= {"gateway", "referrals", "measures", "consume"}
    assert {key for each in lines.values() for one in each for key in one} <= LOG_KEYS
    assert not [one for each in lines.values() for one in each if one["event"] == "unnamed" or "dropped" in one]
    whole = b"".join(line.state.log(name).read_bytes() for name in TELLING)
    for value in (marked, referral, walk.client, "Sample-"):
        assert value.encode() not in whole, value
    routes = {one.get("route") for one in lines["gateway"]}
    assert {"/v1/clients/{client}/timeline", "/v1/referrals/{referral}", "unmatched"} <= routes


def test_spans_have_listed_attributes_only_and_name_routes_not_paths(line: Line) -> None:
    walk, trace = Walk.begun(line), uuid4().hex
    referral = walk.sent()
    walk.clinic.get(f"/v1/referrals/{referral}", headers={"traceparent": f"00-{trace}-{uuid4().hex[:16]}-01"})
    assert found(line, service="referrals", trace_id=trace)["name"] == "request GET /v1/referrals/{referral}"
    every = list(spans(line))
    assert {span["service"] for span in every} >= {"gateway", "referrals", "relay"}
    assert {key for span in every for key in span["attributes"]} <= ATTRIBUTES
    whole = orjson.dumps(every)
    for value in (referral, walk.client, "Sample-"):
        assert value.encode() not in whole, value


def test_metrics_are_behind_the_gateway_and_never_through_it(line: Line) -> None:
    assert line.http.get(f"{line.url}/metrics").status_code == 404
    port = line.settings["CLOSEKNIT_REFERRALS_PORT"]
    metrics = line.http.get(f"http://127.0.0.1:{port}/metrics")
    assert metrics.status_code == 200
    assert "http_server_request_duration_seconds_bucket" in metrics.text
