"""The command `migrate`: every database to its newest version."""

import typer


def run() -> None:
    """Apply the migrations whose database's owner is in the settings (CLOSEKNIT_…_OWNER_DSN); twice changes nothing."""
    from deploy.closeknit.surroundings import environ
    from deploy.databases import migrate

    applied = migrate(environ())
    if not applied:
        raise typer.BadParameter("no CLOSEKNIT_…_OWNER_DSN is set and no system runs here")
    for database, files in applied.items():
        typer.echo(f"{database}: {', '.join(files) if files else 'nothing to do'}")
