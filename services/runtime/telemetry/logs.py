"""Owns log lines: JSON on stderr with allow-listed keys only, never a message, an argument or a local of an error."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final, Protocol, TextIO, cast

import orjson
import structlog
from opentelemetry.trace import get_current_span
from opentelemetry.trace.span import format_span_id, format_trace_id

from services.runtime.telemetry.names import LOG_KEYS

_EVENT: Final = re.compile(r"[a-z0-9][a-z0-9 ._-]{0,79}")
_MAX_TEXT: Final = 160


class Log(Protocol):
    """What a process may say: a fixed lower-case sentence and allow-listed keys; any other key is dropped, counted."""

    def debug(self, event: str, **keys: object) -> None: ...
    def info(self, event: str, **keys: object) -> None: ...
    def warning(self, event: str, **keys: object) -> None: ...
    def error(self, event: str, **keys: object) -> None: ...


def describe(error: BaseException) -> dict[str, str]:
    """What may be said of an error: its type, the line that raised it and an SQLSTATE; never its text."""
    said = {"error": type(error).__qualname__}
    if frames := traceback.extract_tb(error.__traceback__):
        said["where"] = f"{_module(frames[-1].filename)}:{frames[-1].lineno}"
    if isinstance(state := getattr(error, "sqlstate", None), str):
        said["sqlstate"] = state
    return said


def make_log(service: str, level: str, extra: frozenset[str] = frozenset(), stream: TextIO | None = None) -> Log:
    """A log of its own for one process, on `stream` or what is stderr then; it touches no global configuration."""
    allowed = LOG_KEYS | extra

    def render(_: object, method: str, keys: MutableMapping[str, Any]) -> str:
        return _line(service, method, keys, allowed)

    return cast(
        Log,
        structlog.wrap_logger(
            _Written(stream),
            processors=[render],
            wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
            cache_logger_on_first_use=True,
        ),
    )


def capture_libraries(log: Log, level: str) -> None:
    """Sends the standard library's logging (Kafka client, uvicorn, psycopg) through `log`, by place instead of text.

    Libraries write values into their messages, so only the logger, the line and the error's type are kept.
    """
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, _ByPlace)]:
        root.removeHandler(handler)
    root.addHandler(_ByPlace(log))
    root.setLevel(max(logging.getLevelNamesMapping()[level.upper()], logging.WARNING))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = name != "uvicorn.access"


class _Written:
    """Where lines end: one that cannot be written (a full disk, a closed pipe) is lost, and nothing else."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._lock = Lock()

    def info(self, line: str) -> None:
        with self._lock, suppress(OSError, ValueError):  # a closed file is a ValueError
            print(line, file=self._stream or sys.stderr, flush=True)

    debug = warning = error = info


class _ByPlace(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        keys: dict[str, object] = {"logger": record.name, "where": f"{record.module}:{record.lineno}"}
        if record.exc_info and record.exc_info[1] is not None:
            keys |= describe(record.exc_info[1])
        say = self._log.error if record.levelno >= logging.ERROR else self._log.warning
        say("library", **keys)


def _line(service: str, level: str, keys: Mapping[str, Any], allowed: frozenset[str]) -> str:
    said: dict[str, object] = {"ts": datetime.now(UTC).isoformat(), "level": level, "service": service}
    said |= {key: _plain(value) for key, value in keys.items() if key in allowed and key not in said}
    if dropped := sum(key not in allowed for key in keys):
        said["dropped"] = dropped
    if not _EVENT.fullmatch(str(keys.get("event", ""))):
        said["event"] = "unnamed"  # a sentence with values in it is not a fixed one
    context = get_current_span().get_span_context()
    if context.is_valid:
        said |= {"trace_id": format_trace_id(context.trace_id), "span_id": format_span_id(context.span_id)}
    return orjson.dumps(said).decode()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)[:_MAX_TEXT]


def _module(filename: str) -> str:
    """A file as its last two parts, so that no path of the machine is told."""
    return "/".join(filename.replace("\\", "/").rsplit("/", 2)[-2:])
