"""Owns the vocabulary of telemetry: every span, metric, attribute and log key that a process may emit."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, get_args

# A span is shown as "<name> <target>": the target is a topic, a route template or a table, never a value.
SpanName = Literal[
    "request",  # SERVER: one HTTP request, target = method and route template
    "call",  # CLIENT: one HTTP request to another process of ours
    "command",  # INTERNAL: load, decide, save of one use case, target = operation id
    "append",  # CLIENT: one group commit to the event store
    "seal",  # INTERNAL: encrypt or decrypt in the vault
    "send",  # PRODUCER: one record given to Kafka, linked to the request that caused it
    "poll",  # CONSUMER: one batch received
    "process",  # CONSUMER: one record or batch turned into rows, linked to the records' sends
    "commit",  # CLIENT: rows and position in one transaction
    "settle",  # CLIENT: offset commit to Kafka, for lag tools only
    "rebuild",  # INTERNAL: a projection built anew from the log
    "migrate",  # INTERNAL: schema changes
]

SpanKindName = Literal["internal", "server", "client", "producer", "consumer"]

# OpenTelemetry semantic conventions (messaging and HTTP groups, status Development at 1.45) and a few of our own.
# `messaging.kafka.message.key` is left out on purpose: the key is a pseudonym.
AttributeName = Literal[
    "messaging.system",
    "messaging.operation.type",
    "messaging.operation.name",
    "messaging.destination.name",
    "messaging.destination.partition.id",
    "messaging.kafka.offset",
    "messaging.consumer.group.name",
    "messaging.batch.message_count",
    "messaging.client.id",
    "http.request.method",
    "http.route",
    "http.response.status_code",
    "db.system.name",
    "db.operation.name",
    "db.collection.name",
    "db.operation.batch.size",
    "error.type",
    "closeknit.operation",
    "closeknit.outcome",
    "closeknit.position",
    "closeknit.event.type",
    "closeknit.projection",
    "closeknit.schema",
]

MetricName = Literal[
    "messaging.client.sent.messages",
    "messaging.client.consumed.messages",
    "messaging.client.operation.duration",
    "messaging.process.duration",
    "http.server.request.duration",
    "http.client.request.duration",
    "db.client.operation.duration",
    "closeknit.append.batch.size",
    "closeknit.append.queue",
    "closeknit.relay.lag",
    "closeknit.sealing.lag",
    "closeknit.timers.due",
    "closeknit.timers.fired",
    "closeknit.worker.lag",
    "closeknit.worker.delay",
    "closeknit.worker.parked",
    "closeknit.worker.rows",
    "closeknit.worker.rebalances",
]

LogKey = Literal[
    "event",
    "level",
    "ts",
    "service",
    "logger",
    "where",
    "error",
    "sqlstate",
    "trace_id",
    "span_id",
    "operation",
    "method",
    "route",
    "status",
    "slug",
    "duration_ms",
    "topic",
    "partition",
    "offset",
    "position",
    "group",
    "lag",
    "count",
    "batch",
    "parked",
    "type",
    "schema",
    "migration",
    "port",
    "signal",
    "attempt",
    "pid",
    "dropped",
]


class Instrument(NamedTuple):
    """What a metric is: counter, histogram or gauge, its UCUM unit and one sentence."""

    kind: Literal["counter", "histogram", "gauge"]
    unit: str
    description: str


INSTRUMENTS: Final[dict[MetricName, Instrument]] = {
    "messaging.client.sent.messages": Instrument("counter", "{message}", "Records acknowledged by Kafka."),
    "messaging.client.consumed.messages": Instrument("counter", "{message}", "Records received from Kafka."),
    "messaging.client.operation.duration": Instrument("histogram", "s", "Duration of a Kafka client operation."),
    "messaging.process.duration": Instrument("histogram", "s", "Duration of handling one batch of records."),
    "http.server.request.duration": Instrument("histogram", "s", "Duration of a request, by route and status."),
    "http.client.request.duration": Instrument("histogram", "s", "Duration of a request to another process."),
    "db.client.operation.duration": Instrument("histogram", "s", "Duration of a database operation."),
    "closeknit.append.batch.size": Instrument("histogram", "{command}", "Commands in one group commit."),
    "closeknit.append.queue": Instrument("gauge", "{command}", "Commands that wait for the writer."),
    "closeknit.relay.lag": Instrument("gauge", "{event}", "Positions stored and not yet acknowledged by Kafka."),
    "closeknit.sealing.lag": Instrument("gauge", "{event}", "Events stored whose copies for receivers are not sealed."),
    "closeknit.timers.due": Instrument("gauge", "{timer}", "Timers that have run out and have not fired yet."),
    "closeknit.timers.fired": Instrument("counter", "{timer}", "Timers that fired."),
    "closeknit.worker.lag": Instrument("gauge", "{message}", "Records in the assigned partitions not yet applied."),
    "closeknit.worker.delay": Instrument("gauge", "s", "Age of the last record applied when it was applied."),
    "closeknit.worker.parked": Instrument("counter", "{message}", "Records parked because they cannot be applied."),
    "closeknit.worker.rows": Instrument("counter", "{row}", "Rows written by a projection."),
    "closeknit.worker.rebalances": Instrument("counter", "{rebalance}", "Times the assignment changed."),
}

ATTRIBUTES: Final[frozenset[str]] = frozenset(get_args(AttributeName))
LOG_KEYS: Final[frozenset[str]] = frozenset(get_args(LogKey))
