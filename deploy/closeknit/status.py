"""The command `status`: what runs in this folder and how it is."""

import json
from typing import Annotated

import typer


def run(*, as_json: Annotated[bool, typer.Option("--json", help="Print facts for a program.")] = False) -> None:
    """Say what runs here; exit code 1 when nothing does or a part is not healthy."""
    from deploy.closeknit import table
    from deploy.local import system
    from deploy.local.state import State

    facts = system.running(State.here())
    if facts is None:
        typer.echo(json.dumps(None) if as_json else "nothing runs here; `closeknit up` starts it")
        raise typer.Exit(1)
    if as_json:
        typer.echo(json.dumps(facts, indent=1))
    else:
        table.processes(facts)
    if not all(one["healthy"] for one in facts["processes"]):
        raise typer.Exit(1)
