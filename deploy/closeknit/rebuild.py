"""The commands `rebuild measures|worklists`: what is derived from the events, derived anew."""

import json
from pathlib import Path

import typer

app = typer.Typer(help="Derive anew what is derived from the events.", no_args_is_help=True)


@app.command()
def measures() -> None:
    """Build the measures' facts anew from Kafka beside those in use, then put them in their place at once."""
    from deploy.closeknit.surroundings import environ
    from deploy.closeknit.voice import voice
    from services.measures.main import rebuild

    with voice() as told:
        done = rebuild(lambda read, all_: told.count("records", read, all_), environ=environ())
    typer.echo(json.dumps(done, default=str))


@app.command()
def worklists() -> None:
    """Build the work lists' index anew from the event store; writers wait only for what came meanwhile."""
    import psycopg

    from deploy.closeknit.surroundings import environ
    from deploy.local.child import PartMissing
    from deploy.topics import INITIATIVES
    from services.referrals.directory import Directory
    from services.referrals.store.mapper import FactMapper
    from services.referrals.store.rebuild import rebuild_work_index
    from services.runtime.postgres import conninfo

    settings = environ()
    owner = settings.get("CLOSEKNIT_REFERRALS_OWNER_DSN")
    if not owner:
        raise PartMissing("The event store's owner is not known: set CLOSEKNIT_REFERRALS_OWNER_DSN, or `closeknit up`.")
    directory = Directory.read(Path(settings.get("CLOSEKNIT_INITIATIVES") or INITIATIVES))
    with psycopg.connect(conninfo(owner, "closeknit rebuild", task="rebuild"), autocommit=True) as connection:
        done = rebuild_work_index(connection, FactMapper(), directory.due)
    typer.echo(json.dumps({"rows": done.rows, "changed": done.changed}))
