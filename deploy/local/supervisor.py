"""Owns the processes of a local run together: started in order, watched, restarted, stopped in reverse order."""

import dataclasses
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import psutil

from deploy.local import child, leftovers
from deploy.local.state import State

WATCH_S = 0.2
FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
STOP_ALL_S = 18.0
MARK = "CLOSEKNIT_SUPERVISED_IN"  # in the environment of every process of ours: the state folder it belongs to

Told = Callable[[str], None]


class Abandoned(Exception):
    """A part was not started, because another failed or the run is being stopped."""


@dataclass(frozen=True)
class Step:
    """Work between two starts (migrations, topics); it runs once, when what it comes after is ready."""

    name: str
    run: Callable[[], None]
    after: tuple[str, ...] = ()


@dataclass
class Watched:
    """A process and what the supervisor remembers of it."""

    running: child.Child
    started: float
    failures: int = 0
    again_at: float | None = None


@dataclass
class Supervisor:
    """Runs Specs and Steps; `told(sentence)` hears what happens."""

    state: State
    told: Told
    watched: dict[str, Watched] = field(default_factory=dict)
    stopping: threading.Event = field(default_factory=threading.Event)

    def bring_up(self, parts: Sequence[child.Spec | Step]) -> None:
        """Start every part as soon as what it comes after is ready (`parts` are in such an order).

        Raises what the first failing part raised (Abandoned when the run is being stopped); the caller stops the rest.
        """
        with ThreadPoolExecutor(max(1, len(parts))) as pool:
            begun: dict[str, Future[None]] = {}
            for part in parts:
                waits = [begun[name] for name in part.after if name in begun]
                begun[part.name] = pool.submit(self._bring, part, waits)
            errors = [error for one in begun.values() if (error := one.exception()) is not None]
        for error in sorted(errors, key=lambda error: isinstance(error, Abandoned)):
            raise error

    def _bring(self, part: child.Spec | Step, waits: Iterable[Future[None]]) -> None:
        if any(one.exception() is not None for one in waits) or self.stopping.is_set():
            raise Abandoned(f"{part.name} was not started")
        began = time.monotonic()
        if isinstance(part, Step):
            part.run()
        else:
            self._spawn(part).await_ready(self.stopping)
        self.told(f"{part.name}: ready after {time.monotonic() - began:.1f} s")

    def _spawn(self, spec: child.Spec) -> child.Child:
        marked = dataclasses.replace(spec, env={**spec.env, MARK: str(self.state.folder)})
        running = child.spawn(marked, self.state.log(spec.name))
        known = self.watched.get(spec.name)
        self.watched[spec.name] = Watched(running, time.monotonic(), known.failures if known else 0)
        return running

    def watch(self, tell: Callable[[], None], *, every_s: float) -> None:
        """Restart what ends, with growing pauses, until `stopping` is set; `tell` runs on changes and now and then."""
        told = time.monotonic()
        while not self.stopping.wait(WATCH_S):
            ended = [watched for watched in list(self.watched.values()) if not watched.running.alive()]
            revived = [watched for watched in ended if self._revive(watched)]
            if revived or time.monotonic() - told > every_s:
                tell()
                told = time.monotonic()

    def _revive(self, watched: Watched) -> bool:
        """Start an ended process again when its pause is over; say whether it was."""
        now = time.monotonic()
        if watched.again_at is None:
            watched.failures = 0 if now - watched.started > STEADY_S else watched.failures
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**watched.failures)
            watched.failures += 1
            watched.again_at = now + pause
            self.told(watched.running.story(f"{watched.running.ending()} and starts again in {pause:.1f} s"))
            return False
        if now < watched.again_at:
            return False
        watched.again_at, watched.started = None, now
        try:
            self._spawn(watched.running.spec)
        except (OSError, child.ChildFailed, child.PartMissing) as error:
            self.told(f"{watched.running.spec.name} could not be started again: {error}")
            return False
        return True

    def stop(self) -> None:
        """Stop everything, what depends on others first, within twenty seconds; by force what does not go."""
        self.stopping.set()
        deadline = time.monotonic() + STOP_ALL_S
        left = {name: watched.running for name, watched in self.watched.items()}
        while left:
            needed = {name for running in left.values() for name in running.spec.after}
            free = [running for name, running in left.items() if name not in needed] or list(left.values())
            for running in free:
                running.ask_to_stop()
            until = min(deadline, time.monotonic() + max(running.spec.stop_s for running in free))
            for running in free:
                running.await_end(until - time.monotonic())
                del left[running.spec.name]
        self.watched.clear()

    def kill(self) -> None:
        """End everything at once (a second Ctrl-C)."""
        self.stopping.set()
        for watched in list(self.watched.values()):
            watched.running.process.kill()


def obey_signals(supervisor: Supervisor) -> None:
    """From now on SIGINT and SIGTERM ask this process to stop in order, a second one to stop at once."""

    def heard(_number: int, _frame: object) -> None:
        if supervisor.stopping.is_set():
            supervisor.kill()
        supervisor.stopping.set()

    signal.signal(signal.SIGINT, heard)
    signal.signal(signal.SIGTERM, heard)


def left_running(state: State) -> list[psutil.Process]:
    """Return the processes of this folder, whoever watches them: one is ours when its environment says so."""
    return leftovers.find(lambda process: process.environ().get(MARK) == str(state.folder))


def end_leftovers(state: State) -> int:
    """End every process that an earlier supervisor of this folder left running; returns how many there were.

    Servers go last.
    """
    left = left_running(state)
    servers = [process for process in left if is_server(process)]
    leftovers.end([process for process in left if process not in servers])
    leftovers.end(servers, signal.SIGINT)
    return len(left)


def is_server(process: psutil.Process) -> bool:
    return process.name().startswith(("postgres", "java"))
