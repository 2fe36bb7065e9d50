"""Owns the whole system on one machine: brings it up, tells how it is, takes it down."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import psutil

from deploy.local import child, parts, ports, postgres
from deploy.local.settings import Ports, choose_ports, settings_of
from deploy.local.state import State
from deploy.local.supervisor import Step, Supervisor, end_leftovers, left_running, obey_signals
from services.runtime.worker import read_heartbeat

TELL_S = 5.0


class Voice(Protocol):
    """Who hears what happens: whole sentences, and how far long work has come."""

    def say(self, sentence: str) -> None: ...
    def count(self, label: str, done: int, total: int) -> None: ...


@dataclass
class System:
    """A system that is up: its settings and its supervisor."""

    state: State
    settings: dict[str, str]
    chosen: Ports
    supervisor: Supervisor

    def stay(self) -> None:
        """Watch until somebody asks to stop; keep run.json true meanwhile."""
        self.supervisor.watch(self.tell, every_s=TELL_S)

    def add(self, more: list[child.Spec | Step]) -> None:
        """Bring up further parts beside the others."""
        self.supervisor.bring_up(more)
        self.tell()

    def tell(self) -> None:
        """Write run.json: where everything is and how each process is."""
        self.state.write("run.json", facts(self.settings, self.pids(), self.state))

    def pids(self) -> dict[str, int]:
        return {name: watched.running.pid for name, watched in self.supervisor.watched.items()}

    def down(self) -> None:
        self.supervisor.stop()
        self.state.forget("run.json")
        self.chosen.release()


@contextlib.contextmanager
def up(state: State, voice: Voice, *, fresh: bool = False) -> Iterator[System]:
    """Bring the system up in a folder and hold it; whatever happens inside, it is stopped in order afterwards.

    Raises AlreadyRunning, child.ChildFailed (with the last lines of the log), child.PartMissing.
    """
    with state.held():
        if count := end_leftovers(state):
            voice.say(f"ended {count} processes that an earlier run had left")
        if fresh:
            state.clear()
        state.forget("run.json")
        chosen = choose_ports(os.environ, voice.say)
        home = postgres.settle(state.within("postgres"))
        known = settings_of(state, chosen, home, os.environ)
        state.write("settings.json", known)
        supervisor = Supervisor(state, voice.say)
        obey_signals(supervisor)
        system = System(state, known, chosen, supervisor)
        try:
            supervisor.bring_up(parts.parts(state, chosen, home, known, told_of_jars(voice)))
            system.tell()
            yield system
        finally:
            system.down()


def told_of_jars(voice: Voice) -> Callable[[int, int], None]:
    return lambda done, total: voice.count("Kafka's jars", done, total)


def facts(
    known: Mapping[str, str], pids: Mapping[str, int], state: State, *, supervised: bool = True
) -> dict[str, Any]:
    """Return what `closeknit status --json` says; `supervised`: a supervisor watches, and `down` would ask it."""
    return {
        "supervised": supervised,
        "gateway": known["CLOSEKNIT_PUBLIC_URL"],
        "kafka": known["CLOSEKNIT_KAFKA"],
        "postgres": {name: known[f"CLOSEKNIT_{name.upper()}_DSN"] for name in ("referrals", "identity", "measures")},
        "processes": [one_process(name, pid, known, state) for name, pid in pids.items()],
    }


def one_process(name: str, pid: int, known: Mapping[str, str], state: State) -> dict[str, Any]:
    """Return a process's facts; `lag` counts what a worker still has before it, null where that means nothing."""
    beat = read_heartbeat(state.heartbeat(name))
    try:
        rss: int | None = psutil.Process(pid).memory_info().rss
    except psutil.Error:
        rss = None
    return {
        "name": name,
        "pid": pid,
        "healthy": rss is not None and is_healthy(name, known, state),
        "rss_bytes": rss,
        "lag": beat.lag if beat is not None else None,
    }


def is_healthy(name: str, known: Mapping[str, str], state: State) -> bool:
    """Ask a part itself: HTTP health, a heartbeat, a connection; one without any of these is well while it runs."""
    match name:
        case "gateway":
            return parts.healthy("/health/live", int(known["CLOSEKNIT_GATEWAY_PORT"]))
        case "referrals" | "measures":
            return parts.healthy("/health/ready", int(known[f"CLOSEKNIT_{name.upper()}_PORT"]))
        case "issuer":
            return parts.healthy("/health/ready", port_of(known["CLOSEKNIT_ISSUER"]))
        case "kafka":
            return ports.accepts(port_of(known["CLOSEKNIT_KAFKA"]))
        case "postgres":
            return parts.connects(known["CLOSEKNIT_REFERRALS_DSN"])
        case "relay" | "timers" | "consume":
            return parts.beats(state.heartbeat(name))
        case _:
            return True


def port_of(address: str) -> int:
    return int(address.rsplit(":", 1)[1])


def running(state: State) -> dict[str, Any] | None:
    """Return the facts of what runs in this folder, asked anew; None when nothing does, or nothing is ready yet.

    Where the supervisor was killed, its processes run on without one.
    """
    told, known = state.read("run.json"), state.read("settings.json")
    if told is None or known is None:
        return None
    pids = {one["name"]: one["pid"] for one in told["processes"]}
    if state.holder() is not None:
        return facts(known, pids, state)
    left = {process.pid for process in left_running(state)}
    on = {name: pid for name, pid in pids.items() if pid in left}
    return facts(known, on, state, supervised=False) if on else None
