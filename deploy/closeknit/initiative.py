"""The commands `initiative check|new|diff`: an initiative's folder looked over, begun, and held beside another."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="An initiative's configuration: a folder of four files, no code.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print facts for a program.")]
FAILED = 1


def root() -> Path:
    """The folder of initiatives: what the settings name, else the one that comes with the code."""
    from deploy.topics import INITIATIVES

    return Path(os.environ.get("CLOSEKNIT_INITIATIVES") or INITIATIVES)


def folder_of(named: str) -> Path:
    """The folder of an initiative, by its path or its slug. Raises typer.BadParameter."""
    from contracts.initiative.files import MAIN

    for folder in (Path(named), root() / named):
        if (folder / MAIN).is_file():
            return folder
    raise typer.BadParameter(f"{named}: no folder with {MAIN}, and no initiative of that name in {root()}")


@app.command()
def check(
    folder: Annotated[
        Path | None, typer.Argument(help="An initiative's folder, or a folder of them; default: those of this system.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong in an initiative's files, by file and field; 1 where anything is."""
    from deploy.closeknit.initiative_check import checked

    where = folder or root()
    if not where.is_dir():
        raise typer.BadParameter(f"{where} is no folder")
    initiatives, wrong = checked(where)
    for line in wrong:
        typer.echo(line, err=True)
    if as_json:
        typer.echo(json.dumps([each.facts for each in initiatives], indent=1))
    else:
        for each in initiatives:
            typer.echo(each.line)
    if wrong or not initiatives:
        typer.echo(f"{len(wrong)} wrong" if wrong else f"{where} holds no initiative", err=True)
        raise typer.Exit(FAILED)
