"""On whose behalf a process asks its database: agencies, or a named task across them; row-level security reads it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Task = Literal[
    "codes",  # a client's way in by a code, before it is known which agency gave it to her
    "deciding",  # what a command has to know of all agencies' work with a client
    "directory",  # when services were last asked, and how soon they answer
    "history",  # a made-up history, in development (append_history says it by itself)
    "import",  # many agencies' records at once, by an operator
    "keys",  # data keys wrapped anew, destroyed
    "letters",  # an answer by the code of a letter, before it is known whose it is
    "rebuild",  # the work index made anew from the events, or compared with them
    "sealing",  # copies for receivers, from vault to vault
    "shared",  # what the other side of a referral wrote for it, once the application knows that it may be read
    "sweep",  # what no event names, what is out of date
    "timers",  # what happens because nobody did anything
]
"""What may look across agencies. Each policy (migrations/*_row_security.sql) names those that it lets through."""


@dataclass(frozen=True, slots=True)
class Behalf:
    """Agencies that ask, and tasks that ask across them. Neither: nobody, to whom no agency's row is there."""

    agencies: frozenset[str] = frozenset()
    tasks: frozenset[Task] = frozenset()

    def __or__(self, other: "Behalf") -> "Behalf":
        return Behalf(self.agencies | other.agencies, self.tasks | other.tasks)


NOBODY: Final = Behalf()
_NOW: ContextVar[Behalf] = ContextVar("behalf", default=NOBODY)


class NobodyAsks(RuntimeError):
    """A connection was asked for without saying on whose behalf: a mistake of ours, which would find nothing."""


def behalf() -> Behalf:
    """On whose behalf this request or task asks."""
    return _NOW.get()


def ask_for(agency: str | None) -> None:
    """From here on this request asks for this agency and nobody else; None: for nobody yet."""
    _NOW.set(_of_agency(agency) if agency else NOBODY)


def ask_also_for(agency: str) -> None:
    """From here on this request asks for this agency as well: the application knows that it speaks for it."""
    _NOW.set(_NOW.get() | _of_agency(agency))


def ask_also_across(task: Task) -> None:
    """From here on this request asks for a task as well: for what is read once who decides it has returned."""
    _NOW.set(_NOW.get() | Behalf(tasks=frozenset({task})))


@contextmanager
def across(task: Task) -> Iterator[None]:
    """Ask on behalf of a task as well, for as long as the block runs."""
    before = _NOW.get()
    ask_also_across(task)
    try:
        yield
    finally:
        _NOW.set(before)


@lru_cache(maxsize=4096)
def _of_agency(agency: str) -> Behalf:
    return Behalf(frozenset({agency}))


def said(asking: Iterable[Behalf]) -> str:
    """The value of `closeknit.asks` for what these ask together: agencies, and tasks behind an @, with commas."""
    first, *others = set(asking) or {NOBODY}
    for each in others:
        first |= each
    return _said(first)


def option(task: Task) -> str:
    """The option of a connection that asks for one task as long as nothing else is said."""
    return f"-c closeknit.asks={_said(Behalf(tasks=frozenset({task})))}"


@lru_cache(maxsize=4096)
def _said(asking: Behalf) -> str:
    if any("," in agency or agency.startswith("@") for agency in asking.agencies):
        raise ValueError("no agency's id holds a comma, or begins with an @")
    return ",".join([*sorted(asking.agencies), *(f"@{task}" for task in sorted(asking.tasks))])
