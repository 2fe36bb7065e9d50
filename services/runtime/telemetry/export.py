"""Owns the way of spans out of a process: allow-listed attributes only, as JSON lines in a folder or by OTLP."""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import orjson
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Link, Status
from opentelemetry.trace.span import format_span_id, format_trace_id

_ROTATE_BYTES: Final = 32 * 1024 * 1024


def stripped(span: ReadableSpan, allowed: frozenset[str]) -> ReadableSpan:
    """The same span with allow-listed attributes only, and of its events and status nothing but names and codes."""
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes={key: value for key, value in (span.attributes or {}).items() if key in allowed},
        events=[Event(event.name, timestamp=event.timestamp) for event in span.events],
        links=[Link(link.context) for link in span.links],
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


class AllowListed(SpanExporter):
    """Passes spans on to another exporter after `stripped`; every exporter of a process stands behind one."""

    def __init__(self, behind: SpanExporter, allowed: frozenset[str]) -> None:
        self._behind = behind
        self._allowed = allowed

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self._behind.export([stripped(span, self._allowed) for span in spans])

    def shutdown(self) -> None:
        self._behind.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._behind.force_flush(timeout_millis)


class JsonLines(SpanExporter):
    """Appends one JSON object a span to `<folder>/<service>-<pid>.jsonl`; the file before it is kept as `.1`."""

    def __init__(self, folder: Path, service: str, rotate_bytes: int = _ROTATE_BYTES) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / f"{service}-{os.getpid()}.jsonl"
        self._rotate_bytes = rotate_bytes
        self._lock = threading.Lock()

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        lines = b"".join(orjson.dumps(span_document(span), option=orjson.OPT_APPEND_NEWLINE) for span in spans)
        try:
            with self._lock:
                if self.path.exists() and self.path.stat().st_size > self._rotate_bytes:
                    self.path.replace(self.path.with_suffix(".jsonl.1"))
                with self.path.open("ab") as file:
                    file.write(lines)
        except OSError:
            return SpanExportResult.FAILURE
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        """Nothing is kept open."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        del timeout_millis
        return True


def span_document(span: ReadableSpan) -> dict[str, object]:
    """One span as plain JSON values; times are nanoseconds since 1970 UTC, ids lower-case hex."""
    return {
        "name": span.name,
        "kind": span.kind.name.lower(),
        "service": span.resource.attributes.get("service.name"),
        "trace_id": format_trace_id(span.context.trace_id),
        "span_id": format_span_id(span.context.span_id),
        "parent_id": format_span_id(span.parent.span_id) if span.parent else None,
        "links": [
            {"trace_id": format_trace_id(link.context.trace_id), "span_id": format_span_id(link.context.span_id)}
            for link in span.links
        ],
        "start_ns": span.start_time,
        "end_ns": span.end_time,
        "status": span.status.status_code.name.lower(),
        "attributes": dict(span.attributes or {}),
        "events": [event.name for event in span.events],
    }


def otlp_exporter() -> SpanExporter:
    """The OTLP exporter, which reads OTEL_EXPORTER_OTLP_*; raises RuntimeError with the cure when it is not there."""
    try:
        module = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ModuleNotFoundError as missing:
        raise RuntimeError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but opentelemetry-exporter-otlp-proto-http is not installed"
        ) from missing
    return cast(SpanExporter, module.OTLPSpanExporter())
