"""The headers of every record: which event, of whom, by whom, when it happened and when it was stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self
from uuid import UUID

from contracts.cloudevents import BadCloudEvent

SPEC_VERSION = b"1.0"
JSON = b"application/json"


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
        key = self.key
        pairs = [
            ("ce_specversion", SPEC_VERSION),
            ("ce_id", str(self.id).encode()),
            ("ce_type", self.type.encode()),
            ("ce_source", source_uri(self.initiative, self.agency).encode()),
            ("ce_time", _instant(self.time)),
            ("ce_subject", key),
            ("ce_dataschema", schema_uri(self.type).encode()),
            ("ce_partitionkey", key),
            ("ce_position", b"%d" % self.position),
            ("ce_recordedtime", _instant(self.recorded_time)),
            ("content-type", JSON),
        ]
        if self.traceparent is not None:
            pairs.append(("traceparent", self.traceparent.encode()))
        return pairs

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


def _instant(time: datetime) -> bytes:
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z").encode()


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
