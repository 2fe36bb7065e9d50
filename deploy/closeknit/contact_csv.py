"""Reads a contact log from a CSV file: which column is what, which rows can be read, and why the others cannot."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO
from unicodedata import normalize

LONGEST_CELL = 1_000
FIRST_YEAR = 1900

Told = Callable[[int, int], None]
"""Called with bytes read and bytes in all."""


class BadFile(Exception):
    """The file as a whole cannot be read as a contact log. The message names line and column, never a cell."""


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that a row is read from."""

    client: str
    agency: str
    at: str
    activity: str


@dataclass(frozen=True, slots=True, repr=False)
class LogRow:
    """One readable row: `at` is aware, in UTC. Cells are trimmed and in Unicode's composed form."""

    line: int
    client: str
    agency: str
    at: datetime
    activity: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class RefusedRow:
    """One row that cannot be a contact, and why, in words that repeat nothing of it."""

    line: int
    reason: str
    cells: tuple[str, ...]


def check(path: Path, columns: Columns) -> tuple[str, ...]:
    """Read the file once through and return its header.

    Raises BadFile: it is not there, not UTF-8, not CSV, has no header, or a column is missing or there twice.
    """
    line = 0
    try:
        with _opened(path) as file:
            reader = csv.reader(file, strict=True)
            header = tuple(next(reader, ()))
            for _ in reader:
                pass
            line = reader.line_num
    except OSError as error:
        raise BadFile(f"the file cannot be opened: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadFile(f"the file is not UTF-8 (byte {error.start} of a part of it): save it as UTF-8") from None
    except csv.Error as error:
        raise BadFile(f"the file is not CSV: {error}, after line {line}") from None
    if not any(header):
        raise BadFile("the file has no header line")
    for name in (columns.client, columns.agency, columns.at, columns.activity):
        if header.count(name) != 1:
            often = "is there twice" if name in header else "is missing"
            raise BadFile(f"the column {name!r} {often}; the file has: {', '.join(map(repr, header))}")
    return header


def rows(path: Path, columns: Columns, now: datetime, told: Told = lambda *_: None) -> Iterator[LogRow | RefusedRow]:
    """Every row of a checked file in its order, readable or refused; `now` (aware) is the latest time it may name."""
    size = path.stat().st_size
    with _opened(path) as file:
        reader = csv.reader(file, strict=True)
        header = next(reader)
        places = tuple(map(header.index, (columns.client, columns.agency, columns.at, columns.activity)))
        for cells in reader:
            if cells:
                yield _row(reader.line_num, tuple(cells), len(header), places, now)
            told(_bytes_read(file, size), size)


def write_refused(path: Path, header: tuple[str, ...], refused: list[RefusedRow]) -> None:
    """Write the refused rows as CSV with a column `reason`, for the owner's eyes alone. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*header, "reason"))
        for row in refused:
            cells = (*row.cells, *[""] * (len(header) - len(row.cells)))
            writer.writerow((*cells, row.reason))


def _opened(path: Path) -> TextIO:
    return path.open(encoding="utf-8-sig", errors="strict", newline="")


def _bytes_read(file: TextIO, size: int) -> int:
    return min(file.buffer.tell(), size)


def _row(line: int, cells: tuple[str, ...], width: int, places: tuple[int, ...], now: datetime) -> LogRow | RefusedRow:
    if len(cells) != width:
        return RefusedRow(line, f"it has {len(cells)} cells where the header has {width}", cells)
    client, agency, at, activity = (normalize("NFC", cells[place]).strip() for place in places)
    for what, text in (("client", client), ("agency", agency), ("activity", activity)):
        if not text:
            return RefusedRow(line, f"the {what} is empty", cells)
        if len(text) > LONGEST_CELL or not text.isprintable():
            return RefusedRow(line, f"the {what} is too long or holds what cannot be printed", cells)
    try:
        moment = _moment(at, now)
    except ValueError as error:
        return RefusedRow(line, str(error), cells)
    return LogRow(line, client, agency, moment, activity, cells)


def _moment(text: str, now: datetime) -> datetime:
    if not text:
        raise ValueError("the time is empty")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("the time is not in RFC 3339 form, such as 2026-11-17T09:00:00-08:00") from None
    if moment.tzinfo is None:
        raise ValueError("the time has no zone: add one, such as -08:00 or Z")
    if moment.year < FIRST_YEAR:
        raise ValueError(f"the time is before {FIRST_YEAR}")
    if moment > now:
        raise ValueError("the time lies in the future")
    return moment.astimezone(UTC)
