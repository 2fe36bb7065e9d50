"""The command `status`: what runs in this folder and how it is."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from deploy.local.state import State


def run(*, as_json: Annotated[bool, typer.Option("--json", help="Print facts for a program.")] = False) -> None:
    """Say what runs here; exit code 1 when nothing does, nobody watches over it, or a part is not healthy."""
    from deploy.closeknit import table
    from deploy.local import system
    from deploy.local.state import State

    state = State.here()
    facts = system.running(state)
    if as_json:
        typer.echo(json.dumps(facts, indent=1))
    elif facts is None:
        typer.echo(without_facts(state))
    else:
        table.processes(facts)
        if not facts["supervised"]:
            typer.echo(unwatched(len(facts["processes"])))
    if facts is None or not facts["supervised"] or not all(one["healthy"] for one in facts["processes"]):
        raise typer.Exit(1)


def without_facts(state: "State") -> str:
    """Return the sentence for a folder whose system has not come up, has gone, or has left something behind."""
    from deploy.local.supervisor import left_running

    if holder := state.holder():
        return f"Closeknit is starting or stopping here (process {holder}); `closeknit down` stops it"
    if left := left_running(state):
        return unwatched(len(left))
    return "nothing runs here; `closeknit up` starts it"


def unwatched(count: int) -> str:
    """Return the sentence for what runs on without a supervisor, with the cure."""
    ended = f"The supervisor of this folder has ended, and {count} of its processes run on: nothing restarts them."
    return f"{ended} `closeknit up` ends them and starts anew, `closeknit down` ends them."
