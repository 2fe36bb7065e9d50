"""One trace from the HTTP request to the measure's row: parents inside a process chain, links across Kafka."""

import secrets
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import psycopg
import pytest

from services.referrals.publishing import CARE_TOPIC
from tests.condition import until
from tests.e2e.walk import SPOKEN, Walk
from tests.fix_line import Line
from tests.referrals.relay.log import read

pytestmark = pytest.mark.servers

Span = dict[str, Any]


def spans(line: Line) -> Iterator[Span]:
    """Every span that a process of the line has written down so far."""
    for path in sorted(line.state.within("telemetry").glob("*.jsonl*")):
        for text in path.read_bytes().splitlines(keepends=True):
            if text.endswith(b"\n"):
                yield orjson.loads(text)


def found(line: Line, **members: Any) -> Span:
    """The one span with these members, as soon as it is written."""

    def matching() -> list[Span]:
        return [span for span in spans(line) if all(span[name] == value for name, value in members.items())]

    (span,) = until(matching, 30, every=0.2)
    return span


def linked(line: Line, service: str, to: Span) -> Span:
    """The one span of a service that is linked to another, as soon as it is written."""
    wanted = {"trace_id": to["trace_id"], "span_id": to["span_id"]}

    def matching() -> list[Span]:
        return [span for span in spans(line) if span["service"] == service and wanted in span["links"]]

    (span,) = until(matching, 30, every=0.2)
    return span


def traceparent(span: Span) -> str:
    return f"00-{span['trace_id']}-{span['span_id']}-01"


def test_one_referral_is_followed_from_the_request_to_the_row(line: Line) -> None:
    walk, trace, caller = Walk.begun(line), secrets.token_hex(16), secrets.token_hex(8)
    to = {"agency": walk.cast.helper, "service": walk.cast.service}
    body = {"client": walk.client, "to": to, "category": "doula", "consent": SPOKEN | {"fields": ["name"]}}
    headers = {"traceparent": f"00-{trace}-{caller}-01"}
    referral = UUID(walk.clinic.done("/v1/referrals", body, headers=headers)["referral"])

    asked = found(line, service="gateway", trace_id=trace)
    assert (asked["name"], asked["kind"], asked["parent_id"]) == ("request POST /v1/referrals", "server", caller)
    served = found(line, service="referrals", trace_id=trace, parent_id=asked["span_id"])
    assert (served["name"], served["attributes"]["http.response.status_code"]) == ("request POST /v1/referrals", 201)
    with psycopg.connect(line.settings["CLOSEKNIT_REFERRALS_DSN"]) as connection:
        query = "SELECT event_id, traceparent FROM stored_events WHERE originator_id = %s"
        ((event, kept),) = connection.execute(query, [referral]).fetchall()
    assert kept == traceparent(served)

    line.settled()
    with psycopg.connect(line.settings["CLOSEKNIT_MEASURES_DSN"]) as connection:
        ((carried,),) = connection.execute("SELECT traceparent FROM live.facts WHERE event_id = %s", [event]).fetchall()
    records = [record for place in read(line.settings["CLOSEKNIT_KAFKA"], [CARE_TOPIC]).values() for record in place]
    (record,) = (record for record in records if dict(record.headers)["ce_id"] == str(event).encode())
    assert dict(record.headers)["traceparent"].decode() == carried
    span_id = carried.split("-")[2]
    relayed = found(line, service="relay", span_id=span_id)
    assert (relayed["name"], relayed["kind"], relayed["parent_id"]) == (f"send {CARE_TOPIC}", "producer", None)
    assert relayed["links"] == [{"trace_id": served["trace_id"], "span_id": served["span_id"]}]
    assert relayed["trace_id"] != trace
    applied = linked(line, "measures-consume", relayed)
    assert (applied["kind"], applied["parent_id"]) == ("consumer", None)
    assert applied["attributes"]["messaging.destination.name"] == CARE_TOPIC


def test_an_unsampled_request_leaves_no_span_anywhere(line: Line) -> None:
    walk, trace = Walk.begun(line), secrets.token_hex(16)
    answer = walk.clinic.get("/v1/work", headers={"traceparent": f"00-{trace}-{secrets.token_hex(8)}-00"})
    assert answer.status_code == 200
    after = secrets.token_hex(16)
    walk.clinic.get("/v1/work", headers={"traceparent": f"00-{after}-{secrets.token_hex(8)}-01"})
    for service in ("gateway", "referrals"):
        found(line, service=service, trace_id=after)
    assert not [span for span in spans(line) if span["trace_id"] == trace]
