"""Owns tracing of one process: which spans are kept, how they link across Kafka, and where they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, cast

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    Span,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceState,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import Attributes

from services.runtime.telemetry.export import AllowListed, JsonLines, otlp_exporter
from services.runtime.telemetry.names import ATTRIBUTES, AttributeName, SpanKindName, SpanName

_W3C: Final = TraceContextTextMapPropagator()
_KINDS: Final[dict[SpanKindName, SpanKind]] = {
    "internal": SpanKind.INTERNAL,
    "server": SpanKind.SERVER,
    "client": SpanKind.CLIENT,
    "producer": SpanKind.PRODUCER,
    "consumer": SpanKind.CONSUMER,
}
_MAX_LINKS: Final = 128
_TRACEPARENT_LENGTH: Final = 55

AttributeValue = str | bool | int | float


class FollowLinks(Sampler):
    """Root decision: a span that links to others is kept when one of them was, any other by trace id ratio.

    So one trace can be followed from the request over Kafka to the row although no span is a parent across it.
    """

    def __init__(self, ratio: float) -> None:
        self._ratio = TraceIdRatioBased(ratio)

    def should_sample(  # noqa: PLR0917 - the SDK's signature
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        if not links:
            return self._ratio.should_sample(parent_context, trace_id, name, kind, attributes, links)
        kept = any(link.context.trace_flags.sampled for link in links)
        return SamplingResult(Decision.RECORD_AND_SAMPLE if kept else Decision.DROP, attributes, trace_state)

    def get_description(self) -> str:
        return f"FollowLinks{{{self._ratio.get_description()}}}"


def span_context(traceparent: str | None) -> SpanContext | None:
    """The span that a W3C traceparent names, or None when there is none or it is malformed."""
    if not traceparent:
        return None
    context = get_current_span(_W3C.extract({"traceparent": traceparent}, Context())).get_span_context()
    return context if context.is_valid else None


def is_sampled(traceparent: str | None) -> bool:
    """Whether the span that a traceparent names is kept: one comparison, for loops that must not pay for more."""
    return traceparent is not None and len(traceparent) == _TRACEPARENT_LENGTH and traceparent[-1] in "13579bdf"


def current_traceparent() -> str | None:
    """W3C traceparent of the current span, to be stored with what it causes; None outside of any span."""
    return traceparent_of(get_current_span())


def traceparent_of(span: Span) -> str | None:
    """W3C traceparent of one span, whether it is kept or not; None when tracing is off."""
    context = span.get_span_context()
    if not context.is_valid:
        return None
    return f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}"


class Spans:
    """Makes the spans of one process. Exceptions pass through; only their type is kept, never message or locals."""

    def __init__(
        self, service: str, ratio: float, exporters: Sequence[SpanExporter], *, ids: IdGenerator | None = None
    ) -> None:
        resource = Resource({"service.name": service, "service.namespace": "closeknit"})
        self._provider = TracerProvider(sampler=ParentBased(FollowLinks(ratio)), resource=resource, id_generator=ids)
        for exporter in exporters:
            self._provider.add_span_processor(BatchSpanProcessor(AllowListed(exporter, ATTRIBUTES)))
        self._tracer = self._provider.get_tracer("closeknit")

    @contextmanager
    def span(
        self,
        name: SpanName,
        target: str = "",
        *,
        kind: SpanKindName = "internal",
        attributes: Mapping[AttributeName, AttributeValue] | None = None,
        links: Sequence[str | None] = (),
        parent: str | None = None,
    ) -> Iterator[Span]:
        """A span named "<name> <target>", current inside the block.

        `links` are stored traceparents (across Kafka and the event store: never parents, a replay would extend old
        traces); `parent` is a traceparent that came with a request. With links the span is the root of a new trace.
        """
        found = [context for context in map(span_context, links[:_MAX_LINKS]) if context is not None]
        context = Context() if found else None
        if (above := span_context(parent)) is not None:
            context = set_span_in_context(NonRecordingSpan(above))
        with self._tracer.start_as_current_span(
            f"{name} {target}" if target else name,
            context=context,
            kind=_KINDS[kind],
            attributes=cast("Attributes", attributes),
            links=[Link(context) for context in found],
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            try:
                yield span
            except BaseException as error:
                span.set_attribute("error.type", type(error).__qualname__)
                span.set_status(Status(StatusCode.ERROR))
                raise

    def flush(self) -> None:
        """Gives finished spans to the exporters now (tests, shutdown)."""
        self._provider.force_flush()

    def close(self) -> None:
        """Flushes and stops the exporters' threads; spans made later are dropped."""
        self._provider.shutdown()


def exporters(service: str, folder: Path | None, otlp: bool) -> list[SpanExporter]:
    """Exporters asked for: JSON lines when a folder is given, OTLP when an endpoint is configured."""
    made: list[SpanExporter] = []
    if folder is not None:
        made.append(JsonLines(folder, service))
    if otlp:
        made.append(otlp_exporter())
    return made
