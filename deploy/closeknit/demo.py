"""The command `demo`: the whole system with two practice initiatives, seeded and moving."""

from enum import StrEnum
from typing import Annotated

import typer


class Size(StrEnum):
    """How much history is made up; `county` is loaded behind the printed table."""

    SMALL = "small"
    COUNTY = "county"


def run(
    *,
    fresh: Annotated[bool, typer.Option("--fresh", help="Begin anew: the data of earlier runs is removed.")] = False,
    size: Annotated[Size, typer.Option(help="How much history is made up.")] = Size.SMALL,
    exit_when_ready: Annotated[
        bool, typer.Option("--exit-when-ready", help="Print the table, stop everything and exit.")
    ] = False,
) -> None:
    """Bring everything up, seed both initiatives, print where it is and who may sign in, and stay until Ctrl-C."""
    from deploy.closeknit import table
    from deploy.closeknit.voice import voice
    from deploy.local import practice, system
    from deploy.local.state import State

    state = State.here()
    with voice() as told, system.up(state, told, fresh=fresh) as running:
        kept = practice.size_of(running)
        if kept not in {None, size.value}:
            told.say(f"this system holds the {kept} history; --fresh begins anew")
        if kept is None and size is Size.SMALL:
            practice.plant(running, size.value, told)
            kept = size.value
        table.show(state)
        if exit_when_ready:
            return
        if kept is None:
            practice.plant_behind(running, size.value, told)
        else:
            running.add([practice.trickle(running)])
        running.stay()
        told.say("stopping")
