"""Owns one process that we start: its log, its readiness, its end."""

import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

POLL_S = 0.05
LAST_LINES = 15
LONGEST_TAIL = 64 * 1024


class PartMissing(Exception):
    """A part that the system needs is not there; the sentence names it and the cure (exit code 3)."""


class ChildFailed(Exception):
    """A process ended or did not become ready; carries the last lines of its log."""


@dataclass(frozen=True)
class Spec:
    """What a process is: command, environment (the whole of it), and how one knows that it is ready.

    `prepare` runs before each start (data folders, left-overs), `after` names what must be ready first,
    `run_as` is a numeric user and group for a server that refuses to be root.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str]
    ready: Callable[[], bool]
    after: tuple[str, ...] = ()
    prepare: Callable[[], None] | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    run_as: int | None = None
    ready_s: float = 60.0
    stop_s: float = 10.0


@dataclass
class Child:
    """A started process of a Spec. `begins` is where its own lines begin in a log that keeps those of earlier runs."""

    spec: Spec
    log: Path
    process: subprocess.Popen[bytes] = field(repr=False)
    begins: int = 0

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        return self.process.poll() is None

    def await_ready(self, unless: threading.Event | None = None) -> None:
        """Return when the process is ready; ChildFailed when it ends first, takes too long, or `unless` is set."""
        deadline = time.monotonic() + self.spec.ready_s
        unless = unless or threading.Event()
        while not self.spec.ready():
            if not self.alive():
                raise ChildFailed(self.story(f"{self.ending()} before it was ready"))
            if time.monotonic() > deadline:
                raise ChildFailed(self.story(f"was not ready after {self.spec.ready_s:.0f} s"))
            if unless.wait(POLL_S):
                raise ChildFailed(f"{self.spec.name} was stopped before it was ready")

    def stop(self) -> None:
        """End the process by its own signal, and by force when it does not go within its time."""
        self.ask_to_stop()
        self.await_end(self.spec.stop_s)

    def ask_to_stop(self) -> None:
        if self.alive():
            self.process.send_signal(self.spec.stop_signal)

    def await_end(self, seconds: float) -> None:
        try:
            self.process.wait(max(0.0, seconds))
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """SIGKILL, for tests of crashes and for processes that will not go."""
        self.process.kill()
        self.process.wait()

    def ending(self) -> str:
        """Say how an ended process ended."""
        code = self.process.returncode
        return (
            f"was ended by {signal.Signals(-code).name}" if code is not None and code < 0 else f"ended with code {code}"
        )

    def story(self, what: str) -> str:
        """Return one sentence about this process and the last lines that it wrote itself."""
        lines = "\n".join(f"    {line}" for line in last_lines(self.log, self.begins))
        ends = f", which ends:\n{lines}" if lines else ", into which it wrote nothing"
        return f"{self.spec.name} {what}; its log is {self.log}{ends}"


def spawn(spec: Spec, log: Path) -> Child:
    """Prepare and start a process, its output appended to `log`, in a session of its own (no Ctrl-C reaches it)."""
    if spec.prepare is not None:
        spec.prepare()
    log.parent.mkdir(parents=True, exist_ok=True)
    groups = None if spec.run_as is None else [spec.run_as]
    with log.open("ab") as out:
        begins = out.tell()
        process = subprocess.Popen(
            spec.command,
            env=dict(spec.env),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=None if spec.run_as is None else "/",
            start_new_session=True,
            user=spec.run_as,
            group=spec.run_as,
            extra_groups=groups,
        )
    return Child(spec, log, process, begins)


def start(spec: Spec, log: Path) -> Child:
    """Start a process and return it when it is ready; ChildFailed otherwise, with nothing left running."""
    child = spawn(spec, log)
    try:
        child.await_ready()
    except BaseException:
        child.kill()
        raise
    return child


def last_lines(log: Path, begins: int = 0, count: int = LAST_LINES) -> list[str]:
    """Return the last lines of a log, none from before the place where a run `begins` in it."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(max(begins, log.stat().st_size - LONGEST_TAIL))
        return file.read().decode(errors="replace").splitlines()[-count:]
