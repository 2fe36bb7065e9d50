"""The headers of every record: which event, of whom, by whom, when it happened and when it was stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Self
from uuid import UUID

from pydantic_core import to_json

from contracts.cloudevents import BadCloudEvent

SPEC_VERSION = b"1.0"
JSON = b"application/json"

_SPEC_VERSION = ("ce_specversion", SPEC_VERSION)
_CONTENT_TYPE = ("content-type", JSON)


def schema_uri(type_name: str) -> str:
    """The name of a type's schema (`ce_dataschema`, and `$id` in its file)."""
    return f"urn:closeknit:schema:{type_name}"


def source_uri(initiative: str, agency: str) -> str:
    """Who recorded an event (`ce_source`)."""
    return f"/initiatives/{initiative}/agencies/{agency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """CloudEvents attributes of a record in binary mode. Both times are aware; `subject` is the log pseudonym.

    `position` is the place in the event store, strictly increasing in each partition. `subject` is also record key
    and partition key, but for the directory's events, whose subject and key are the entity's id.
    """

    id: UUID
    type: str
    initiative: str
    agency: str
    time: datetime
    subject: str
    position: int
    recorded_time: datetime
    traceparent: str | None = None

    @property
    def key(self) -> bytes:
        """The record key."""
        return self.subject.encode()

    def pairs(self) -> list[tuple[str, bytes]]:
        """The headers as Kafka takes them, in a fixed order; `traceparent` only where there is one."""
        return header_pairs(
            id=self.id,
            type=self.type,
            initiative=self.initiative,
            agency=self.agency,
            time=self.time,
            key=self.key,
            position=self.position,
            recorded_time=self.recorded_time,
            traceparent=self.traceparent,
        )

    @classmethod
    def read(cls, pairs: Iterable[tuple[str, bytes]]) -> Self:
        """What the headers of a record say. Raises BadCloudEvent that names the attribute, never its value."""
        said = dict(pairs)
        if said.get("ce_specversion") != SPEC_VERSION:
            raise BadCloudEvent("ce_specversion")
        trace = said.get("traceparent")
        try:
            initiative, agency = _source(said["ce_source"])
            return cls(
                id=UUID(said["ce_id"].decode()),
                type=said["ce_type"].decode(),
                initiative=initiative,
                agency=agency,
                time=_moment(said["ce_time"]),
                subject=said["ce_subject"].decode(),
                position=int(said["ce_position"]),
                recorded_time=_moment(said["ce_recordedtime"]),
                traceparent=None if trace is None else trace.decode(),
            )
        except KeyError as missing:
            raise BadCloudEvent(str(missing.args[0])) from None
        except ValueError:
            raise BadCloudEvent("an attribute is malformed") from None


def header_pairs(
    *,
    id: UUID,
    type: str,
    initiative: str,
    agency: str,
    time: datetime,
    key: bytes,
    position: int,
    recorded_time: datetime,
    traceparent: str | None,
) -> list[tuple[str, bytes]]:
    """`Headers.pairs` without the object, for who writes a great many; `key` are the subject's bytes."""
    kind, schema = _type_pairs(type)
    pairs = [
        _SPEC_VERSION,
        ("ce_id", _plain(id)),
        kind,
        _source_pair(initiative, agency),
        ("ce_time", _instant(time)),
        ("ce_subject", key),
        schema,
        ("ce_partitionkey", key),
        ("ce_position", b"%d" % position),
        ("ce_recordedtime", _instant(recorded_time)),
        _CONTENT_TYPE,
    ]
    if traceparent is not None:
        pairs.append(("traceparent", traceparent.encode()))
    return pairs


# What many records share is made once; types and agencies are few.
@lru_cache(maxsize=1_024)
def _type_pairs(type_name: str) -> tuple[tuple[str, bytes], tuple[str, bytes]]:
    return ("ce_type", type_name.encode()), ("ce_dataschema", schema_uri(type_name).encode())


@lru_cache(maxsize=4_096)
def _source_pair(initiative: str, agency: str) -> tuple[str, bytes]:
    return "ce_source", source_uri(initiative, agency).encode()


def _instant(time: datetime) -> bytes:
    return _plain(time.astimezone(UTC))


def _plain(value: UUID | datetime) -> bytes:
    # pydantic writes these as str() and isoformat() do, with Z for UTC, in a third of their time.
    return to_json(value)[1:-1]


def _moment(value: bytes) -> datetime:
    time = datetime.fromisoformat(value.decode())
    if time.tzinfo is None:
        raise ValueError
    return time.astimezone(UTC)


def _source(value: bytes) -> tuple[str, str]:
    match value.decode().split("/"):
        case ["", "initiatives", initiative, "agencies", agency] if initiative and agency:
            return initiative, agency
        case _:
            raise ValueError
