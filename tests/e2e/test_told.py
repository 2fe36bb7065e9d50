"""What the processes tell of themselves: log lines and spans with allow-listed keys and no value of anybody's."""

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

TELLING = ("gateway", "referrals", "relay", "measures", "consume")


def told(line: Line) -> dict[str, list[dict[str, Any]]]:
    """Every line that a process of ours has logged; anything that is no JSON object fails here."""
    said = {name: line.state.log(name).read_bytes().splitlines() for name in TELLING}
    odd = [text for each in said.values() for text in each if not text.startswith(b"{")]
    assert not odd, odd
    return {name: [orjson.loads(text) for text in each] for name, each in said.items()}


def test_log_lines_have_listed_keys_only_and_name_routes_not_paths(line: Line) -> None:
    walk, marked = Walk.begun(line), f"marked{uuid4().hex}"
    referral = walk.sent()
    walk.clinic.get(f"/v1/referrals/{referral}")
    walk.clinic.get(f"/v1/clients/{walk.client}/timeline?{marked}=1")
    walk.clinic.post("/v1/referrals", {"client": marked, marked: 1})
    walk.clinic.get(f"/v1/{marked}")
    until(lambda: any(each.get("route") == "unmatched" for each in told(line)["gateway"]))
    said = told(line)
    assert {name for name, each in said.items() if each} >= {"gateway", "referrals", "measures", "consume"}
    assert {key for each in said.values() for one in each for key in one} <= LOG_KEYS
    assert not [one for each in said.values() for one in each if one["event"] == "unnamed" or "dropped" in one]
    whole = b"".join(line.state.log(name).read_bytes() for name in TELLING)
    for value in (marked, referral, walk.client, "Sample-"):
        assert value.encode() not in whole, value
    routes = {one.get("route") for one in said["gateway"]}
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
