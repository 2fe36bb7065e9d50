"""The command `migrate`: every database to its newest version, with the directory that the initiatives begin with."""

import typer


def run() -> None:
    """Apply the migrations whose database's owner is in the settings (CLOSEKNIT_…_OWNER_DSN); twice changes nothing.

    Agencies and services of the initiatives' files that are not in the store come into it; what was edited stands.
    """
    from deploy.closeknit.surroundings import environ
    from deploy.databases import load_directory, migrate

    applied = migrate(environ())
    if not applied:
        raise typer.BadParameter("no CLOSEKNIT_…_OWNER_DSN is set and no system runs here")
    for database, files in applied.items():
        typer.echo(f"{database}: {', '.join(files) if files else 'nothing to do'}")
    entries = load_directory(environ())
    if entries is not None:
        typer.echo(
            f"directory: {entries} entries from the initiatives' files" if entries else "directory: nothing to do"
        )
