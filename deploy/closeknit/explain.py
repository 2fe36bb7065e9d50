"""The commands `explain referral|client|figure ID`: why it stands as it does: events, who, when, which rule."""

import dataclasses
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from deploy.closeknit.measures import Cutoff, Day, Measure, Version, asked, asked_of
from deploy.closeknit.release import refusals

if TYPE_CHECKING:
    from services.referrals.explain import Explained, Standing, Step

app = typer.Typer(help="Say why a record is in the state that it is in; no identity.", no_args_is_help=True)

Id = Annotated[UUID, typer.Argument(metavar="ID", help="Its id in the event store.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON.")]


@app.command()
def referral(id: Id, *, as_json: AsJson = False) -> None:
    """A referral, handoff or visit: every step, by whom and when, the rule of each, and what it waits for."""
    from services.referrals.explain import explain_referral

    _told(explain_referral, id, as_json=as_json)


@app.command()
def client(id: Id, *, as_json: AsJson = False) -> None:
    """A client by her id in the event store: everything that happened, by when it happened."""
    from services.referrals.explain import explain_client

    _told(explain_client, id, as_json=as_json)


@app.command()
def figure(
    measure: Measure,
    *,
    initiative: Annotated[str | None, typer.Option(help="The initiative's slug.")] = None,
    release: Annotated[
        UUID | None, typer.Option(help="A release's id: its figure, over its own time and facts.")
    ] = None,
    since: Day = None,
    until: Day = None,
    cutoff: Cutoff = None,
    version: Version = None,
    as_json: AsJson = False,
) -> None:
    """An exact figure, for an operator: which rule of its definition put how many where; also that of a release."""
    from services.measures.explain import explain_figure, explain_released

    given = asked(since, until, cutoff)
    chosen = [initiative, since, until, cutoff, version]
    if (release is None) == (initiative is None) or (release is not None and any(chosen)):
        raise typer.BadParameter("say --initiative, or --release alone: a release has its own time, cutoff and version")
    with refusals():
        if release is not None:
            found = asked_of(lambda: explain_released(measure, release, environ=given["environ"]))
        else:
            found = asked_of(lambda: explain_figure(measure, initiative or "", **given, version=version))
    typer.echo(json.dumps(found, indent=1) if as_json else "\n".join(_figure_lines(found)))


def _figure_lines(found: dict[str, Any]) -> Iterator[str]:
    """A figure on a terminal: a line for each rule, then each count, with what a release shows of it."""
    yield f"{found['title']}, {found['definition']}, as known at {found['cutoff']}"
    for rule in found["rules"]:
        yield f"{rule['units']:>8}  {rule['standing']:<8}  {rule['words']}  [{rule['rule']}]"
    released = found.get("released")
    for name in ("numerator", "denominator", "missing", "pending", "excluded"):
        shown = "too few to show" if released and released[name] is None else released and released[name]
        counts = found["kind"] == "clients" and name == "denominator"
        yield f"{name}: {found[name]}" + (f" (released: {shown})" if released and not counts else "")
    if released:
        yield from ("a cell is hidden where it is:", *(f"  {reason}" for reason in found["hides"]))


def _told(explain: Any, id: UUID, *, as_json: bool) -> None:
    import psycopg

    from deploy.closeknit.surroundings import environ
    from deploy.local.child import PartMissing
    from deploy.topics import INITIATIVES
    from services.referrals.directory import Directory
    from services.referrals.store.mapper import FactMapper

    settings = environ()
    dsn = settings.get("CLOSEKNIT_REFERRALS_DSN")
    if not dsn:
        raise PartMissing("The event store is not known: set CLOSEKNIT_REFERRALS_DSN, or `closeknit up`.")
    directory = Directory.read(Path(settings.get("CLOSEKNIT_INITIATIVES") or INITIATIVES))
    with psycopg.connect(dsn, autocommit=True) as connection:
        found: Explained = explain(connection, FactMapper(), id, directory.due)
    if as_json:
        typer.echo(json.dumps(dataclasses.asdict(found), default=str))
    else:
        typer.echo("\n".join(lines(found)))


def lines(found: "Explained") -> list[str]:
    """What is said on a terminal: a line an event, then a line for each thing that stands."""
    return [_step_line(step) for step in found.steps] + [_standing_line(each) for each in found.standing]


def _step_line(step: "Step") -> str:
    late = "" if step.recorded_at is None else f", recorded {_at(step.recorded_at)}"
    moved = f" -> {step.state}" if step.state else ""
    ran_out = f" ({step.timer})" if step.timer else ""
    return f"{_at(step.at)} {step.type}{ran_out}{moved}  {step.agency}, {step.actor}{late}  [{step.rule}] {step.stream}"


def _standing_line(each: "Standing") -> str:
    waits = "waits for nothing"
    if each.waits_for is not None:
        until = f" until {_at(each.due_at)}" if each.due_at else ""
        waits = f"waits for {each.waits_for} of {each.waits_on}{until}"
    because = f"since {each.since.type} at {_at(each.since.at)} [{each.since.rule}]"
    return f"{each.kind} {each.id}: {each.state} {because}; {waits}"


def _at(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
