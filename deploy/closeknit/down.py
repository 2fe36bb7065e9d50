"""The command `down`: stops the system of this folder."""

import contextlib

LONGEST_S = 30.0


def run() -> None:
    """Stop the system that runs in this folder, in order; also what a killed supervisor left behind."""
    import psutil
    import typer

    from deploy.local import leftovers
    from deploy.local.state import State
    from deploy.local.supervisor import end_leftovers

    state = State.here()
    holder = state.holder()
    if holder is not None:
        with contextlib.suppress(psutil.NoSuchProcess):
            leftovers.end([psutil.Process(holder)], within_s=LONGEST_S)
    with state.held():
        left = end_leftovers(state)
        state.forget("run.json")
    if holder is not None:
        typer.echo("stopped")
    elif left:
        typer.echo(f"ended {left} processes that an earlier run had left")
    else:
        typer.echo("nothing runs here")
