"""What a worker tells of itself: a span over records whose senders were traced, counts, lag, and what it parked."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Literal

from services.runtime.kafka import Partition, Record, header
from services.runtime.telemetry import Telemetry, describe
from services.runtime.telemetry.names import AttributeName
from services.runtime.worker.batch import Batch
from services.runtime.worker.ledger import Parked
from services.runtime.worker.outcome import Row

Server = Literal["database", "kafka"]


class Watch:
    """Spans, metrics and log lines of one worker; nothing in them comes from a record but its place."""

    def __init__(self, telemetry: Telemetry, group: str) -> None:
        self._telemetry = telemetry
        self._group = group

    def span(self, polled: Mapping[Partition, Sequence[Record]]) -> AbstractContextManager[object]:
        """A CONSUMER span linked to every record whose sender's span is kept; none where none is, as in a replay."""
        kept = [
            found.decode("ascii", "replace")
            for records in polled.values()
            for record in records
            if (found := header(record, "traceparent")) and found[-1:] in b"13579bdf"
        ]
        if not kept:
            return nullcontext()
        topics = sorted({each.topic for each in polled})
        attributes: dict[AttributeName, str | int] = {
            "messaging.system": "kafka",
            "messaging.operation.type": "process",
            "messaging.operation.name": "process",
            "messaging.destination.name": topics[0],
            "messaging.consumer.group.name": self._group,
            "messaging.batch.message_count": sum(map(len, polled.values())),
        }
        return self._telemetry.spans.span("process", topics[0], kind="consumer", attributes=attributes, links=kept)

    def written(self, batch: Batch[Row], seconds: float, lag: int) -> None:
        """A batch is durable."""
        metrics = self._telemetry.metrics
        metrics.count("messaging.client.consumed.messages", batch.seen)
        metrics.count("closeknit.worker.rows", len(batch.rows))
        metrics.record("messaging.process.duration", seconds)
        metrics.level("closeknit.worker.lag", lag)
        if batch.newest_ms > 0:
            metrics.level("closeknit.worker.delay", max(0.0, time.time() - batch.newest_ms / 1000))

    def parked(self, parked: Sequence[Parked]) -> None:
        """Records went to the park."""
        if parked:
            self._telemetry.metrics.count("closeknit.worker.parked", len(parked))
        for each in parked:
            self._telemetry.log.error(
                "record parked",
                topic=each.partition.topic,
                partition=each.partition.partition,
                offset=each.offset,
                type=each.reason,
                group=self._group,
            )

    def rebalanced(self) -> None:
        """The assignment changed."""
        self._telemetry.metrics.count("closeknit.worker.rebalances")
        self._telemetry.log.info("assignment changed", group=self._group)

    def overtaken(self, attempt: int) -> None:
        """Somebody else moved a position."""
        self._telemetry.log.warning("overtaken", group=self._group, attempt=attempt)

    def away(self, what: Server, error: BaseException, attempt: int) -> None:
        """A server does not answer; the worker waits."""
        self._telemetry.log.warning(f"{what} away", group=self._group, attempt=attempt, **describe(error))
