"""Owns the tables that a command prints: where everything is, who may sign in, how each process is."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from contracts.initiative import load_initiatives
from deploy.local.state import State

WIDTH = 100


def console() -> Console:
    """Return stdout at its own width on a terminal, at a fixed one elsewhere."""
    plain = Console()
    return plain if plain.is_terminal else Console(width=WIDTH, no_color=True)


def show(state: State) -> None:
    """Print the sign-ins of the practice system and, where the eye is, the table of URLs."""
    settings: Mapping[str, str] = state.read("settings.json") or {}
    out = console()
    base = settings["CLOSEKNIT_PUBLIC_URL"]
    places = Table("what", "where", title="Closeknit is ready")
    for what, where in (
        ("pages (choose a sign-in there)", base),
        ("API", f"{base}/docs"),
        ("Kafka", settings["CLOSEKNIT_KAFKA"]),
        ("logs", str(state.within("logs"))),
    ):
        places.add_row(what, where)
    out.print(sign_ins(Path(settings["CLOSEKNIT_INITIATIVES"])))
    out.print(places)


def sign_ins(initiatives: Path) -> Table:
    """Return the practice sign-ins: invented people, no password."""
    table = Table("initiative", "sign in as", "role", "of", title="Ready sign-ins (invented people, no password)")
    for initiative in load_initiatives(initiatives).values():
        for person in initiative.practice:
            of = person.agency or ", ".join(person.working_groups) or initiative.name
            table.add_row(initiative.slug, person.name, ", ".join(person.roles), of)
    return table


def processes(facts: Mapping[str, Any]) -> None:
    """Print how each process is."""
    table = Table("process", "pid", "healthy", "memory", "behind", title=facts["gateway"])
    for one in facts["processes"]:
        memory = "-" if one["rss_bytes"] is None else f"{one['rss_bytes'] / 2**20:.0f} MiB"
        lag = "-" if one["lag"] is None else str(one["lag"])
        table.add_row(one["name"], str(one["pid"]), "yes" if one["healthy"] else "NO", memory, lag)
    console().print(table)
