"""The commands `release build|check|approve|withdraw|reproduce`: figures as they are published, frozen."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

if TYPE_CHECKING:
    from services.measures.releases.ledger import Decision, Release

app = typer.Typer(help="Figures as they are published, frozen.", no_args_is_help=True)

OPERATOR = "operator"
Id = Annotated[UUID, typer.Argument(help="The release's id.")]
SIGN_IN = r"[!-~]{1,255}"
"""What sign-in providers call a person: one word of ASCII (OpenID Connect's `sub`)."""


def _is_a_sign_in(by: str) -> str:
    """Raises typer.BadParameter for what no sign-in provider calls anybody."""
    if not re.fullmatch(SIGN_IN, by):
        raise typer.BadParameter("a sign-in is one word: letters without accents, digits and signs, 255 at most")
    return by


def _is_a_person(by: str) -> str:
    """Raises typer.BadParameter for nobody in particular: it takes two persons to publish."""
    if by == OPERATOR:
        raise typer.BadParameter(f"{OPERATOR} is nobody in particular: name the sign-in of who approves")
    return _is_a_sign_in(by)


By = Annotated[str, typer.Option("--by", help="Who does it: a person's sign-in.", callback=_is_a_sign_in)]
Approver = Annotated[str, typer.Option("--by", help="Who approves: a person's sign-in.", callback=_is_a_person)]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts for a program.")]


@app.command()
def build(
    *,
    initiative: Annotated[str, typer.Option(help="The initiative's slug.")],
    period: Annotated[
        str | None, typer.Option(help="2026-Q3, 2026 or 2025-2027; default the newest that is over.")
    ] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help="Of this measure alone; may be there several times.")
    ] = None,
    cutoff: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%dT%H:%M:%SZ"], help="As known then, in UTC; default now.")
    ] = None,
    by: By = OPERATOR,
    as_json: AsJson = False,
) -> None:
    """Build a draft of one period; the same facts and cutoff give the release that is there already."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import release_build
    from services.measures.releases.build import Order

    at = cutoff.replace(tzinfo=UTC) if cutoff else None
    with refusals():
        built = release_build(initiative, Order(by, period, at, tuple(measure or ())), environ=environ())
    _say(built, as_json=as_json)


@app.command()
def check(
    release: Id,
    *,
    views: Annotated[bool, typer.Option("--views", help="Name the tables that hide no group, or show none.")] = False,
) -> None:
    """Look whether a release's cells are as they were hashed and tell of no few; exit code 1 when not."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import release_check

    with refusals():
        found = release_check(release, environ=environ())
    typer.echo(f"{found.shown} cells shown, {found.hidden} hidden, {len(found.wrong)} wrong")
    for line in found.wrong:
        typer.echo(f"  {line}")
    both = found.views - len({*found.whole, *found.dark})
    typer.echo(f"{both} of {found.views} views show a group and hide one")
    if views:
        for line in (*(f"{view}: hides none" for view in found.whole), *(f"{view}: shows none" for view in found.dark)):
            typer.echo(f"  {line}")
    if found.wrong:
        raise typer.Exit(1)


@app.command()
def approve(release: Id, *, by: Approver, as_json: AsJson = False) -> None:
    """Publish a draft that another person built."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import release_approve

    with refusals():
        approved, before = release_approve(release, by, environ=environ())
    _say(approved, as_json=as_json, before=before)


@app.command()
def withdraw(
    release: Id,
    *,
    reason: Annotated[str, typer.Option(help="Why; it stays for everybody to read, and names nobody.")],
    by: By = OPERATOR,
    as_json: AsJson = False,
) -> None:
    """Take a release's figures away; that it was there stays, and why it is not."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import release_withdraw

    with refusals():
        withdrawn, before = release_withdraw(release, by, reason, environ=environ())
    _say(withdrawn, as_json=as_json, before=before)


