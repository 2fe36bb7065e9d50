"""A record becomes a row exactly when the contract can read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import registry
from contracts.cloudevents import BadCloudEvent
from contracts.envelope import Headers
from contracts.events.client import ClientRegisteredV1
from services.measures.projection.record import handle, position_of
from services.runtime.worker import Applied, InvalidRecord
from tests.measures.published import CLINIC, START, TRACEPARENT, busy

COLUMNS = 13


@dataclass(frozen=True)
class ARecord:
    """One record as the client gives it."""

    headers: list[tuple[str, bytes]]
    value: bytes | None
    key: bytes | None
    topic: str = "care.events.v1"
    partition: int = 3
    offset: int = 7
    timestamp: int = 0


def headers(**changed: object) -> Headers:
    known: dict[str, object] = {
        "id": UUID(int=5, version=4),
        "type": ClientRegisteredV1.TYPE,
        "initiative": "fresno-ptbi",
        "agency": CLINIC,
        "time": START,
        "subject": "a" * 26,
        "position": 12,
        "recorded_time": START,
        "traceparent": TRACEPARENT,
    }
    return Headers(**(known | changed))  # type: ignore[arg-type]


def record(
    said: Headers, value: bytes | None = b"{}", key: bytes | None = None, changed: dict[str, bytes | None] | None = None
) -> ARecord:
    pairs = {name: text for name, text in (dict(said.pairs()) | (changed or {})).items() if text is not None}
    return ARecord(list(pairs.items()), value, said.key if key is None else key)


def columns(made: ARecord) -> list[str]:
    outcome = handle(made)
    assert isinstance(outcome, Applied)
    [line] = outcome.rows
    assert line.endswith(b"\n")
    return str(line[:-1].decode()).split("\t")


def test_a_row_says_what_the_record_said() -> None:
    fact = busy(3).facts[0]
    row = columns(record(fact.headers, registry.encode(fact.event)))
    assert row[:6] == [
        str(fact.headers.id),
        "fresno-ptbi",
        fact.headers.subject,
        fact.headers.type,
        fact.headers.agency,
        fact.headers.time.isoformat().replace("+00:00", "Z"),
    ]
    assert row[7:11] == ["1", "care.events.v1", "3", "7"]
    assert row[11:] == [TRACEPARENT, registry.encode(fact.event).decode()]


def test_without_a_trace_there_is_none() -> None:
    assert columns(record(headers(traceparent=None)))[11] == r"\N"


def test_the_position_is_a_header() -> None:
    assert position_of(record(headers(position=42))) == 42


@pytest.mark.parametrize("text", [None, b"", b"-1", b"x", b"1.0"])
def test_no_position_is_invalid(text: bytes | None) -> None:
    with pytest.raises(InvalidRecord, match="no-position"):
        position_of(record(headers(), changed={"ce_position": text}))


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (record(headers(), None), "no-key-or-value"),
        (ARecord(headers().pairs(), b"{}", None), "no-key-or-value"),
        (record(headers(), b"{"), "data-not-of-its-type"),
        (record(headers(), b'{"contact": 1}'), None),
        (record(headers(type="referral.accepted.v1"), b"{}"), "data-not-of-its-type"),
        (record(headers(), key=b"b" * 26), "key-is-not-the-subject"),
        *((record(headers(), changed={name: None}), "headers-malformed") for name, _ in headers().pairs()[:4]),
        (record(headers(), changed={"ce_specversion": b"2.0"}), "headers-malformed"),
        (record(headers(), changed={"ce_id": b"5"}), "headers-malformed"),
        (record(headers(), changed={"ce_time": b"yesterday"}), "headers-malformed"),
        (record(headers(), changed={"ce_source": b"/agencies/a"}), "headers-malformed"),
        (record(headers(), changed={"ce_type": b"x\ty.z.v1"}), "headers-malformed"),
        (record(headers(), changed={"traceparent": b"a\nb"}), "headers-malformed"),
        (record(headers(), changed={"ce_id": b"\xff\xfe"}), "headers-malformed"),
    ],
)
def test_what_the_contract_cannot_read_is_invalid(made: ARecord, reason: str | None) -> None:
    if reason is None:
        assert len(columns(made)) == COLUMNS
        return
    with pytest.raises(InvalidRecord, match=reason):
        handle(made)


def test_a_type_that_is_younger_than_this_code_is_kept() -> None:
    row = columns(record(headers(type="client.sang.v1"), b'{\n\t"song":"a\\\\b"\r\n}'))
    assert row[3] == "client.sang.v1"
    assert row[12] == r'{\n\t"song":"a\\\\b"\r\n}'


slugs = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda slug: len(slug) <= 60)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2199, 1, 1)).flatmap(  # noqa: DTZ001 - a zone follows
    lambda naive: st.integers(-12, 14).map(lambda hours: naive.replace(tzinfo=timezone(timedelta(hours=hours))))
)


@given(
    st.builds(
        Headers,
        id=st.uuids(),
        type=st.sampled_from(sorted(registry.EVENTS)),
        initiative=slugs,
        agency=slugs,
        time=moments,
        subject=st.from_regex(r"[a-z2-7]{26}", fullmatch=True),
        position=st.integers(1, 10**17),
        recorded_time=moments,
        traceparent=st.sampled_from([None, TRACEPARENT]),
    )
)
def test_both_readers_of_headers_agree(said: Headers) -> None:
    made = record(said, b'{"song":1}', changed={"ce_type": b"client.sang.v1"})
    row = columns(made)
    known = Headers.read(made.headers)
    assert (UUID(row[0]), row[1], row[2], row[4]) == (known.id, known.initiative, known.subject, known.agency)
    assert datetime.fromisoformat(row[5]).astimezone(UTC) == known.time
    assert datetime.fromisoformat(row[6]).astimezone(UTC) == known.recorded_time
    assert (int(row[7]), row[11] if known.traceparent else None) == (known.position, known.traceparent)


def is_read(made: ARecord) -> bool:
    """Whether a row comes of the record."""
    try:
        handle(made)
        position_of(made)
    except InvalidRecord:
        return False
    return True


@given(st.sampled_from([name for name, _ in headers().pairs()]), st.binary(max_size=40))
def test_no_header_that_the_contract_refuses_makes_a_row(name: str, text: bytes) -> None:
    made = record(headers(), changed={name: text})
    try:
        Headers.read(made.headers)
    except BadCloudEvent:
        assert not is_read(made)
    else:
        assert not is_read(made) or len(columns(made)) == COLUMNS
