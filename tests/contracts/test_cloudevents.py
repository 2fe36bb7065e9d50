"""Records are CloudEvents 1.0: the official cases of the Kafka binding, and our own headers."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from uuid import UUID

import pytest

from contracts.cloudevents import BadCloudEvent, read_headers, read_record
from contracts.envelope import Headers

FEATURE = Path(__file__).parents[2].parent / "shared" / "data" / "cloudevents" / "kafka-protocol-binding.feature"

HEADERS = Headers(
    id=UUID("0194a000-0000-7000-8000-000000000099"),
    type="referral.sent.v1",
    initiative="fresno-ptbi",
    agency="example-clinic-north",
    time=datetime(2026, 11, 2, 23, 47, tzinfo=UTC),
    subject="mfrggzdfmztwq2lknnwg23tpoa",
    position=4711,
    recorded_time=datetime(2026, 11, 2, 23, 47, 1, 250000, tzinfo=UTC),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)


@dataclass(frozen=True)
class Case:
    """One case of the feature file: a record, and what it says."""

    name: str
    payload: bytes
    headers: tuple[tuple[str, bytes], ...]
    attributes: Mapping[str, str]
    data: object


def cases() -> list[Case]:
    """The official cases, each line of a table of examples being one; none where the file is absent."""
    if not FEATURE.exists():
        return []
    scenarios = re.split(r"\n\s*Scenario(?: Outline)?:", FEATURE.read_text())[1:]
    return [case for scenario in scenarios for case in cases_of(scenario)]


def cases_of(scenario: str) -> Iterator[Case]:
    texts = re.findall(r'"""\n(.*?)"""', scenario, re.DOTALL)
    headers, attributes, *more = tables_of(re.sub(r'""".*?"""', "", scenario, flags=re.DOTALL))
    examples = [row[0] for row in more[0]] if more else [""]
    for example in examples:
        yield Case(
            name=scenario.strip().splitlines()[0].replace("<contentType>", example),
            payload=texts[0].strip().encode(),
            headers=tuple((key, value.replace("<contentType>", example).encode()) for key, value in headers),
            attributes=dict(attributes),
            data=json.loads(texts[1]),
        )


def tables_of(text: str) -> list[list[list[str]]]:
    """The rows of each table, without its head."""
    tables: list[list[list[str]]] = []
    within = False
    for line in text.splitlines():
        if "|" in line and within:
            tables[-1].append([cell.strip() for cell in line.strip().strip("|").split("|")])
        elif "|" in line:
            tables.append([])
        within = "|" in line
    return tables


@pytest.mark.skipif(not FEATURE.exists(), reason="../shared/data/cloudevents with the official cases is absent")
class TestOfficialCases:
    def test_all_of_them_are_read(self) -> None:
        assert len(cases()) == 3

    @pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
    def test_a_record_says_what_the_case_says(self, case: Case) -> None:
        told = read_record(case.headers, case.payload)
        assert dict(told.attributes) == dict(case.attributes)
        assert json.loads(told.data) == case.data

    @pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
    def test_a_case_can_fail(self, case: Case) -> None:
        spoilt = [(key, b"text/plain" if key == "content-type" else value + b"x") for key, value in case.headers]
        assert dict(read_record(spoilt, case.payload).attributes) != dict(case.attributes)


class TestHeaders:
    def test_they_are_named_as_the_interface_says(self) -> None:
        names = (
            "ce_specversion ce_id ce_type ce_source ce_time ce_subject ce_dataschema ce_partitionkey ce_position "
            "ce_recordedtime content-type traceparent"
        )
        assert [name for name, _ in HEADERS.pairs()] == names.split()

    def test_they_say_who_when_and_about_whom(self) -> None:
        told = dict(HEADERS.pairs())
        assert told["ce_source"] == b"/initiatives/fresno-ptbi/agencies/example-clinic-north"
        assert told["ce_time"] == b"2026-11-02T23:47:00Z"
        assert told["ce_recordedtime"] == b"2026-11-02T23:47:01.250000Z"
        assert told["ce_subject"] == told["ce_partitionkey"] == HEADERS.key
        assert told["ce_dataschema"] == b"urn:closeknit:schema:referral.sent.v1"
        assert told["ce_position"] == b"4711"

    def test_they_are_a_cloud_event_for_any_reader(self) -> None:
        attributes = read_headers(HEADERS.pairs())
        assert attributes["datacontenttype"] == "application/json"
        assert {"id", "source", "specversion", "type"} <= attributes.keys()
        assert "traceparent" not in attributes

    @pytest.mark.parametrize("headers", [HEADERS, replace(HEADERS, traceparent=None)])
    def test_they_come_back_as_they_were(self, headers: Headers) -> None:
        assert Headers.read(headers.pairs()) == headers

    def test_a_time_in_another_zone_is_told_in_utc(self) -> None:
        elsewhere = HEADERS.time.astimezone(timezone(timedelta(hours=-8)))
        assert replace(HEADERS, time=elsewhere).pairs() == HEADERS.pairs()

    def test_a_header_that_is_not_ours_is_passed_over(self) -> None:
        assert Headers.read([*HEADERS.pairs(), ("x-other", b"\xff")]) == HEADERS

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ce_specversion", b"0.3"),
            ("ce_id", b"Mara Example"),
            ("ce_source", b"/initiatives/fresno-ptbi"),
            ("ce_time", b"2026-11-02T23:47:00"),
            ("ce_recordedtime", b"yesterday"),
            ("ce_position", b"last"),
            ("ce_subject", b"\xff"),
        ],
    )
    def test_a_malformed_one_is_bad_and_not_shown(self, name: str, value: bytes) -> None:
        pairs = [(each, value if each == name else told) for each, told in HEADERS.pairs()]
        with pytest.raises(BadCloudEvent) as raised:
            Headers.read(pairs)
        assert value.decode("latin-1") not in str(raised.value)

    @pytest.mark.parametrize("name", ["ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_subject"])
    def test_a_missing_one_is_bad(self, name: str) -> None:
        with pytest.raises(BadCloudEvent, match=name):
            Headers.read([pair for pair in HEADERS.pairs() if pair[0] != name])


@pytest.mark.parametrize("value", [b"", b"[]", b"\xff"])
def test_a_structured_record_that_is_no_object_is_bad(value: bytes) -> None:
    with pytest.raises(BadCloudEvent):
        read_record([("content-type", b"application/cloudevents+json")], value)
