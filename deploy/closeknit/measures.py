"""The commands `measures list|show|compute|compare|handovers|journeys`: what is measured, exact, for an operator."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import typer

app = typer.Typer(help="What is measured, and exact figures for an operator.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Print facts for a program.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="A local date of the initiative.")]
Measure = Annotated[str, typer.Argument(help="The measure's name, also with a version: response_rate_v1.")]
Version = Annotated[int | None, typer.Option(help="A version of it; default: the one in force.")]
Slug = Annotated[str, typer.Option("--initiative", help="The initiative's slug.")]
Cutoff = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%SZ"], help="As known then, in UTC; default now.")
]


@app.command("list")
def list_(
    *, every: Annotated[bool, typer.Option("--every-version", help="All versions.")] = False, as_json: AsJson = False
) -> None:
    """Say which measures there are."""
    from services.measures.explain import list_measures

    measures = list_measures(every_version=every)
    if as_json:
        typer.echo(json.dumps(measures, indent=1))
        return
    for one in measures:
        typer.echo(f"{one['measure']:<32} v{one['version']}  {one['title']}")


@app.command()
def show(measure: Measure, *, version: Version = None, as_json: AsJson = False) -> None:
    """Print a measure's definition in plain words."""
    from services.measures.explain import show_measure

    found = asked_of(lambda: show_measure(measure, version))
    typer.echo(json.dumps(found, indent=1) if as_json else f"{found['title']}\n\n{found['text']}")


@app.command()
def compute(
    measure: Measure,
    *,
    initiative: Slug,
    since: Day = None,
    until: Day = None,
    cutoff: Cutoff = None,
    version: Version = None,
    by: Annotated[str, typer.Option(help="A figure for each row, too: by quarter, category, age, …")] = "none",
    as_json: AsJson = False,
) -> None:
    """Compute one exact figure, for an operator on this machine: not to be published, for no small cell is hidden."""
    from services.measures.domain.measure import By
    from services.measures.main import compute as computed

    if by not in {str(each) for each in By}:
        raise typer.BadParameter(f"--by is one of {', '.join(By)}")
    figure = asked_of(lambda: computed(measure, initiative, **asked(since, until, cutoff), version=version, by=By(by)))
    if as_json:
        typer.echo(json.dumps(figure, indent=1))
        return
    typer.echo(_share(figure))
    for name in ("missing", "pending", "excluded", "definition", "cutoff", "lag", "parked"):
        none_from = figure["none_pending_from"] if name == "pending" and figure["pending"] else None
        typer.echo(f"  {name}: {figure[name]}" + (f", none from {none_from} on" if none_from else ""))
    reported = f"{figure['agencies_reporting']} of {figure['agencies_on_system']} reported"
    typer.echo(f"  agencies: {reported}, {figure['agencies_not_on_system']} not on the system")
    if figure["redated"]:
        typer.echo(f"  counted otherwise than by the due dates said first: {figure['redated']}")
    for row in figure.get("rows", []):
        typer.echo(f"  {row['row']}: {_share(row)}")


@app.command()
def handovers(
    *,
    initiative: Slug,
    since: Day = None,
    until: Day = None,
    cutoff: Cutoff = None,
    agencies: Annotated[bool, typer.Option("--agencies", help="Between agencies instead of their types.")] = False,
    as_json: AsJson = False,
) -> None:
    """Count who met a client and who met her next, as process mining does: exact, not to be published."""
    from services.measures.explain import handover_matrix

    between: Literal["types", "agencies"] = "agencies" if agencies else "types"
    found = asked_of(lambda: handover_matrix(initiative, **asked(since, until, cutoff), between=between))
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for row in found["handovers"]:
        typer.echo(f"{row['count']:>8}  {row['from']} -> {row['to']}")
    typer.echo(f"{found['all']:>8}  in all, {found['changes']} of them to another")


