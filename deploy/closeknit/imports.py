"""The commands `import …`: what other systems wrote, brought in so that a second run adds nothing."""

from pathlib import Path
from typing import Annotated

import typer

from contracts.vocabulary import ContactMode

app = typer.Typer(help="Bring in what other systems wrote; running it twice adds nothing.", no_args_is_help=True)


@app.callback()
def _imports() -> None:
    """Bring in what other systems wrote; running it twice adds nothing."""


@app.command()
def contacts(
    file: Annotated[Path, typer.Argument(help="A CSV file in UTF-8 with a header line.")],
    *,
    initiative: Annotated[str, typer.Option(help="The initiative's slug.")],
    client: Annotated[str, typer.Option(help="Column with the client's number in this file.")] = "client",
    agency: Annotated[str, typer.Option(help="Column with the agency: its id, its name, or text.")] = "agency",
    at: Annotated[str, typer.Option(help="Column with the time, with its zone.")] = "at",
    activity: Annotated[str, typer.Option(help="Column with what was done: a service tag, or text.")] = "activity",
    mode: Annotated[ContactMode, typer.Option(help="How the contacts took place.")] = ContactMode.OFFICE_VISIT,
    source: Annotated[str | None, typer.Option(help="Whose numbers the clients have; default the file's name.")] = None,
    refused: Annotated[Path | None, typer.Option(help="Where rows go that cannot be read, with the reason.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts for a program.")] = False,
) -> None:
    """Record each row of a contact log as a completed support contact (rule R26); exit code 1 when rows are refused."""
    import asyncio
    import json

    from deploy.closeknit.contact_csv import BadFile, Columns
    from deploy.closeknit.contact_import import Import, Wanted, run
    from deploy.closeknit.surroundings import environ
    from deploy.closeknit.voice import voice

    wanted = Wanted(file, initiative, Columns(client, agency, at, activity), mode, source or file.name, refused)
    try:
        with voice() as speaks:
            done: Import = asyncio.run(run(wanted, environ(), lambda read, size: speaks.count("bytes", read, size)))
    except BadFile as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(json.dumps(done.facts()) if as_json else done.sentence())
    if done.refused:
        raise typer.Exit(1)


@app.command()
def hsds(
    path: Annotated[Path, typer.Argument(help="An HSDS 3.0 data package: a folder or file, CSV or JSON.")],
    *,
    initiative: Annotated[str, typer.Option(help="The initiative's slug.")],
    category: Annotated[str | None, typer.Option(help="The need of services whose terms name none of ours.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts for a program.")] = False,
) -> None:
    """Bring agencies and services into the directory; an edit stands. Exit code 1 when rows are refused."""
    import json

    from contracts.vocabulary import Category
    from deploy.closeknit.hsds_import import run
    from deploy.closeknit.hsds_package import BadPackage
    from deploy.closeknit.surroundings import environ

    if category is not None and category not in set(Category):
        raise typer.BadParameter("there is no such need")
    try:
        done = run(path, initiative, Category(category) if category else None, environ())
    except BadPackage as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(json.dumps(done.facts()) if as_json else done.sentence())
    if done.refused:
        raise typer.Exit(1)


@app.command()
def population(
    file: Annotated[Path, typer.Argument(help="A CSV file in UTF-8: measure, period, numerator, denominator, …")],
    *,
    initiative: Annotated[str, typer.Option(help="The initiative's slug.")],
    correct: Annotated[bool, typer.Option("--correct", help="Take what says otherwise as the next version.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts for a program.")] = False,
) -> None:
    """Bring in figures of a population as CDPH, NCHS or others printed them; exit code 1 when rows are refused."""
    import json

    from deploy.closeknit.surroundings import environ
    from services.measures.application.looking import UnknownInitiative
    from services.measures.application.population_file import BadFile
    from services.measures.main import import_population

    try:
        done = import_population(initiative, file, correct=correct, environ=environ())
    except BadFile as error:
        raise typer.BadParameter(str(error)) from None
    except UnknownInitiative:
        raise typer.BadParameter("there is no initiative of that name in deploy/initiatives") from None
    typer.echo(json.dumps(done.facts()) if as_json else "\n".join(done.sentences()))
    if done.refused:
        raise typer.Exit(1)
