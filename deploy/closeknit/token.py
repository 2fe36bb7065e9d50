"""The command `token`: an access token of the development issuer."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pathlib import Path

# The roles that a sign-in provider may give.
OF_AN_AGENCY = frozenset({"staff", "case_manager", "agency_admin", "reviewer", "privacy_officer", "system"})
OF_AN_INITIATIVE = frozenset({"backbone", "working_group", "operator"})


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
    check(Path(settings["CLOSEKNIT_INITIATIVES"]), initiative, role, agency=agency, groups=group or ())
    claims = Claims(
        subject=subject, initiative=initiative, roles=tuple(role), agency=agency, working_groups=tuple(group or ())
    )
    typer.echo(issuer.issue(claims))


def check(folder: "Path", initiative: str, roles: Sequence[str], *, agency: str | None, groups: Sequence[str]) -> None:
    """Raises BadParameter for what the configuration does not know: such a token opens nothing, or too much."""
    from contracts.initiative import load_initiatives

    known = load_initiatives(folder).get(initiative)
    if known is None:
        raise typer.BadParameter("there is no such initiative", param_hint="--initiative")
    if strange := set(roles) - OF_AN_AGENCY - OF_AN_INITIATIVE:
        raise typer.BadParameter(f"there is no role {min(strange)}", param_hint="--role")
    if agency is not None and agency not in {each.id for each in known.agencies}:
        raise typer.BadParameter("there is no such agency in this initiative", param_hint="--agency")
    if agency is None and OF_AN_AGENCY.intersection(roles):
        raise typer.BadParameter("this role belongs to an agency", param_hint="--agency")
    if set(groups) - {each.slug for each in known.working_groups}:
        raise typer.BadParameter("there is no such working group in this initiative", param_hint="--group")
