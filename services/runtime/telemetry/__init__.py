"""Owns what a process tells of itself: spans, metrics and logs, none of which can carry a payload."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Self

from services.runtime.settings import RuntimeSettings
from services.runtime.telemetry.logs import Log, capture_libraries, describe, make_log
from services.runtime.telemetry.metrics import CONTENT_TYPE, Metrics
from services.runtime.telemetry.names import AttributeName, LogKey, MetricName, SpanName
from services.runtime.telemetry.spans import Spans, current_traceparent, exporters, is_sampled, traceparent_of

__all__ = [
    "CONTENT_TYPE",
    "AttributeName",
    "Log",
    "LogKey",
    "MetricName",
    "Metrics",
    "SpanName",
    "Spans",
    "Telemetry",
    "current_traceparent",
    "describe",
    "is_sampled",
    "traceparent_of",
]


@dataclass(frozen=True)
class Telemetry:
    """Spans, metrics and log of one process; made once in `main.build`, handed on, closed last."""

    spans: Spans
    metrics: Metrics
    log: Log

    @classmethod
    def start(cls, service: str, settings: RuntimeSettings, log_keys: frozenset[str] = frozenset()) -> Self:
        """Telemetry as the settings say; `log_keys` are a service's own keys beside `LogKey`.

        OTLP is on when the SDK's own variable OTEL_EXPORTER_OTLP_ENDPOINT is set; raises RuntimeError when its package
        is absent then.
        """
        log = make_log(service, settings.log_level, log_keys)
        capture_libraries(log, settings.log_level)
        ways = exporters(service, settings.telemetry, bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT")))
        return cls(Spans(service, settings.trace_ratio, ways), Metrics(service), log)

    @classmethod
    def off(cls, service: str = "test") -> Self:
        """Telemetry that goes nowhere but to a log of errors: for tests and short commands."""
        return cls(Spans(service, 0.0, []), Metrics(service), make_log(service, "error"))

    def close(self) -> None:
        """Flushes what is finished."""
        self.spans.close()
        self.metrics.close()
