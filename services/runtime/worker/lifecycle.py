"""How a process without HTTP lives: it stops on a signal between two batches and leaves a heartbeat for others."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Literal

import orjson

State = Literal["starting", "working", "waiting"]


@dataclass(frozen=True)
class Heartbeat:
    """What a process last said of itself: `at` in seconds since 1970, `lag` in records (None = not known yet)."""

    pid: int
    at: float
    state: State
    lag: int | None

    def fresh(self, now: float, within: float = 15.0) -> bool:
        """True when the process was alive and had what it needs less than `within` seconds ago."""
        return self.state == "working" and now - self.at < within


def read_heartbeat(path: Path) -> Heartbeat | None:
    """The heartbeat in a file; None when there is none or it cannot be read."""
    try:
        found = orjson.loads(path.read_bytes())
        return Heartbeat(int(found["pid"]), float(found["at"]), found["state"], found["lag"])
    except (OSError, orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return None


class Lifecycle:
    """The stop flag and heartbeat of one process."""

    def __init__(self, heartbeat: Path | None = None, every: float = 1.0) -> None:
        self._path = heartbeat
        self._every = every
        self._last: tuple[float, State] | None = None
        self._stop = threading.Event()

    @property
    def stopping(self) -> bool:
        """True once a stop was asked for; a loop looks between two batches."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Asks for a stop; may be called from any thread or signal."""
        self._stop.set()

    def pause(self, seconds: float) -> None:
        """Waits, but not longer than until a stop is asked for."""
        self._stop.wait(seconds)

    def beat(self, state: State, lag: int | None = None) -> None:
        """Says that the process lives: at most once in `every` seconds unless its state changed."""
        now = time.time()
        if self._path is None or (self._last and self._last[1] == state and now - self._last[0] < self._every):
            return
        self._last = (now, state)
        new = self._path.with_suffix(f".{os.getpid()}")
        new.write_bytes(orjson.dumps(asdict(Heartbeat(os.getpid(), now, state, lag))))
        new.replace(self._path)

    @contextmanager
    def signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT ask for a stop inside the block (main thread only; elsewhere `stop` has to be called)."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def ask(number: int, frame: FrameType | None) -> None:
            del number, frame
            self._stop.set()

        before = {each: signal.signal(each, ask) for each in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)
