"""A table of a release for a spreadsheet (RFC 4180): "too few to show" where something is hidden, else as it is.

Names of columns and rows are codes, the same in every language; what is said in words is said in the one asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from services.measures.api.shapes import FigureRow, Figures
from services.measures.domain.measure import By, Kind

_NUMBERS: Final = ("numerator", "denominator", "percent", "low", "high", "missing", "pending", "excluded")
_SHARE: Final = ("percent", "low", "high")
_BESIDE: Final = ("shares", "course", "spread", "rate")


class _Words(NamedTuple):
    """What a table says in words; the rest of it are numbers and codes."""

    too_few: str
    under_1: str
    over_99: str


_WORDS: Final = {
    "en": _Words("too few to show", "under 1", "over 99"),
    "es": _Words("muy pocos para mostrar", "menos de 1", "más de 99"),
}


def written(table: Figures, language: str | None = None) -> str:
    """The rows and the total; an empty field where there is nothing to say. What stands beside comes last.

    English where a language has no words here.
    """
    words = _WORDS.get(language or "", _WORDS["en"])
    rows = [*table.rows, table.total]
    beside = [_beside(row) for row in rows]
    more = list(dict.fromkeys(name for found in beside for name in found))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["release", "measure", "version", "cutoff", _column(table.by), *_NUMBERS, *more])
    for row, found in zip(rows, beside, strict=True):
        start = [table.name, table.measure.measure, table.measure.version, table.cutoff.isoformat()]
        few = {name for name in more if not found or _is_hidden(row, found, name)}
        last = [words.too_few if name in few else _plain(found.get(name)) for name in more]
        writer.writerow([*start, row.label or "total", *_numbers(row, table.measure.kind, words), *last])
    return text.getvalue()


def _column(by: By) -> str:
    """What its rows are: groups, or all together."""
    return "of" if by is By.NONE else str(by)


def _numbers(row: FigureRow, kind: Kind, words: _Words) -> list[float | str]:
    hidden = {name: words.too_few for name in _NUMBERS if getattr(row, name) is None}
    if row.percent == 0 and row.numerator:
        hidden["percent"] = words.under_1
    if row.percent == 100 and row.numerator != row.denominator:  # noqa: PLR2004 - all
        hidden["percent"] = words.over_99
    if kind is Kind.CLIENTS:
        hidden["denominator"] = ""
    if kind is not Kind.PROPORTION or row.denominator == 0:
        hidden |= dict.fromkeys(_SHARE, "")
    return [hidden.get(name, getattr(row, name)) for name in _NUMBERS]


def _beside(row: FigureRow) -> Mapping[str, Any]:
    """What stands beside a row's numbers, each by its path: `course.within.7.value`."""
    said = row.model_dump()
    return dict(_flat("", {name: said[name] for name in _BESIDE if said[name] is not None}))


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _flat(f"{path}.{name}" if path else str(name), each)
    else:
        yield path, value


def _is_hidden(row: FigureRow, found: Mapping[str, Any], name: str) -> bool:
    """Whether something of a spread is left out: where there is a unit, each has a value."""
    return bool(row.numerator) and name.startswith("spread.") and name in found and found[name] is None


def _plain(value: Any) -> Any:
    return "" if value is None else value
