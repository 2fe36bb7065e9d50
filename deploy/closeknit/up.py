"""The command `up`: the whole system on this machine, without the seed."""

import subprocess
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from deploy.local.state import State


def run(
    *, detach: Annotated[bool, typer.Option("--detach", help="Come back when it is ready; `down` stops it.")] = False
) -> None:
    """Bring up PostgreSQL, Kafka and every service, and stay until Ctrl-C or SIGTERM."""
    from deploy.closeknit import table
    from deploy.closeknit.voice import voice
    from deploy.local import system
    from deploy.local.state import State

    state = State.here()
    if detach:
        start_detached(state)
        table.show(state)
        return
    with voice() as told, system.up(state, told) as running:
        table.show(state)
        running.stay()
        told.say("stopping")


def start_detached(state: "State") -> None:
    """Start a supervisor in a session of its own and return when the system is up; its last words are shown if not."""
    from deploy.local import child
    from deploy.local.state import AlreadyRunning

    if state.holder() is not None:
        raise AlreadyRunning(state.where())
    state.forget("run.json")
    log = state.log("supervisor")
    with log.open("ab") as out:
        begins = out.tell()
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.closeknit.main", "up"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    while state.read("run.json") is None:
        if process.poll() is not None:
            raise child.ChildFailed("\n".join(["the system did not come up:", *child.last_lines(log, begins)]))
        time.sleep(child.POLL_S)
