"""What follows from sums that somebody knows: whether another sum does, and by which of those that could be kept back.

A sum names its unknowns by numbers, the least of which are got rid of first; from `TAGS` on a number is no unknown but
names the known sum itself. It is Gauss' elimination modulo a prime, exact but for multiples of that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

TAGS: Final = 1 << 40
_PRIME: Final = (1 << 61) - 1

Sum: TypeAlias = Mapping[int, int]
"""How often each unknown is in it."""


class Known:
    """Sums that are known."""

    def __init__(self, rows: Mapping[int, Sum] | None = None) -> None:
        self._rows: dict[int, Sum] = dict(rows or {})

    def copy(self) -> Known:
        """The same, to be added to."""
        return Known(self._rows)

    def add(self, known: Sum) -> None:
        """One more; what follows already from the others adds nothing."""
        row = self._rest(known)
        if row and (first := min(row)) < TAGS:
            inverse = pow(row[first], -1, _PRIME)
            self._rows[first] = {unknown: count * inverse % _PRIME for unknown, count in row.items()}

    def add_all(self, known: Iterable[Sum]) -> None:
        """Several more."""
        for each in known:
            self.add(each)

    def tells(self, asked: Sum) -> Sequence[int] | None:
        """The tags of the sums of which this one is put together, where they have one; None: it does not follow."""
        row = self._rest(asked)
        return sorted(row) if not row or min(row) >= TAGS else None

    def _rest(self, of: Sum) -> dict[int, int]:
        row = dict(of)
        while row and (known := self._rows.get(first := min(row))) is not None:
            times = row[first]
            for unknown, count in known.items():
                left = (row.get(unknown, 0) - times * count) % _PRIME
                if left:
                    row[unknown] = left
                else:
                    row.pop(unknown, None)
        return row
