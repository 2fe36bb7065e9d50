"""Owns waiting for something to become true, instead of sleeping."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(true: Callable[[], T], seconds: float = 20.0, every: float = 0.02) -> T:
    """Return what `true` gives as soon as it counts as true; AssertionError when it does not in time."""
    deadline = time.monotonic() + seconds
    pause = threading.Event()
    while not (found := true()):
        assert time.monotonic() < deadline, f"it did not become true within {seconds:.0f} s"
        pause.wait(every)
    return found
