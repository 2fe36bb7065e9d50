"""By what the groups of a released table are compared: shares, rates, and what was reached within a time.

A count of clients, a mix and a spread have no one rate by which groups could be compared.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from services.measures.api.said import Gaps, Unit, gaps_of
from services.measures.domain.counted import Counted, Said, Share
from services.measures.domain.interval import Estimate
from services.measures.domain.measure import Direction, Kind
from services.measures.domain.suppression import Shown

_NO_ONE = Share(0, 0)


def compared(
    rows: Iterable[tuple[str, Shown]], total: Shown, measure: tuple[Kind, Direction], reference: str | None
) -> Gaps | None:
    """The gaps of a table; None for a measure of another kind, and as `gaps_of`."""
    kind, direction = measure
    unit = unit_of(total, kind)
    if unit is None:
        return None
    groups = {label: counted_of(row, kind, unit) for label, row in rows}
    return gaps_of(groups, reference, counted_of(total, kind, unit), direction, unit)


def unit_of(total: Shown, kind: Kind) -> Unit | None:
    """What a table's differences are of; None where they are of nothing, or it is not shown."""
    detail = total.detail or {}
    match kind:
        case Kind.PROPORTION:
            return Unit()
        case Kind.RATE if "rate" in detail:
            return Unit(per=detail["rate"]["per"])
        case Kind.TIME if detail.get("course", {}).get("within"):
            return Unit(within_days=max(map(float, detail["course"]["within"])))
        case _:
            return None


def counted_of(row: Shown, kind: Kind, unit: Unit) -> Counted | None:
    """What a row is compared by; None where it is hidden."""
    if row.numerator is None or row.denominator is None:
        return None
    if kind is Kind.PROPORTION:
        return Share(row.numerator, row.denominator)
    if not row.denominator:
        return _NO_ONE
    detail = row.detail or {}
    if kind is Kind.RATE:
        rate = detail.get("rate")
        return _said(rate, row.denominator / (unit.per or 1)) if rate else None
    course = detail.get("course")
    if course is None:
        return None
    within = {float(mark): share for mark, share in course["within"].items()}
    share = within.get(unit.within_days or 0.0)
    return _NO_ONE if share is None else _said(share, row.denominator)


def _said(estimate: dict[str, Any], size: float) -> Said:
    return Said(Estimate(*(estimate[name] for name in ("value", "low", "high", "unstable"))), size)
