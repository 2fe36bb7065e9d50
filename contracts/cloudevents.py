"""CloudEvents 1.0 on Kafka: what a record's headers and value say, in binary and in structured content mode."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

PREFIX = "ce_"
CONTENT_TYPE = "content-type"
STRUCTURED = "application/cloudevents"


@dataclass(frozen=True, slots=True)
class CloudEvent:
    """Attributes by their CloudEvents names (`datacontenttype` among them), and the data's bytes as they came."""

    attributes: Mapping[str, str]
    data: bytes


class BadCloudEvent(ValueError):
    """The record is no CloudEvent that can be read; the message names attributes, never a value."""


def read_headers(headers: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """The attributes in the headers of a binary-mode record. Raises BadCloudEvent for a value that is no text."""
    attributes = {}
    for name, value in headers:
        key = name.lower()
        if key == CONTENT_TYPE:
            attributes["datacontenttype"] = _text(key, value)
        elif key.startswith(PREFIX):
            attributes[key.removeprefix(PREFIX)] = _text(key, value)
    return attributes


def read_record(headers: Iterable[tuple[str, bytes]], value: bytes) -> CloudEvent:
    """The event in a record: structured mode where the content type says so, else binary. Raises BadCloudEvent."""
    attributes = read_headers(headers)
    if attributes.get("datacontenttype", "").lower().startswith(STRUCTURED):
        return _structured(value)
    return CloudEvent(MappingProxyType(attributes), value)


def _structured(value: bytes) -> CloudEvent:
    try:
        whole = json.loads(value)
    except ValueError:
        raise BadCloudEvent("not JSON") from None
    if not isinstance(whole, dict):
        raise BadCloudEvent("not an object")
    data: Any = whole.pop("data", None)
    attributes = {name: attribute for name, attribute in whole.items() if isinstance(attribute, str)}
    return CloudEvent(MappingProxyType(attributes), json.dumps(data).encode())


def _text(name: str, value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise BadCloudEvent(name) from None
