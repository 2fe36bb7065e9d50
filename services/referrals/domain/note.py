"""That something typed or uploaded is kept in the vault, and what it belongs to: stored only, never its words."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, TypeAlias, assert_never
from uuid import UUID

from services.referrals.domain.fact import Fact, ForeignFact, Happened
from services.referrals.domain.frozen import frozen

# Commands


@frozen(kw_only=True)
class KeepNote:
    """An agency keeps a note under this id of the vault; it may belong to a referral or a contact."""

    agency: str
    at: datetime
    note: UUID
    is_file: bool = False
    referral: UUID | None = None
    contact: UUID | None = None


NoteCommand: TypeAlias = KeepNote

# Events


class NoteKept(Fact):
    """A note is kept. Its stream's id is the note's own id for whoever looks for the event of a note."""

    TYPE: ClassVar[str] = "note.kept.v1"
    note: UUID
    is_file: bool = False
    referral: UUID | None = None
    contact: UUID | None = None


NoteFact: TypeAlias = NoteKept

# State


@frozen
class Note:
    """A kept note: what it belongs to, since when (UTC), and whose it is."""

    kept: NoteKept
    at: datetime
    agency: str


def decide(command: NoteCommand, state: Note | None) -> tuple[NoteFact, ...]:
    """It is kept once: the same again changes nothing (R12)."""
    match command:
        case KeepNote():
            if state is not None:
                return ()
            kept = NoteKept(
                note=command.note, is_file=command.is_file, referral=command.referral, contact=command.contact
            )
            return (kept,)
        case _:
            assert_never(command)


def evolve(state: Note | None, fact: NoteFact, at: datetime, agency: str) -> Note:
    """The note after one more fact."""
    match fact:
        case NoteKept():
            return state or Note(kept=fact, at=at, agency=agency)
        case _:
            assert_never(fact)


def fold(history: Iterable[Happened]) -> Note | None:
    """The note that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: Note | None = None
    for happened in history:
        if not isinstance(happened.fact, NoteFact):
            raise ForeignFact(happened.fact)
        state = evolve(state, happened.fact, happened.at, happened.agency)
    return state
