"""A process stops on a signal, not in the middle of anything, and its heartbeat says how it is."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import pytest

from services.runtime.worker import Heartbeat, Lifecycle, read_heartbeat


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_asks_for_a_stop_and_handlers_come_back(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    lifecycle = Lifecycle()
    with lifecycle.signals():
        assert not lifecycle.stopping
        os.kill(os.getpid(), number)
        assert lifecycle.stopping
    assert signal.getsignal(number) is before


def test_outside_of_the_main_thread_only_stop_stops() -> None:
    lifecycle = Lifecycle()
    handlers: list[object] = []

    def work() -> None:
        with lifecycle.signals():
            handlers.append(signal.getsignal(signal.SIGTERM))
            lifecycle.pause(10)

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=work)
    thread.start()
    lifecycle.stop()
    thread.join(5)
    assert not thread.is_alive()
    assert handlers == [before]


def test_a_heartbeat_is_fresh_for_a_while_and_only_while_working(tmp_path: Path) -> None:
    path = tmp_path / "beat.json"
    assert read_heartbeat(path) is None
    lifecycle = Lifecycle(path)
    lifecycle.beat("waiting")
    found = read_heartbeat(path)
    assert found
    assert not found.fresh(time.time())
    lifecycle.beat("working", 12)
    found = read_heartbeat(path)
    assert found
    assert (found.pid, found.state, found.lag) == (os.getpid(), "working", 12)
    assert found.fresh(time.time())
    assert not found.fresh(time.time() + 60)
    assert list(tmp_path.iterdir()) == [path]


def test_the_same_state_is_not_said_all_the_time(tmp_path: Path) -> None:
    path = tmp_path / "beat.json"
    lifecycle = Lifecycle(path, every=60)
    lifecycle.beat("working", 1)
    lifecycle.beat("working", 2)
    found = read_heartbeat(path)
    assert isinstance(found, Heartbeat)
    assert found.lag == 1


@pytest.mark.parametrize("content", ["", "{}", "not json", '{"pid": null, "at": 1, "state": "working", "lag": 0}'])
def test_a_broken_heartbeat_is_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "beat.json"
    path.write_text(content)
    assert read_heartbeat(path) is None
