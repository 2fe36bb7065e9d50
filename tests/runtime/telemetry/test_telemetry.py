"""Telemetry can be followed across Kafka and cannot carry what nobody allowed."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import redirect_stderr, suppress
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

import pytest

from services.runtime.settings import RuntimeSettings
from services.runtime.telemetry import Telemetry, current_traceparent, describe, is_sampled, traceparent_of
from services.runtime.telemetry.export import JsonLines
from services.runtime.telemetry.logs import capture_libraries, make_log
from services.runtime.telemetry.names import INSTRUMENTS
from services.runtime.telemetry.spans import span_context

CANARY = "Testa Sample"


@pytest.fixture(autouse=True)
def library_logging() -> Iterator[None]:
    """Puts the root logger back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture
def full_disk() -> TextIO:
    """A device to which nothing can be written; its test closes it."""
    return open("/dev/full", "w", encoding="utf-8")  # noqa: PTH123, SIM115


def started(folder: Path, ratio: float = 1.0) -> Telemetry:
    return Telemetry.start("svc", RuntimeSettings(environment="development", telemetry=folder, trace_ratio=ratio))


def written(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


def test_a_span_links_to_a_stored_traceparent_and_is_no_child(tmp_path: Path) -> None:
    telemetry = started(tmp_path)
    with telemetry.spans.span("request", "POST /v1/things", kind="server"):
        stored = current_traceparent()
    with telemetry.spans.span("send", "topic", kind="producer", links=[stored, None, "no traceparent"]):
        pass
    telemetry.close()
    request, send = written(tmp_path)
    assert (request["name"], send["name"]) == ("request POST /v1/things", "send topic")
    assert send["links"] == [{"trace_id": request["trace_id"], "span_id": request["span_id"]}]
    assert send["trace_id"] != request["trace_id"]
    assert send["parent_id"] is None


def test_a_linked_span_has_no_parent_even_inside_another(tmp_path: Path) -> None:
    telemetry = started(tmp_path)
    with telemetry.spans.span("request"):
        stored = current_traceparent()
    with telemetry.spans.span("poll"), telemetry.spans.span("process", links=[stored]):
        pass
    telemetry.close()
    assert [each["parent_id"] for each in written(tmp_path) if each["name"] == "process"] == [None]


def test_a_request_goes_on_with_the_trace_of_its_caller(tmp_path: Path) -> None:
    telemetry = started(tmp_path, ratio=0.0)
    parent = f"00-{uuid4().hex}-00f067aa0ba902b7-01"
    with telemetry.spans.span("request", parent=parent):
        assert is_sampled(current_traceparent())
    telemetry.close()
    [span] = written(tmp_path)
    assert (span["trace_id"], span["parent_id"]) == (parent[3:35], parent[36:52])


def test_what_is_kept_follows_the_links(tmp_path: Path) -> None:
    telemetry = started(tmp_path, ratio=0.0)
    kept, left = f"00-{uuid4().hex}-00f067aa0ba902b7-01", f"00-{uuid4().hex}-00f067aa0ba902b7-00"
    for links in ([left], [kept], [left, kept]):
        with telemetry.spans.span("process", links=links):
            pass
    with telemetry.spans.span("request") as span:
        assert not is_sampled(traceparent_of(span))
    telemetry.close()
    assert len(written(tmp_path)) == 2


@pytest.mark.parametrize(
    "text", ["", "00-zz", f"00-{'0' * 32}-{'0' * 16}-01", f"ff-{'4bf92f35' * 4}-00f067aa0ba902b7-01"]
)
def test_a_malformed_traceparent_is_none(text: str) -> None:
    assert span_context(text) is None


def test_attributes_events_and_errors_are_stripped(tmp_path: Path) -> None:
    telemetry = started(tmp_path)

    def fail() -> None:
        with telemetry.spans.span("command", "send") as span:
            span.set_attribute("client.name", CANARY)
            span.set_attribute("http.route", "/v1/things")
            span.add_event("tried", {"name": CANARY})
            raise ValueError(CANARY)

    with pytest.raises(ValueError, match=CANARY):
        fail()
    telemetry.close()
    [found] = written(tmp_path)
    assert found["attributes"] == {"http.route": "/v1/things", "error.type": "ValueError"}
    assert (found["status"], found["events"]) == ("error", ["tried"])
    assert CANARY not in json.dumps(found)


def test_span_files_are_private_and_turned_over(tmp_path: Path) -> None:
    folder = tmp_path / "spans"
    telemetry = started(folder)
    with telemetry.spans.span("poll"):
        pass
    telemetry.spans.flush()
    assert folder.stat().st_mode & 0o077 == 0
    small = JsonLines(folder, "svc", rotate_bytes=1)
    small.export([])
    assert small.path.with_suffix(".jsonl.1").exists()
    telemetry.close()


def test_otlp_without_its_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:4318")
    with pytest.raises(RuntimeError, match="opentelemetry-exporter-otlp-proto-http"):
        Telemetry.start("svc", RuntimeSettings(environment="development"))


def test_a_log_line_has_allowed_keys_only() -> None:
    stream = io.StringIO()
    log = make_log("svc", "info", frozenset({"measure"}), stream)
    log.info("record parked", topic="t", offset=3, measure="m", name=CANARY)
    log.debug("not said")
    said = json.loads(stream.getvalue())
    assert {key: said[key] for key in ("service", "level", "event", "topic", "offset", "measure", "dropped")} == {
        "service": "svc",
        "level": "info",
        "event": "record parked",
        "topic": "t",
        "offset": 3,
        "measure": "m",
        "dropped": 1,
    }
    assert CANARY not in stream.getvalue()


def test_a_sentence_with_a_value_in_it_is_not_said() -> None:
    stream = io.StringIO()
    make_log("svc", "info", stream=stream).info(f"saved {CANARY}")
    assert json.loads(stream.getvalue())["event"] == "unnamed"


def test_an_error_is_a_type_and_a_place() -> None:
    try:
        raise LookupError(CANARY)
    except LookupError as error:
        said = describe(error)
    assert said["error"] == "LookupError"
    assert said["where"].startswith("telemetry/test_telemetry.py:")
    assert CANARY not in json.dumps(said)


def test_a_line_goes_to_what_is_stderr_then() -> None:
    with redirect_stderr(before := io.StringIO()):
        log = make_log("svc", "info")
    before.close()
    with redirect_stderr(now := io.StringIO()):
        log.info("second")
    assert json.loads(now.getvalue())["event"] == "second"


def test_a_line_that_cannot_be_written_is_lost_and_nothing_else(full_disk: TextIO) -> None:
    with pytest.raises(OSError, match="No space left"):
        print("a line", file=full_disk, flush=True)
    capture_libraries(log := make_log("svc", "info", stream=full_disk), "info")
    log.error("record parked", topic="t")
    logging.getLogger("some.library").error("cannot go on")
    with suppress(OSError):
        full_disk.close()
    log.info("said to a closed file")


def test_libraries_speak_by_place() -> None:
    stream = io.StringIO()
    capture_libraries(make_log("svc", "info", stream=stream), "info")
    try:
        raise LookupError(CANARY)
    except LookupError:
        logging.getLogger("some.library").exception("cannot find %s", CANARY)
    logging.getLogger("some.library").info("chatter")
    [said] = map(json.loads, stream.getvalue().splitlines())
    assert (said["event"], said["logger"], said["error"]) == ("library", "some.library", "LookupError")
    assert CANARY not in stream.getvalue()


def test_metrics_are_text_without_what_is_not_allowed() -> None:
    telemetry = Telemetry.off()
    telemetry.metrics.count("closeknit.worker.parked", 2, {"messaging.destination.name": "t"})
    telemetry.metrics.count("closeknit.worker.parked", 1, {"client": CANARY})  # type: ignore[dict-item]
    telemetry.metrics.level("closeknit.worker.lag", 7)
    telemetry.metrics.record("messaging.process.duration", 0.02)
    text = telemetry.metrics.exposition().decode()
    assert 'closeknit_worker_parked_total{messaging_destination_name="t"} 2.0' in text
    assert 'closeknit_worker_parked_total{messaging_destination_name=""} 1.0' in text
    assert "closeknit_worker_lag 7.0" in text
    assert 'messaging_process_duration_seconds_bucket{le="0.025"} 1.0' in text
    assert CANARY not in text


def test_every_metric_says_what_it_is() -> None:
    assert all(told.description.endswith(".") and told.unit for told in INSTRUMENTS.values())
