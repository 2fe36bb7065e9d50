"""The commands `measures list|show|compute`: what is measured, and one exact figure for an operator."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

app = typer.Typer(help="What is measured, and exact figures for an operator.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print facts for a program.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A local date of the initiative.")]


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """Say which measures there are."""
    from services.measures.main import list_measures

    measures = list_measures()
    if as_json:
        typer.echo(json.dumps(measures, indent=1))
        return
    for one in measures:
        typer.echo(f"{one['measure']:<24} {one['title']}")


@app.command()
def show(measure: Annotated[str, typer.Argument(help="The measure's name.")], *, as_json: AsJson = False) -> None:
    """Print a measure's definition in plain words."""
    from services.measures.main import list_measures

    found = next((one for one in list_measures() if one["measure"] == measure), None)
    if found is None:
        raise typer.BadParameter("there is no measure of that name; `closeknit measures list` names them")
    typer.echo(json.dumps(found, indent=1) if as_json else f"{found['title']}\n\n{found['text']}")


@app.command()
def compute(
    measure: Annotated[str, typer.Argument(help="The measure's name.")],
    *,
    initiative: Annotated[str, typer.Option(help="The initiative's slug.")],
    since: Day = None,
    until: Day = None,
    cutoff: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%SZ"], help="As known then, in UTC; default now.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Compute one exact figure, for an operator on this machine: not to be published, for no small cell is hidden."""
    from deploy.closeknit.surroundings import environ
    from services.measures.definitions import UnknownMeasure
    from services.measures.main import UnknownInitiative
    from services.measures.main import compute as computed

    if since and until and since >= until:
        raise typer.BadParameter("--since lies before --until")
    try:
        figure = computed(
            measure,
            initiative,
            since.date() if since else None,
            until.date() if until else None,
            cutoff=cutoff.replace(tzinfo=UTC) if cutoff else None,
            environ=environ(),
        )
    except UnknownMeasure:
        raise typer.BadParameter("there is no measure of that name; `closeknit measures list` names them") from None
    except UnknownInitiative:
        raise typer.BadParameter("there is no initiative of that name in deploy/initiatives") from None
    if as_json:
        typer.echo(json.dumps(figure, indent=1))
        return
    typer.echo(f"{figure['numerator']} of {figure['denominator']}")
    for name in ("missing", "pending", "excluded", "definition", "cutoff", "lag", "parked"):
        typer.echo(f"  {name}: {figure[name]}")
