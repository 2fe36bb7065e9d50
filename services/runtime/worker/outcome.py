"""What may come of one record: rows, nothing, or a place in the park, and how much of the last is borne."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from services.runtime.kafka import Record

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Applied(Generic[Row]):
    """The record means these rows."""

    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Skipped:
    """The record was understood and changes nothing."""


@dataclass(frozen=True, slots=True)
class NotForUs:
    """The record is of a kind that this worker does not read."""


Outcome: TypeAlias = Applied[Row] | Skipped | NotForUs

Handler: TypeAlias = Callable[[Record], Outcome[Row]]
"""A pure function of the record; it writes nothing, asks nobody and raises InvalidRecord for what cannot be applied."""


class InvalidRecord(Exception):
    """The record cannot be applied and never will be by this code. `reason` is a fixed word, never from the record."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TooManyInvalid(Exception):
    """More records than the limit cannot be applied: then it is the code that is wrong, and the worker stops."""


class Overtaken(Exception):
    """Somebody else moved a position meanwhile: nothing was written, positions are to be read again."""
