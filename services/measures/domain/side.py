"""Some units of a row, by their standing or their kind in a mix: how many, who is behind them, which part shows it."""

from __future__ import annotations

from services.measures.domain.behind import NOBODY, Behind
from services.measures.domain.measure import Side, Standing
from services.measures.domain.row import Part, Row, Shown


def part_of(side: Side) -> Part:
    """The part of a row that shows how many there are."""
    if not isinstance(side, Standing):
        return Part.DETAIL
    return Part.RATE if side in {Standing.MET, Standing.UNMET} else Part(side)


def number(row: Row | Shown, side: Side) -> int | None:
    """How many there are, None where that is hidden or the kind was put together with others."""
    if not isinstance(side, Standing):
        return _of_kind(row, side.code)
    if side is Standing.MET or row.numerator is None:
        return row.numerator if part_of(side) is Part.RATE else int(getattr(row, side))
    return (row.denominator or 0) - row.numerator if side is Standing.UNMET else int(getattr(row, side))


def _of_kind(row: Row | Shown, code: str) -> int | None:
    if isinstance(row, Row):
        return row.pieces[code].units if code in row.pieces else None
    if row.numerator == 0:
        return 0
    shares = (row.detail or {}).get("shares", {}) if row.tells else {}
    return int(shares[code]) if code in shares else None


def behind(row: Row, side: Side) -> Behind:
    """The agencies that had a part in them."""
    if not isinstance(side, Standing):
        return row.pieces[side.code].behind if side.code in row.pieces else NOBODY
    return row.behind.get(side, NOBODY)
