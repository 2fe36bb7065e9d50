"""Owns the attack of who holds the rows of two agencies: which of theirs are the same woman's, by any two columns.

Each column of the one is held against each of the other, in every way in which two things may go together; how well a
way tells women who are the same from women who are not is its AUC: one half is chance, one is certainty.
"""

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Table = Mapping[str, Sequence[str]]
"""Columns by name: a value for each woman, in the same order in both tables, which the attacker does not know."""

OTHERS: Final = 4
"""So many women who are not the same, for each who is."""
STEPS: Final = 1024
CLOSE: Final = 0.02
DEVIATIONS: Final = 6.0
"""Of so many pairs of columns none goes so far by chance."""
_WIDTH: Final = 16
_HANDLE: Final = re.compile(r"[a-z2-7]{26}")
_HEX: Final = re.compile(r"[0-9a-f-]{8,}", re.IGNORECASE)
_DIGITS: Final = str.maketrans("abcdefghijklmnopqrstuvwxyz234567", "0123456789abcdefghijklmnopqrstuv")


@dataclass(frozen=True)
class Way:
    """How well one way tells by two columns who is the same."""

    one: str
    other: str
    by: str
    auc: float

    def __str__(self) -> str:
        return f"{self.one} and {self.other} by {self.by}: AUC {self.auc:.3f}"


@dataclass(frozen=True)
class Column:
    """A column as an attacker works with it: what its texts begin and end with, where they stand, their bits."""

    name: str
    codes: Whole
    beginnings: npt.NDArray[np.uint8]
    ends: npt.NDArray[np.uint8]
    ranks: npt.NDArray[np.float64]
    lengths: Whole
    bits: Words
    wide: bool

    def of(self, rows: Whole) -> "Column":
        """The same of these women, in this order."""
        return replace(
            self,
            codes=self.codes[rows],
            beginnings=self.beginnings[rows],
            ends=self.ends[rows],
            ranks=self.ranks[rows],
            lengths=self.lengths[rows],
            bits=self.bits[rows],
        )


def bound(women: int) -> float:
    """Above this it is not chance."""
    others = women * OTHERS
    deviation = math.sqrt((women + others + 1) / (12 * women * others))
    return 0.5 + max(CLOSE, DEVIATIONS * deviation)


@dataclass
class Attack:
    """Two tables of the same women; `seed` chooses who is held against whom."""

    one: Table
    other: Table
    seed: int = 1
    _codes: dict[str, int] = field(default_factory=dict)

    def ways(self) -> Iterator[Way]:
        """Every way by every two columns that are not the same for all."""
        ours, theirs = ([*self._columns(table)] for table in (self.one, self.other))
        for a in ours:
            for b in theirs:
                yield from _tried(a, b)

    def _columns(self, table: Table) -> Iterator[Column]:
        """Columns that say the same of every woman as one before them say nothing more."""
        chance, seen = np.random.default_rng(self.seed), set[tuple[int, ...]]()
        order = chance.permutation(len(next(iter(table.values()))))
        for name, values in table.items():
            column = self._column(name, values)
            mark = tuple(column.codes.tolist())
            if mark not in seen and len(set(mark)) > 1:
                seen.add(mark)
                yield column.of(order)

    def _column(self, name: str, values: Sequence[str]) -> Column:
        raw = [value.encode() for value in values]
        numbers = [number_of(value) for value in values]
        return Column(
            name,
            np.array([self._codes.setdefault(value, len(self._codes)) for value in values]),
            _bytes([each[:_WIDTH].ljust(_WIDTH, b"\0") for each in raw]),
            _bytes([each[::-1][:_WIDTH].ljust(_WIDTH, b"\0") for each in raw]),
            _ranks(values),
            np.array([len(each) for each in raw]),
            np.array([[number >> 64, number & (1 << 64) - 1] for number in numbers], dtype=np.uint64),
            len(set(values)) * 2 > len(values) and all(number.bit_length() > 64 for number in numbers),
        )


def number_of(text: str) -> int:
    """What a text is as a number of 128 bits: a handle, an id, a count, a time, else how it begins."""
    if _HANDLE.fullmatch(text):
        return int(text.translate(_DIGITS), 32) >> 2
    if text.isdecimal():
        return int(text) % (1 << 128)
    if _HEX.fullmatch(text) and (plain := text.replace("-", "")):
        return int(plain[:32].ljust(32, "0"), 16)
    try:
        return int(datetime.fromisoformat(text).timestamp() * 1_000_000) << 64
    except ValueError:
        return int.from_bytes(text.encode()[:_WIDTH].ljust(_WIDTH, b"\0"))