@app.command()
def journeys(
    *,
    initiative: Slug,
    agency: Annotated[str, typer.Option(help="Whose clients: what this agency may see of them, and nothing else.")],
    form: Annotated[str, typer.Option("--format", help="ocel (OCEL 2.0, JSON) or csv (columns as in XES).")] = "ocel",
    since: Day = None,
    until: Day = None,
    cutoff: Cutoff = None,
) -> None:
    """Write an agency's own clients' journeys as an event log for process mining: for that agency alone."""
    from services.measures.application.eventlog import UnknownAgency
    from services.measures.explain import export_journeys

    if form not in {"ocel", "csv"}:
        raise typer.BadParameter("--format is ocel or csv")
    of: Literal["ocel", "csv"] = "ocel" if form == "ocel" else "csv"

    def written() -> dict[str, Any]:
        for piece in export_journeys(initiative, agency, of, **asked(since, until, cutoff)):
            typer.echo(piece)
        return {}

    try:
        asked_of(written)
    except UnknownAgency:
        raise typer.BadParameter("this initiative has no agency of that name") from None


@app.command()
def compare(
    before: Measure,
    after: Measure,
    *,
    initiative: Slug,
    since: Day = None,
    until: Day = None,
    cutoff: Cutoff = None,
    as_json: AsJson = False,
) -> None:
    """Say what two versions of a measure count otherwise over the same facts, and which events that rests on."""
    from services.measures.explain import compare_measures

    found = asked_of(lambda: compare_measures(before, after, initiative, **asked(since, until, cutoff)))
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for figure in (found["before"], found["after"]):
        typer.echo(f"{figure['definition']}: {_share(figure)}")
    if found["moved"] == []:
        typer.echo("no unit moved")
    for move in found["moved"] or ():
        was, now = move["before"], move["after"]
        typer.echo(f"{move['units']} from {was['standing']} ({was['words']}) to {now['standing']} ({now['words']})")
        for unit in move["listed"]:
            typer.echo(f"  {unit['unit'] or unit['at']}")
            for event in unit["events"]:
                typer.echo(f"    {event['at']} {event['type']} {event['id']}")


def asked(since: datetime | None, until: datetime | None, cutoff: datetime | None) -> dict[str, Any]:
    """The period and the cutoff as figures take them, with the surroundings. Raises BadParameter."""
    from deploy.closeknit.surroundings import environ

    if since and until and since >= until:
        raise typer.BadParameter("--since lies before --until")
    if cutoff and cutoff.replace(tzinfo=UTC) > datetime.now(UTC):
        raise typer.BadParameter("--cutoff lies in the future: what will be recorded by then is not known")
    return {
        "since": since.date() if since else None,
        "until": until.date() if until else None,
        "cutoff": cutoff.replace(tzinfo=UTC) if cutoff else None,
        "environ": environ(),
    }


def asked_of(answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What was asked for, or what is wrong with the question in plain words (BadParameter)."""
    from services.measures.application.compute import NotBrokenDown
    from services.measures.application.looking import AfterCutoff, BeforeData, UnknownInitiative
    from services.measures.definitions import UnknownMeasure
    from services.measures.explain import NotOneMeasure

    try:
        return answer()
    except BeforeData as problem:
        raise typer.BadParameter(
            f"that time was over before the data begin, on {problem.begins_on.isoformat()}"
        ) from None
    except AfterCutoff as problem:
        raise typer.BadParameter(
            f"that time begins after what is known, up to {problem.cutoff_on.isoformat()}"
        ) from None
    except UnknownMeasure:
        raise typer.BadParameter(
            "there is no measure of that name, or no such version; `closeknit measures list` names them"
        ) from None
    except NotOneMeasure:
        raise typer.BadParameter("these are two measures: two versions of one are compared") from None
    except UnknownInitiative:
        raise typer.BadParameter("there is no initiative of that name in deploy/initiatives") from None
    except NotBrokenDown:
        raise typer.BadParameter("this measure is not broken down so; its definition says how it is") from None


def _share(figure: dict[str, Any]) -> str:
    """The numbers in one line; that there is no one to count is said, and is never 0 %."""
    if figure["numerator"] is None:
        return "not available in this initiative"
    if figure["denominator"] is None:
        return str(figure["numerator"])
    if not figure["denominator"]:
        return "no one to count"
    return f"{figure['numerator']} of {figure['denominator']}"
