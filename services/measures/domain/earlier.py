"""What may be shown of a measure beside what was published of it before, over times that overlap (rule R24).

What is published stays as it is; whatever would follow from it and from more is hidden of what is new. A cell is hidden
where it and others leave a few (`timeline`). Then nothing that is hidden in any release, and no few of some quarters,
may follow from what is shown, however it is added up (`following`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeAlias

from services.measures.domain.following import Followed
from services.measures.domain.overlap import Hiding, Place, Table, Tables, is_hidden, places
from services.measures.domain.row import NUMBERS, Part, Row, Shown
from services.measures.domain.suppression import Cell
from services.measures.domain.timeline import THE_TOTAL, Earlier, Read, Time, Timeline, in_time, said

Left: TypeAlias = Callable[[Place, Time], Row]
"""What is counted of a row in some quarters alone."""


class Sheet(NamedTuple):
    """A measure as it was counted over a time; `left` and `detail` are asked for where that overlaps with others."""

    total: Row
    tables: Mapping[str, Table]
    time: Time
    left: Left
    pieces: bool = False
    detail: Callable[[Place], Mapping[str, Any] | None] = lambda place: None


def hide_beside(sheet: Sheet, earlier: Sequence[Earlier], closed: Collection[Cell] = ()) -> Tables:
    """The total and the tables with every cell hidden that must be, and those that are `closed` for another reason."""
    return Beside(sheet, earlier).hide(closed)


class Beside:
    """A measure beside what was published of it: made once, and asked as often as more is closed for other reasons."""

    def __init__(self, sheet: Sheet, earlier: Sequence[Earlier]) -> None:
        self._published = _WithEarlier(_with_rows(sheet, earlier), earlier) if earlier else None
        self._hiding = Hiding(sheet.total, self._published.sheet.tables if self._published else sheet.tables)

    def hide(self, closed: Collection[Cell] = ()) -> Tables:
        """The total and the tables with every cell hidden that must be, and those that are `closed`."""
        beside, hiding, looked_at = self._published, self._hiding.copy(), set[Cell]()
        hiding.close(closed)
        while True:
            found = hiding.shown()
            rows = dict(places(found)) if beside else {}
            if beside is None or not (more := set(beside.few(rows, looked_at)) or set(beside.told(rows))):
                return found
            hiding.close(more)

    def known(self, found: Tables, part: Part) -> set[Place]:
        """Rows of which a part is hidden, and follows from what was published all the same: they hide nothing else."""
        if self._published is None:
            return set()
        return set(self._published.known([place for place, row in places(found) if is_hidden(row, part)], part))


def _both_say(before: Mapping[str, Any], now: Mapping[str, Any]) -> Mapping[str, Any]:
    """What stood beside the numbers, without what of a spread is hidden now: it tells of no late fact."""
    if "spread" not in before or "spread" not in now:
        return before
    return {"spread": {name: value if now["spread"][name] is not None else None
                       for name, value in before["spread"].items()}}  # fmt: skip


def _with_rows(sheet: Sheet, earlier: Sequence[Earlier]) -> Sheet:
    """With a row for whatever an earlier release has one: that it is gone would tell, too."""
    nothing, tables = sheet.total - sheet.total, {}
    for name, table in sheet.tables.items():
        more = {label for each in earlier for label in each.tables.get(name, ())} - table.rows.keys()
        tables[name] = replace(table, rows={**table.rows, **dict.fromkeys(sorted(more), nothing)})
    return sheet._replace(tables=tables)


class _WithEarlier:
    """What is new, and what there is of it in releases before."""

    def __init__(self, sheet: Sheet, earlier: Sequence[Earlier]) -> None:
        self.sheet = sheet
        self._parts = tuple(Part) if sheet.pieces else NUMBERS
        places = [THE_TOTAL, *(Place(name, each) for name, table in sheet.tables.items() for each in table.rows)]
        counts = sheet.total.denominator is None
        self._published = [read for each in earlier for read in each.read(places, counts=counts)]
        self._line = Timeline(rates=sheet.total.exposed is not None, sensitive=sheet.total.sensitive)
        for read in self._published:
            self._line.add(*read)
        self._followed = Followed(sheet.total, sheet.tables, self._published, sheet.time, sheet.left)

    def few(self, rows: Mapping[Place, Shown], looked_at: set[Cell]) -> Iterator[Cell]:
        """Cells that leave a few, taken together with what was published; those `looked_at` by now are passed over."""
        time, line = self.sheet.time, self._line.copy()
        for place, row in rows.items():
            line.add(*in_time(place, time), row)
        for place, row in rows.items():
            for part in (part for part in self._parts if not is_hidden(row, part)):
                if (cell := Cell(*place, part)) in looked_at:
                    continue
                if in_time(place, time)[0] != THE_TOTAL:  # of which other rows here are a part
                    looked_at.add(cell)
                if part is Part.DETAIL:
                    told = self._says_otherwise(place, row)
                else:
                    told = line.tells_of_few(place, part, time, line.numbers(row, part))
                if told:
                    yield cell

    def _says_otherwise(self, place: Place, row: Shown) -> bool:
        """Whether the pieces of this very time were others, though no number of the row is."""
        now, numbers = said(self.sheet.detail(place)), (row.numerator, row.denominator)
        return any(
            _both_say(said(before.detail), now) != now and (before.numerator, before.denominator) == numbers
            for at, time, before in self._published
            if (at, time) == in_time(place, self.sheet.time) and not is_hidden(before, Part.DETAIL)
        )

    def told(self, rows: Mapping[Place, Shown]) -> Iterator[Cell]:
        """Cells without which nothing follows that is hidden, or few."""
        for part in self._parts:
            shown = [place for place, row in rows.items() if not is_hidden(row, part)]
            hidden = [
                Read(*in_time(place, self.sheet.time), row) for place, row in rows.items() if is_hidden(row, part)
            ]
            yield from (Cell(*place, part) for place in self._followed.told(part, shown, hidden))

    def known(self, hidden: Sequence[Place], part: Part) -> Iterator[Place]:
        """Those of which a part follows from what was published."""
        return (place for place in hidden if self._followed.is_known(part, *in_time(place, self.sheet.time)))
