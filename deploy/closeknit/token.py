"""The command `token`: an access token of the development issuer."""

from typing import Annotated

import typer


def run(
    *,
    initiative: Annotated[str, typer.Option(help="The initiative's slug.")],
    role: Annotated[list[str], typer.Option(help="A role; may be given more than once.")],
    agency: Annotated[str | None, typer.Option(help="The agency's id, for agencies' roles.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="A working group's slug.")] = None,
    subject: Annotated[str, typer.Option(help="Who the token speaks of.")] = "command-line",
) -> None:
    """Print an access token of the development issuer; it does not exist in production."""
    from pathlib import Path

    from deploy.closeknit.surroundings import environ
    from deploy.local.child import PartMissing
    from deploy.local.issuer import Claims, DevelopmentIssuer

    settings = environ()
    if not settings.get("CLOSEKNIT_ISSUER"):
        raise PartMissing("No issuer is known: `closeknit up` starts one here, or set CLOSEKNIT_ISSUER.")
    folder = settings.get("CLOSEKNIT_ISSUER_KEYS") or settings.get("CLOSEKNIT_KEYS") or "."
    issuer = DevelopmentIssuer(settings["CLOSEKNIT_ISSUER"], Path(folder), settings)
    claims = Claims(
        subject=subject, initiative=initiative, roles=tuple(role), agency=agency, working_groups=tuple(group or ())
    )
    typer.echo(issuer.issue(claims))
