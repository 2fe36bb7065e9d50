"""The commands `initiative check|new|diff`: an initiative's folder looked over, begun, and held beside another."""

import json
import os
import re
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="An initiative's configuration: a folder of four files, no code.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print facts for a program.")]
FAILED = 1
SLUG = r"(?=.{1,30}$)[a-z0-9]+(-[a-z0-9]+)*"


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
    from deploy.closeknit.initiative_check import as_facts, checked

    where = folder or root()
    if not where.is_dir():
        raise typer.BadParameter(f"{where} is no folder")
    initiatives, wrong = checked(where)
    if as_json:
        facts = [*(each.facts for each in initiatives), *map(as_facts, wrong)]
        typer.echo(json.dumps(facts, indent=1, ensure_ascii=False))
    else:
        for line in wrong:
            typer.echo(line, err=True)
        for each in initiatives:
            typer.echo(each.line)
    if wrong or not initiatives:
        typer.echo(f"{len(wrong)} wrong" if wrong else f"{where} holds no initiative", err=True)
        raise typer.Exit(FAILED)


@app.command()
def new(
    slug: Annotated[str, typer.Argument(help="What the folder is called: small letters, digits, hyphens.")],
    *,
    name: Annotated[str, typer.Option(help="What the initiative is called.")],
    place: Annotated[str, typer.Option(help="Where it is: county and state.")],
    zone: Annotated[str, typer.Option(help="Its time zone, as America/Los_Angeles.")],
    backbone: Annotated[str | None, typer.Option(help="Who runs it; left out, an invented name stands there.")] = None,
    into: Annotated[Path | None, typer.Option(help="The folder of initiatives; default: that of this system.")] = None,
) -> None:
    """Begin an initiative: a folder of commented files that passes the check. Its agencies and people are invented."""
    from datetime import date

    from deploy.closeknit.initiative_new import begin

    if not re.fullmatch(SLUG, slug):
        raise typer.BadParameter("a slug has small letters, digits and hyphens, 30 at most", param_hint="SLUG")
    where = into or root()
    said = {"name": name, "place": place, "zone": zone} | ({} if backbone is None else {"backbone": backbone})
    try:
        wrong = begin(where, slug, said, date.today())  # noqa: DTZ011 -- the year in which somebody types this
    except FileExistsError:
        raise typer.BadParameter(f"{where / slug} is there already") from None
    for line in wrong:
        typer.echo(line, err=True)
    if wrong:
        raise typer.Exit(FAILED)
    typer.echo(f"{where / slug}: begun. Its agencies and sign-ins are invented: put yours in their place.")
    typer.echo(
        "`closeknit migrate` brings the agencies into a running system; its processes read the rest when they start."
    )


@app.command()
def diff(
    one: Annotated[str, typer.Argument(help="An initiative, by its slug or its folder.")],
    other: Annotated[str, typer.Argument(help="The one to hold beside it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say what differs between two initiatives, by field: - in the first alone, + in the second alone, ~ otherwise."""
    from contracts.initiative import load_initiative
    from deploy.closeknit.initiative_diff import differences

    found = differences(*(load_initiative(folder_of(named)) for named in (one, other)))
    if as_json:
        typer.echo(json.dumps([each.facts for each in found], indent=1, ensure_ascii=False))
        return
    for each in found:
        typer.echo(each.line)
    if not found:
        typer.echo("nothing differs")
