"""The commands `keys status|rewrap|destroy EPOCH|rotate log|retire log`: the keys that change, for operators."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import typer

if TYPE_CHECKING:
    from services.referrals.vault.epochs import Epoch, Epochs

app = typer.Typer(help="The months of key-encryption keys, and the key of the log.", no_args_is_help=True)

Told = TypeVar("Told")
Log = Annotated[Literal["log"], typer.Argument(metavar="log", help="The key under which clients are named on Kafka.")]
GiveUp = Annotated[bool, typer.Option("--give-up", help="Take back what a rotation began, until measures switched.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print facts for a program.")]


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Say of every month how many live data keys lie under its key; exit code 1 where one needed is gone or another."""
    known = _asked(lambda epochs: epochs.known())
    typer.echo(json.dumps([_facts(epoch) for epoch in known]) if as_json else "\n".join(map(_line, known)))
    if any(epoch.fault for epoch in known):
        raise typer.Exit(1)


@app.command()
def rewrap(*, as_json: AsJson = False) -> None:
    """Move the data keys of past months under this month's key; a process does so by itself every hour."""
    moved = _asked(lambda epochs: epochs.rewrap())
    typer.echo(json.dumps({"moved": moved}) if as_json else f"{moved} data keys moved under this month's key")


@app.command()
def destroy(
    epoch: Annotated[str, typer.Argument(metavar="EPOCH", help="The month, as 2026-11.")],
    *,
    early: Annotated[bool, typer.Option("--early", help="Before its 35 days are over.")] = False,
    as_json: AsJson = False,
) -> None:
    """Destroy a month's key for ever, and with it every backup of that month; refuses a key that is in use."""
    from services.referrals.vault.wrapping import MONTH

    if not MONTH.fullmatch(epoch):
        raise typer.BadParameter("EPOCH is a month, as 2026-11")
    done = _asked(lambda epochs: epochs.destroy(epoch, early=early))
    said = f"the key of {epoch} is destroyed" if done else f"there is no key of {epoch}"
    typer.echo(json.dumps({"destroyed": done}) if as_json else said)


@app.command()
def rotate(which: Log, *, give_up: GiveUp = False, as_json: AsJson = False) -> None:
    """Name clients on Kafka under a new key: new topics are built, then measures switch to them; begun again where it
    ended. Figures stay as they are. The relay should be running."""
    del which
    if give_up:
        _give_up(as_json=as_json)
        return
    from deploy.closeknit.surroundings import environ
    from deploy.closeknit.voice import voice
    from deploy.rotation import rotate as rotate_log

    with voice() as speaks:
        done = rotate_log(environ(), speaks.say, lambda read, all_: speaks.count("records", read, all_))
    if as_json:
        typer.echo(json.dumps({"key": done.key, "facts": done.facts}))
    else:
        typer.echo(
            f"clients are named under log key {done.key}, {done.facts} facts say the same as before; when nobody needs"
            " the old topics any more, `closeknit keys retire log` deletes them"
        )


@app.command()
def retire(which: Log, *, as_json: AsJson = False) -> None:
    """Delete the topics and tables that name clients under the key before; nothing brings them back."""
    del which
    from deploy.closeknit.surroundings import environ
    from deploy.rotation import retire as retire_log

    gone = retire_log(environ())
    told = "\n".join(f"deleted {name}" for name in gone) or "there is nothing to retire: one log key alone has topics"
    typer.echo(json.dumps({"deleted": gone}) if as_json else told)


def _give_up(*, as_json: bool) -> None:
    from deploy.closeknit.surroundings import environ
    from deploy.rotation import give_up

    done = give_up(environ())
    if as_json:
        typer.echo(json.dumps({"key": done.key, "deleted": done.topics}))
        return
    for name in done.topics:
        typer.echo(f"deleted {name}")
    typer.echo(f"clients go on being named under log key {done.key}")


def _facts(epoch: "Epoch") -> dict[str, object]:
    return {
        "epoch": epoch.name,
        "data_keys": epoch.live,
        "present": epoch.present,
        "current": epoch.current,
        "kept_until": epoch.until.isoformat(),
        "fault": epoch.fault,
    }


def _line(epoch: "Epoch") -> str:
    if epoch.fault:
        stands = "its key is GONE" if epoch.fault == "gone" else "ANOTHER key is there in place of its own"
    elif not epoch.present:
        stands = "has no key yet"
    else:
        stands = "this month" if epoch.current else f"kept until {epoch.until:%Y-%m-%d}"
    return f"{epoch.name}  {epoch.live:>9} data keys  {stands}"


def _asked(ask: Callable[["Epochs"], Awaitable[Told]]) -> Told:
    from deploy.closeknit.surroundings import environ
    from services.referrals.settings import VaultSettings
    from services.referrals.vault.vault import reached_vault
    from services.runtime.clock import SystemClock
    from services.runtime.postgres import pool

    settings = VaultSettings.from_env(environ())

    async def work() -> Told:
        async with (
            pool(settings.identity_dsn, "closeknit keys", size=2, task="keys") as connections,
            reached_vault(connections, settings, SystemClock()) as vault,
        ):
            return await ask(vault.epochs)

    return asyncio.run(work())
