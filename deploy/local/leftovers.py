"""Owns the end of processes that a killed run left behind."""

import contextlib
import signal
import time
from collections.abc import Callable, Iterable

import psutil

POLL_S = 0.05


def find(ours: Callable[[psutil.Process], bool]) -> list[psutil.Process]:
    """Return the running processes that `ours` claims; one that may not be looked at is never ours."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if runs(process) and ours(process):
                found.append(process)
    return found


def runs(process: psutil.Process) -> bool:
    """Say whether the process still does anything: one that only waits to be collected does not."""
    with contextlib.suppress(psutil.Error):
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    return False


def end(processes: Iterable[psutil.Process], first: signal.Signals = signal.SIGTERM, within_s: float = 10.0) -> None:
    """Send `first` to all of them, wait, then SIGKILL those that are still there."""
    left = list(processes)
    for number, seconds in ((first, within_s), (signal.SIGKILL, within_s)):
        for process in left:
            with contextlib.suppress(psutil.Error):
                process.send_signal(number)
        deadline = time.monotonic() + seconds
        while left and time.monotonic() < deadline:
            left = [process for process in left if runs(process)]
            time.sleep(POLL_S)
        if not left:
            return
