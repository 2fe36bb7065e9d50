"""The command `verify`: event store = Kafka = measures = work lists."""

import json
from typing import Annotated

import typer


def run(
    *,
    deep: Annotated[bool, typer.Option("--deep", help="Also every stream's order, and every release anew.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print facts for a program.")] = False,
) -> None:
    """Prove that event store, Kafka, measures and work lists say the same; exit code 1 and where they do not."""
    from deploy.closeknit.surroundings import environ
    from deploy.closeknit.voice import voice
    from deploy.verification import verify

    with voice() as speaks:
        done = verify(environ(), lambda count, whole: speaks.count("events", count, whole), deep=deep)
    seen = done.compared
    if as_json:
        facts = {"events": seen.events, "records": seen.records, "rows": seen.rows, "difference": done.difference}
        typer.echo(json.dumps(facts))
    elif done.difference is None:
        typer.echo(
            f"{seen.events} events, {seen.records} records on Kafka, {seen.rows} rows of measures: no difference"
        )
    else:
        typer.echo(done.difference)
    if done.difference is not None:
        raise typer.Exit(1)
