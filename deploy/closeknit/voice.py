"""Owns how a command tells of long work: bars on a terminal, plain lines elsewhere."""

import sys
import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

QUIET_S = 2.0


class PlainVoice:
    """One line a sentence, with the seconds since the start; of a count a line every two seconds and the last."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._counted: dict[str, float] = {}
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def say(self, sentence: str) -> None:
        with self._guard:
            sys.stderr.write(f"[{time.monotonic() - self._began:6.1f} s] {sentence}\n")
            sys.stderr.flush()

    def count(self, label: str, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._counted.setdefault(label, now) < QUIET_S:
            return  # too soon, or done before anybody could wonder
        self._counted[label] = now
        self.say(f"{label}: {done} of {total}")


class TerminalVoice:
    """Sentences above, a bar for each count below."""

    def __init__(self) -> None:
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
        self._progress = Progress(*columns, console=Console(stderr=True), transient=True)
        self._tasks: dict[str, TaskID] = {}
        self._guard = threading.Lock()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def say(self, sentence: str) -> None:
        self._progress.console.print(sentence, highlight=False, markup=False)

    def count(self, label: str, done: int, total: int) -> None:
        with self._guard:
            if label not in self._tasks:
                self._tasks[label] = self._progress.add_task(label, total=total)
            self._progress.update(self._tasks[label], completed=done, total=total)
            if done >= total:
                self._progress.remove_task(self._tasks.pop(label))


def voice() -> PlainVoice | TerminalVoice:
    """Return the voice that fits where stderr goes."""
    return TerminalVoice() if sys.stderr.isatty() else PlainVoice()
