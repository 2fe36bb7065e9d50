"""Owns the metrics of one process: instruments by name, attributes by allow-list, text for a scraper."""

from __future__ import annotations

from typing import Final, cast

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import Counter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.view import View
from opentelemetry.sdk.resources import Resource
from opentelemetry.util.types import Attributes
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from services.runtime.telemetry.histograms import Histograms, MetricAttributes
from services.runtime.telemetry.names import ATTRIBUTES, INSTRUMENTS, MetricName

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4


class Metrics:
    """Counts and durations of one process; a name outside `MetricName` is a type error."""

    def __init__(self, service: str) -> None:
        self._registry = CollectorRegistry()
        allowed = set(ATTRIBUTES)
        views = [View(instrument_name=name, attribute_keys=allowed) for name in INSTRUMENTS]
        self._histograms = Histograms()
        self._registry.register(self._histograms)
        self._provider = MeterProvider(
            [PrometheusMetricReader(registry=self._registry, scope_info_enabled=False)],
            resource=Resource({"service.name": service, "service.namespace": "closeknit"}),
            views=views,
            shutdown_on_exit=False,
        )
        meter = self._provider.get_meter("closeknit")
        self._counters: dict[MetricName, Counter] = {}
        self._gauges = {
            name: meter.create_gauge(name, told.unit, told.description)
            for name, told in INSTRUMENTS.items()
            if told.kind == "gauge"
        }
        for name, told in INSTRUMENTS.items():
            if told.kind == "counter":
                self._counters[name] = meter.create_counter(name, told.unit, told.description)

    def count(self, name: MetricName, amount: int = 1, attributes: MetricAttributes | None = None) -> None:
        """Adds to a counter."""
        self._counters[name].add(amount, cast("Attributes", attributes))

    def record(self, name: MetricName, value: float, attributes: MetricAttributes | None = None) -> None:
        """Adds one observation to a histogram; durations are seconds."""
        self._histograms.observe(name, value, attributes)

    def level(self, name: MetricName, value: float, attributes: MetricAttributes | None = None) -> None:
        """Sets a gauge."""
        self._gauges[name].set(value, cast("Attributes", attributes))

    def exposition(self) -> bytes:
        """All metrics in the Prometheus text format, for GET /metrics (never through the gateway)."""
        return generate_latest(self._registry)

    def close(self) -> None:
        """Stops the reader."""
        self._provider.shutdown()
