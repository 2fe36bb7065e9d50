"""The commands `rebuild measures|worklists`: what is derived from the events, derived anew."""

import json

import typer

app = typer.Typer(help="Derive anew what is derived from the events.", no_args_is_help=True)


@app.callback()
def _rebuild() -> None:
    """Derive anew what is derived from the events; readers never see a half-built state."""


@app.command()
def measures() -> None:
    """Build the measures' facts anew from Kafka beside those in use, then put them in their place at once."""
    from deploy.closeknit.surroundings import environ
    from deploy.closeknit.voice import voice
    from services.measures.main import rebuild

    with voice() as told:
        done = rebuild(lambda read, all_: told.count("records", read, all_), environ=environ())
    typer.echo(json.dumps(done, default=str))