@app.command()
def reproduce(
    release: Id,
    *,
    out: Annotated[Path | None, typer.Option(help="Write the bytes that were built anew to this file.")] = None,
) -> None:
    """Build a release again from the log and compare; exit code 1 when a byte differs."""
    from deploy.closeknit.surroundings import environ
    from services.measures.main import release_reproduce

    with refusals():
        written, document = release_reproduce(release, environ=environ())
    if out is not None:
        out.write_bytes(document.bytes())
    typer.echo(f"as written {written.document_sha256}\nbuilt anew {document.sha256}")
    if written.document_sha256 != document.sha256:
        raise typer.Exit(1)


def _say(release: "Release", *, as_json: bool, before: bool = False) -> None:
    """What a release is now; `before` says that somebody had decided so already: who, and when."""
    if as_json:
        facts = {"release": str(release.id), "name": release.name, "state": release.state}
        withheld = {measure: day.isoformat() for measure, day in release.withheld.items()}
        facts |= {"cutoff": release.cutoff.isoformat(), "sha256": release.document_sha256}
        decided = {"approved": _facts(release.approved), "withdrawn": _facts(release.withdrawn), "before": before}
        typer.echo(json.dumps({**facts, **decided, "withheld": withheld}))
        return
    typer.echo(f"release {release.id}, {release.name}, {release.state}, as known at {release.cutoff.isoformat()}")
    if before and (last := release.withdrawn or release.approved):
        typer.echo(f"  it was {release.state} already: by {last.by}, at {last.at.isoformat(timespec='seconds')}")
    if release.withheld:
        whole = max(release.withheld.values()).isoformat()
        typer.echo(f"  {len(release.withheld)} measures are withheld; with all of them from {whole} on:")
    for measure, day in sorted(release.withheld.items(), key=lambda each: (each[1], each[0])):
        typer.echo(f"  {measure}: from {day.isoformat()} on")


def _facts(decision: "Decision | None") -> dict[str, str] | None:
    return {"by": decision.by, "at": decision.at.isoformat()} if decision else None


@contextmanager
def refusals() -> Iterator[None]:
    """Each refusal as one sentence; wrong usage is exit code 2, a release that says no 1, a part that is away 3."""
    from services.measures.application.looking import UnknownInitiative
    from services.measures.definitions import UnknownMeasure
    from services.measures.releases import build, deciding, lattice, ledger, views

    usage = {
        UnknownInitiative: "there is no initiative of that name in deploy/initiatives",
        UnknownMeasure: "there is no measure of that name; `closeknit measures list` names them",
        views.NotInCatalogue: "that measure stands on no scorecard of the initiative: no view of it is released",
        lattice.UnknownPeriod: "figures are not released over that time: 2026-Q3, 2026 or 2025-2027",
        build.CutoffInTheFuture: "that cutoff lies ahead",
        ledger.UnknownRelease: "there is no release of that id",
    }
    refused = {
        deciding.OwnRelease: "who built a release does not approve it: another person does",
        deciding.Withdrawn: "it was withdrawn",
    }
    try:
        yield
    except tuple(usage) as problem:
        raise typer.BadParameter(usage[type(problem)]) from None
    except build.NotClosed as problem:
        _stop(f"that time is not over: it can be released from {problem.due_on.isoformat()} on", 1)
    except build.BeforeData as problem:
        _stop(f"that time was over before the data begin, on {problem.begins_on.isoformat()}", 1)
    except build.WindowLongerThanData as problem:
        _stop(f"the data do not reach back as far as the window of {', '.join(problem.measures)}", 1)
    except deciding.Overlaps as problem:
        _stop(f"{', '.join(problem.names)} was published since, about some of the same time: build it again", 1)
    except tuple(refused) as problem:
        _stop(refused[type(problem)], 1)
    except build.NotReady:
        _stop("the figures are behind what is recorded: try again when `closeknit status` shows no lag", 3)


def _stop(sentence: str, code: int) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(code)
