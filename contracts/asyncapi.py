"""The AsyncAPI 3.0 document: the topics, who writes and reads them, and the messages on them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contracts.events.event import Published
from contracts.registry import EVENTS
from contracts.topic import Topic

KAFKA_BINDING = "0.5.0"
SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"

_HEADERS: Mapping[str, Any] = {
    "ce_specversion": {"type": "string", "const": "1.0"},
    "ce_id": {"type": "string", "format": "uuid", "description": "The event's id."},
    "ce_type": {"type": "string", "description": "The name of this message."},
    "ce_source": {
        "type": "string",
        "pattern": "^/initiatives/[a-z0-9-]+/agencies/[a-z0-9-]+$",
        "description": "Which agency of which initiative recorded it.",
    },
    "ce_time": {"type": "string", "format": "date-time", "description": "When it happened, UTC."},
    "ce_subject": {"type": "string", "description": "The client's log pseudonym, or the id of a directory entry."},
    "ce_dataschema": {"type": "string", "format": "uri", "description": "The `$id` of the payload's schema."},
    "ce_partitionkey": {"type": "string", "description": "The record key: the same as ce_subject."},
    "ce_position": {
        "type": "string",
        "pattern": "^[1-9][0-9]*$",
        "description": "Position in the event store, strictly increasing in each partition.",
    },
    "ce_recordedtime": {"type": "string", "format": "date-time", "description": "When it was stored, UTC."},
    "content-type": {"type": "string", "const": "application/json"},
    "traceparent": {"type": "string", "description": "W3C trace context of the command, where it had one."},
}


def document(topics: tuple[Topic, ...], examples: Path) -> dict[str, Any]:
    """The whole document; `examples` is the folder whose first example of each type is shown."""
    used = sorted({name for topic in topics for name in topic.events})
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Closeknit events",
            "version": "1.0.0",
            "description": (
                "What happens between agencies that care for pregnant women together, as CloudEvents 1.0 in binary "
                "mode on Kafka. No message holds an identity: a client is a pseudonym. Readers pass over fields, "
                "codes (`unknown`) and types that are younger than themselves."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {_key(topic.topic): _channel(topic) for topic in topics},
        "operations": dict(each for topic in topics for each in _operations(topic)),
        "components": {
            "messages": {_key(name): _message(EVENTS[name], examples) for name in used},
            "schemas": {
                "headers": {
                    "type": "object",
                    "required": [name for name in _HEADERS if name != "traceparent"],
                    "properties": dict(_HEADERS),
                },
            },
        },
    }


def _key(name: str) -> str:
    return name.replace(".", "-")


def _channel(topic: Topic) -> dict[str, Any]:
    config = {
        "cleanup.policy": topic.config["cleanup.policy"].split(","),
        "retention.ms": int(topic.config["retention.ms"]),
    }
    return {
        "address": topic.topic,
        "description": topic.description,
        "messages": {_key(name): {"$ref": f"#/components/messages/{_key(name)}"} for name in topic.events},
        "bindings": {
            "kafka": {
                "topic": topic.topic,
                "partitions": topic.partitions,
                "topicConfiguration": config,
                "bindingVersion": KAFKA_BINDING,
            }
        },
    }


def _operations(topic: Topic) -> list[tuple[str, dict[str, Any]]]:
    channel = f"#/channels/{_key(topic.topic)}"
    messages = [{"$ref": f"{channel}/messages/{_key(name)}"} for name in topic.events]
    sides = [("send", topic.producers), ("receive", topic.consumers)]
    return [
        (
            _key(f"{module}.{action}.{topic.topic}"),
            {"action": action, "channel": {"$ref": channel}, "messages": messages},
        )
        for action, modules in sides
        for module in modules
    ]


def _message(kind: type[Published], examples: Path) -> dict[str, Any]:
    entity, event, version = kind.TYPE.split(".")
    example = sorted((examples / f"{entity}.{event}" / version.removeprefix("v")).glob("*.json"))[0]
    return {
        "name": kind.TYPE,
        "title": kind.__name__,
        "summary": (kind.__doc__ or "").strip(),
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {
            "schemaFormat": SCHEMA_FORMAT,
            "schema": {"$ref": f"./schemas/{kind.TYPE}.schema.json"},
        },
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": "The same as ce_subject."},
                "bindingVersion": KAFKA_BINDING,
            }
        },
        "examples": [{"name": example.stem, "payload": json.loads(example.read_text(encoding="utf-8"))}],
    }
