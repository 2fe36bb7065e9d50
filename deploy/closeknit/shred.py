"""The commands `shred` and `hold`: what an agency holds of a client is erased for ever, or has to be kept."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from services.referrals.application.acting import Acting
    from services.referrals.application.desk import Desk
    from services.referrals.application.erasing import Held

Told = TypeVar("Told")
Client = Annotated[str, typer.Argument(metavar="CLIENT", help="The agency's own reference of her.")]
Agency = Annotated[str, typer.Option(help="The agency whose details of her it is about.")]
Initiative = Annotated[str | None, typer.Option(help="The initiative's slug, where two have an agency of this name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts for a program.")]


# As in services/referrals/domain/client/reasons.py, which would take a second to import for the help alone.
ERASED_FOR = ("client_request", "wrong_person", "retention_ended", "required_by_law")
KEPT_FOR = ("legal_case", "investigation", "audit", "client_request")


_REFUSED = {
    "details-held": "What this agency holds of her has to be kept: `closeknit hold CLIENT --agency A --release` first.",
    "details-erased": "Her details were erased at this agency already: there is nothing left to keep.",
}


class NotErased(Exception):
    """What cannot be done: the sentence says why and what helps."""


def run(
    client: Client,
    *,
    agency: Agency,
    reason: Annotated[str, typer.Option(help=f"Why, for the accounting: {', '.join(ERASED_FOR)}.")],
    initiative: Initiative = None,
    as_json: AsJson = False,
) -> None:
    """Erase who she is and all that was typed of her, at one agency and for ever; what happened stays, without her."""
    if reason not in ERASED_FOR:
        raise typer.BadParameter(f"say --reason {' | '.join(ERASED_FOR)}")
    from services.referrals.application import erasing
    from services.referrals.domain.client import ErasureReason

    why = ErasureReason(reason)
    done = _acted(agency, initiative, "shred", lambda desk, acting: erasing.erase(desk, acting, client, why))
    if as_json:
        typer.echo(json.dumps({"keys": done.keys, "drafts": done.drafts, "again": done.again}))
    elif done.again:
        typer.echo("nothing of hers was left at this agency")
    else:
        keys, drafts = _number(done.keys, "key"), _number(done.drafts, "draft")
        typer.echo(
            f"erased: {keys} destroyed, {drafts} thrown away; every process knows within 30 s,"
            " backups are dead once this month's key is (closeknit keys status)"
        )


def hold(
    client: Client,
    *,
    agency: Agency,
    reason: Annotated[str | None, typer.Option(help=f"Why it has to be kept: {', '.join(KEPT_FOR)}.")] = None,
    release: Annotated[bool, typer.Option("--release", help="It has to be kept no longer.")] = False,
    initiative: Initiative = None,
) -> None:
    """Forbid that what an agency holds of a client is erased, until the hold is released."""
    if release == (reason in KEPT_FOR):
        raise typer.BadParameter(f"say --reason {' | '.join(KEPT_FOR)}, or --release")
    from services.referrals.application import erasing
    from services.referrals.domain.client import HoldReason, PlaceHold, ReleaseHold

    async def act(desk: "Desk", acting: "Acting") -> "Held":
        if reason is None:
            command: PlaceHold | ReleaseHold = ReleaseHold(agency=agency, at=acting.at)
        else:
            command = PlaceHold(agency=agency, at=acting.at, reason=HoldReason(reason))
        return await erasing.hold(desk, acting, client, command)

    done = _acted(agency, initiative, "hold", act)
    if not done.again:
        typer.echo("released" if release else "held: nothing of hers is erased at this agency")
    elif release:
        typer.echo("nothing of hers is held at this agency")
    else:
        already = f"held already, for {' and '.join(sorted(done.reasons))}"
        if reason not in done.reasons:
            raise NotErased(f"It is {already}: {reason} was not written down; --release that one first.")
        typer.echo(already)


def _number(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _acted(
    agency: str, initiative: str | None, operation: str, act: Callable[["Desk", "Acting"], Awaitable[Told]]
) -> Told:
    from deploy.closeknit.surroundings import environ
    from services.referrals.application import erasing
    from services.referrals.application.opening import quiet_desk
    from services.referrals.directory import Directory
    from services.referrals.domain.refusal import NotASide, WrongState
    from services.referrals.settings import DeskSettings
    from services.runtime.clock import SystemClock
    from services.runtime.telemetry import Telemetry

    settings = DeskSettings.from_env(environ())

    async def work() -> Told:
        told = Telemetry.off()
        directory = Directory.read(settings.initiatives)
        async with quiet_desk(settings, directory, SystemClock(), told) as (desk, _):
            try:
                return await act(desk, erasing.operator(desk, _home(desk, agency, initiative), agency, operation))
            except NotASide:
                raise NotErased(f"{agency} has no client with this reference.") from None
            except WrongState as refused:
                raise NotErased(_REFUSED[refused.slug]) from None

    return asyncio.run(work())


def _home(desk: "Desk", agency: str, initiative: str | None) -> str:
    """The initiative that the agency takes part in. Raises NotErased."""
    from services.referrals.directory import NotInDirectory

    homes = []
    for one in desk.directory.initiatives:
        try:
            desk.directory.agency(one.slug, agency)
        except NotInDirectory:
            continue
        homes.append(one.slug)
    if initiative in homes or (initiative is None and len(homes) == 1):
        return initiative or homes[0]
    if initiative is None and homes:
        raise NotErased(f"Say --initiative: {agency} is an agency of {' and '.join(homes)}.")
    raise NotErased(f"There is no agency {agency} here.")
