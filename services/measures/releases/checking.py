"""Looks at a release as it is stored: that its cells are those that were hashed, and that none tells of a few (R24)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from psycopg import Connection

from services.measures.definitions import find
from services.measures.domain.behind import SMALL
from services.measures.domain.derived import derived
from services.measures.domain.measure import By, Definition, Kind
from services.measures.domain.overlap import is_hidden
from services.measures.domain.row import NUMBERS, Part
from services.measures.domain.suppression import Shown
from services.measures.releases import ledger
from services.measures.releases.cells import SEVERAL
from services.measures.releases.document import Measured
from services.measures.releases.ledger import MeasureOf


@dataclass(frozen=True)
class Checked:
    """What a look at a release found: cells shown and hidden, and what is wrong, in words that name no number.

    `views` are its tables of groups; those `whole` hide no group, those `dark` show none.
    """

    shown: int
    hidden: int
    wrong: tuple[str, ...]
    views: int
    whole: tuple[str, ...]
    dark: tuple[str, ...]


_NUMBERS: Final = ("numerator", "denominator", "missing", "pending", "excluded")


def check(connection: Connection[Any], release: UUID) -> Checked:
    """Checks every table. Raises UnknownRelease, and UnknownMeasure when a measure is not defined any more."""
    found = ledger.find(connection, release)
    shown = hidden = 0
    wrong: list[str] = []
    views: dict[str, tuple[bool, bool]] = {}
    for measure in found.measures:
        tables = {by: dict(ledger.figures(connection, found.id, measure.id, by)) for by in measure.by}
        rows = [row for table in tables.values() for row in table.values()]
        shown += sum(getattr(row, part.value if part is not Part.RATE else "numerator") is not None
                     for row in rows for part in NUMBERS)  # fmt: skip
        hidden += sum(is_hidden(row, part) for row in rows for part in NUMBERS)
        definition = find(measure.id, measure.version)
        if Measured(definition, tables, {}).sha256 != measure.cells_sha256:
            wrong.append(f"{measure.id}: the stored cells are not those that were hashed")
        wrong += told(measure, tables, 0 if definition.sensitive else 1)
        wrong += derived_too_far(definition, tables)
        views |= {
            f"{measure.id} by {by}": _seen(definition, table.values())
            for by, table in tables.items()
            if by is not By.NONE
        }
    whole = tuple(view for view, (_, hides) in views.items() if not hides)
    dark = tuple(view for view, (shows, _) in views.items() if not shows)
    return Checked(shown, hidden, tuple(wrong), len(views), whole, dark)


def _seen(definition: Definition, rows: Iterable[Shown]) -> tuple[bool, bool]:
    """Whether a table shows some group, and whether it hides one or what stands beside it; nobody there is neither."""
    kept = list(rows)
    beside = definition.kind not in {Kind.PROPORTION, Kind.CLIENTS}
    shows = any(row.numerator or row.denominator for row in kept)
    return shows, any(is_hidden(row, Part.RATE) or (beside and row.denominator and not row.detail) for row in kept)


def told(measure: MeasureOf, tables: Mapping[By, Mapping[str, Shown]], least: int) -> Iterator[str]:
    """What a reader of the tables can read off, or work out, that R24 keeps from her."""
    [total] = tables[By.NONE].values()
    for by, rows in tables.items():
        for label, row in rows.items():
            if any(least <= number <= SMALL for number in _numbers(row, counts_clients=measure.counts_clients)):
                yield f"{measure.id} by {by}: a small number is shown in {label or 'the total'}"
        for part in NUMBERS:
            closed = sum(is_hidden(row, part) for row in rows.values())
            if by not in SEVERAL and by is not By.NONE and closed + is_hidden(total, part) == 1:
                yield f"{measure.id} by {by}: one {part} is hidden alone"


def derived_too_far(definition: Definition, tables: Mapping[By, Mapping[str, Shown]]) -> Iterator[str]:
    """Rows in which a mean, a median or a ninth decile says more than the bands may be told of."""
    for by, rows in tables.items():
        for label, row in rows.items():
            spread = (row.detail or {}).get("spread")
            if spread and derived(spread, definition) != spread:
                yield f"{definition.id} by {by}: more than its bands follows in {label or 'the total'}"


def _numbers(row: Shown, *, counts_clients: bool) -> Iterator[int]:
    yield from (number for name in _NUMBERS if (number := getattr(row, name)) is not None)
    if row.numerator is not None and row.denominator is not None and not counts_clients:
        yield row.denominator - row.numerator