def _bytes(texts: Sequence[bytes]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(b"".join(texts), dtype=np.uint8).reshape(len(texts), _WIDTH)


def _ranks(values: Sequence[str]) -> npt.NDArray[np.float64]:
    """Where each stands among all, from 0 to 1; equal ones stand in the middle of theirs."""
    counted = all(re.fullmatch(r"-?\d{1,15}", value) for value in values)
    keys: Any = np.array([int(value) for value in values]) if counted else np.array(values)
    _, where, counts = np.unique(keys, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray(((ends - counts / 2) / len(values))[where], dtype=np.float64)


def _auc(same: Whole, others: Whole) -> float:
    """How often a score of the same woman is above one of two others, half where they are alike."""
    ours, theirs = (np.bincount(scores, minlength=STEPS + 1) for scores in (same, others))
    below = np.cumsum(theirs) - theirs / 2
    return float((ours * below).sum() / (len(same) * len(others)))


Score = Callable[[Column, Column], Whole]


def _alike(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> Whole:
    return np.asarray(np.cumprod(one == other, axis=1).sum(axis=1))


def _agreeing(a: Column, b: Column) -> Whole:
    return np.asarray(128 - np.bitwise_count(a.bits ^ b.bits).sum(axis=1, dtype=np.int64))


SCORES: Final[Mapping[str, Score]] = {
    "equality": lambda a, b: (a.codes == b.codes).astype(np.int64),
    "beginning": lambda a, b: _alike(a.beginnings, b.beginnings),
    "end": lambda a, b: _alike(a.ends, b.ends),
    "order": lambda a, b: ((1 - np.abs(a.ranks - b.ranks)) * STEPS).astype(np.int64),
    "order turned": lambda a, b: ((1 - np.abs(a.ranks + b.ranks - 1)) * STEPS).astype(np.int64),
    "length": lambda a, b: STEPS - np.minimum(np.abs(a.lengths - b.lengths), STEPS),
    "bits": _agreeing,
}
"""What makes two values alike, from 0 to STEPS; what makes them unlike tells as much."""


def _tried(a: Column, b: Column) -> Iterator[Way]:
    women = len(a.codes)
    all_of = np.arange(women)
    unlike = [np.roll(all_of, shift) for shift in _shifts(women)]
    there, here = b.of(np.concatenate(unlike)), a.of(np.tile(all_of, OTHERS))
    for by, score in SCORES.items():
        auc = _auc(score(a, b), score(here, there))
        yield Way(a.name, b.name, by, max(auc, 1 - auc))
    if a.wide and b.wide:
        for by, learn in LEARNED.items():
            yield Way(a.name, b.name, by, _learned(learn, (a, b), (here, there)))


def _shifts(women: int) -> list[int]:
    return [1 + women * part // (OTHERS + 1) for part in range(1, OTHERS + 1)]


def _learned(learn: "Learn", same: tuple[Column, Column], others: tuple[Column, Column]) -> float:
    """What half of the women teach an attacker who knows them, tried on the other half, and the other way round."""
    women = len(same[0].codes)
    first = np.arange(women) % 2 == 0
    found = []
    for known in (first, ~first):
        score = learn(*(column.of(np.flatnonzero(known)) for column in same))
        tried, apart = np.flatnonzero(~known), np.flatnonzero(np.tile(~known, OTHERS))
        found.append(_auc(score(*(each.of(tried) for each in same)), score(*(each.of(apart) for each in others))))
    return sum(found) / len(found)


Learn = Callable[[Column, Column], Score]


def _by_xor(a: Column, b: Column) -> Score:
    weights = _unpacked(a.bits ^ b.bits).mean(axis=0) - 0.5

    def score(a: Column, b: Column) -> Whole:
        told = _unpacked(a.bits ^ b.bits) @ weights / max(np.abs(weights).sum(), 1e-9)
        return np.asarray(((told + 1) / 2 * STEPS).clip(0, STEPS).astype(np.int64))

    return score


def _unpacked(bits: Words) -> npt.NDArray[np.float32]:
    return np.unpackbits(bits.view(np.uint8), axis=1).astype(np.float32)


def _by_turn(turned: Callable[[Words, Words], Words]) -> Learn:
    """Whether a sum or difference comes again: as an angle, whose mean is what it is."""

    def angle(a: Column, b: Column) -> npt.NDArray[np.float64]:
        return np.asarray(turned(a.bits[:, 0], b.bits[:, 0]).astype(np.float64) / 2.0**64 * 2 * np.pi)

    def learn(a: Column, b: Column) -> Score:
        middle = float(np.angle(np.exp(1j * angle(a, b)).mean()))
        return lambda a, b: ((np.cos(angle(a, b) - middle) + 1) / 2 * STEPS).astype(np.int64)

    return learn


LEARNED: Final[Mapping[str, Learn]] = {
    "xor": _by_xor,
    "difference": _by_turn(lambda a, b: np.asarray(a - b)),
    "sum": _by_turn(lambda a, b: np.asarray(a + b)),
}
