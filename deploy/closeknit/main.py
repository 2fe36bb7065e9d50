"""Owns the command `closeknit`: which commands there are, and what a failure says and exits with."""

import os
import sys
import traceback

import typer

from deploy.closeknit import (
    consume,
    demo,
    down,
    explain,
    imports,
    initiative,
    keys,
    measures,
    migrate,
    rebuild,
    relay,
    release,
    serve,
    settled,
    shred,
    simulate,
    status,
    timers,
    token,
    topics,
    up,
    verify,
)

FAILED = 1
PART_MISSING = 3
# What an error's own sentence may be shown of, by the exit code it means: these never hold a value of a row or a body.
SPOKEN = {
    "AlreadyRunning": FAILED,
    "ChildFailed": FAILED,
    "MigrationProblem": FAILED,
    "BadInitiative": FAILED,
    "NothingThere": FAILED,
    "AlreadyOtherwise": FAILED,
    "EpochInUse": FAILED,
    "RotationProblem": FAILED,
    "RebuildProblem": FAILED,
    "NotErased": FAILED,
    "PartMissing": PART_MISSING,
    "NotInProduction": PART_MISSING,
    "SettingsProblem": PART_MISSING,
    "KeyProblem": PART_MISSING,
    "StrongRole": PART_MISSING,
    "KafkaProblem": PART_MISSING,
    "Unavailable": PART_MISSING,
}
AWAY = {
    "OperationalError": "PostgreSQL does not answer: is the system up? `closeknit up` starts it here.",
    "NoBrokersAvailable": "Kafka does not answer: is the system up? `closeknit up` starts it here.",
    "KafkaTimeoutError": "Kafka does not answer: is the system up? `closeknit up` starts it here.",
    "KafkaConnectionError": "Kafka does not answer: is the system up? `closeknit up` starts it here.",
    "Away": "The public API does not answer: is the system up? `closeknit up` starts it here.",
    "ModuleNotFoundError": "A package of this command is not installed: run `make setup`.",
}

app = typer.Typer(
    help="Closed-loop referrals for pregnancy care, on an event log.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for process in (relay, timers, consume):
    called = process.__name__.rsplit(".", 1)[1]
    app.command(called, cls=settled.by(called))(process.run)
for command in (demo, up, down, status, migrate, topics, token, simulate, verify, shred):
    app.command(command.__name__.rsplit(".", 1)[1])(command.run)
app.command("hold")(shred.hold)
for name, group in (
    ("serve", serve),
    ("import", imports),
    ("rebuild", rebuild),
    ("explain", explain),
    ("keys", keys),
    ("measures", measures),
    ("release", release),
    ("initiative", initiative),
):
    app.add_typer(group.app, name=name)


def main() -> None:
    """Run a command; an error ends as one sentence and an exit code, never as a value of a record."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001 -- the outermost place: nothing may print an error's text unseen
        sentence, code = said(error)
        typer.echo(f"closeknit: {sentence}", err=True)
        if os.environ.get("CLOSEKNIT_LOG_LEVEL") == "DEBUG":
            typer.echo("".join(traceback.format_tb(error.__traceback__)), err=True)
        sys.exit(code)


def said(error: Exception) -> tuple[str, int]:
    """Return the sentence and the exit code of an error; of an unknown one its type and place alone."""
    for kind in type(error).__mro__:
        if kind.__name__ in SPOKEN:
            return str(error), SPOKEN[kind.__name__]
        if kind.__name__ in AWAY:
            return AWAY[kind.__name__], PART_MISSING
    from services.runtime.telemetry import describe

    return ", ".join(describe(error).values()), FAILED


if __name__ == "__main__":
    main()
