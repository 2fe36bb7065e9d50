"""The commands `release build|reproduce`: figures as they are published, frozen."""

import json
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import typer

app = typer.Typer(help="Figures as they are published, frozen.", no_args_is_help=True)


@app.command()
def build(
    *,
    initiative: Annotated[str, typer.Option(help="The initiative's slug.")],
    cutoff: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%SZ"], help="As known then, in UTC; default now.")
    ] = None,
    quarters: Annotated[int, typer.Option(min=1, help="How many whole quarters back.")] = 8,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts for a program.")] = False,
) -> None:
    """Build a release; the same facts and cutoff give the release that is there already."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import release_build

    at = cutoff.replace(tzinfo=UTC) if cutoff else None
    built = release_build(initiative, cutoff=at, quarters=quarters, environ=environ())
    if as_json:
        typer.echo(json.dumps({"release": str(built.id), "cutoff": built.cutoff.isoformat()}))
    else:
        typer.echo(f"release {built.id}, as known at {built.cutoff.isoformat()}")


@app.command()
def reproduce(release: Annotated[UUID, typer.Argument(help="The release's id.")]) -> None:
    """Build a release again from the log and compare; exit code 1 when a byte differs."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import release_reproduce

    written, again = release_reproduce(release, environ=environ())
    typer.echo(f"as written {written}\nbuilt anew {again}")
    if written != again:
        raise typer.Exit(1)
