"""A reader who adds up whatever was published of a measure, over all releases, and sees what else follows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Any, Protocol

import numpy as np

from tests.prove.tally import Tally

Sum = Mapping[Any, int]
"""How often each unknown, say the clients of a row in one quarter, is in a number."""


@dataclass
class Reader:
    """What somebody has read: sums of unknowns that she knows, whatever they come to."""

    known: list[Sum] = field(default_factory=list)

    def follow(self, asked: Sequence[Sum]) -> list[bool]:
        """Of each sum whether it follows from those that are known."""
        unknowns = {each: place for place, each in enumerate(dict.fromkeys(chain(*self.known, *asked)))}
        if not unknowns or not asked:
            return [False] * len(asked)
        open_ = null_space(_matrix(self.known, unknowns))
        moves = _matrix(asked, unknowns) @ open_
        return [bool(np.all(np.abs(row) < 1e-8)) for row in moves]


def null_space(matrix: np.ndarray) -> np.ndarray:
    """Every way in which the unknowns can be others though all that is known stays."""
    _, sizes, rows = np.linalg.svd(matrix)
    return rows[int((sizes > 1e-9).sum()) :].T


def _matrix(sums: Sequence[Sum], unknowns: Mapping[object, int]) -> np.ndarray:
    found = np.zeros((max(len(sums), 1), len(unknowns)))
    for row, each in enumerate(sums):
        for unknown, count in each.items():
            found[row, unknowns[unknown]] = count
    return found


def some_of(quarters: Iterable[str]) -> Iterator[Set[str]]:
    """Every choice of some quarters."""
    each = sorted(quarters)
    yield from (set(some) for count in range(1, len(each) + 1) for some in combinations(each, count))


class Told(Protocol):
    """What was published of a world."""

    @property
    def shown(self) -> int:
        """How many cells are open."""

    def leaks(self) -> Iterator[str]:
        """What follows from it that shall not."""


def keeps_all_to_itself(
    tally: Tally, worlds: int, guarded: Callable[[int], Told], plain: Callable[[int], Told]
) -> float:
    """Look at so many worlds; the share of cells that are shown still, of those where nobody looks. `plain` is that."""
    shown = by_itself = 0
    for seed in range(worlds):
        found = guarded(seed)
        shown, by_itself = shown + found.shown, by_itself + plain(seed).shown
        tally.check(not (leaks := list(found.leaks())), f"world {seed}: {leaks}")
    tally.close()
    return shown / by_itself
