"""Owns the search for canaries: every detail, in every disguise, in everything that was captured, in one go each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from tests.leaks.canary import FIELD_OF, Canary
from tests.leaks.disguises import ANY_CASE, EXACT, Disguise

GRAM = 6
"""Length of the shortest thing that is looked for: anything shorter is written by chance somewhere."""


AT_ONCE = 1 << 20
"""So many bytes are looked at in one go."""
_BITS = 22


@dataclass(frozen=True)
class Item:
    """Something captured. `shows`: whose details this is allowed to show, by canary and field; nothing by default."""

    channel: str
    where: str
    content: bytes = field(repr=False)
    shows: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Leak:
    """A detail of a canary in a place where it may not be."""

    channel: str
    canary: str
    fact: str
    disguise: str
    where: str


NUMBER = 9
"""Digits up to so many are found in some longer number by chance: they count only where no digit stands beside them."""


@dataclass(frozen=True)
class _Needle:
    pattern: bytes
    canary: str
    fact: str
    disguise: str

    def stands_at(self, content: bytes, place: int) -> bool:
        end = place + len(self.pattern)
        if not content.startswith(self.pattern, place):
            return False
        if len(self.pattern) > NUMBER or not self.pattern.isdigit():
            return True
        return not (content[max(0, place - 1) : place].isdigit() or content[end : end + 1].isdigit())


class Search:
    """Knows every form of some canaries; `in_` goes through what was captured."""

    def __init__(self, canaries: Sequence[Canary]) -> None:
        self._exact = _Index(_needles(canaries, EXACT))
        self._any_case = _Index(_needles(canaries, ANY_CASE, lower=True))

    def in_(self, items: Iterable[Item]) -> list[Leak]:
        """Everything found that its item may not show, each once."""
        return sorted({leak for item in items for leak in self._leaks(item)})

    def _leaks(self, item: Item) -> Iterator[Leak]:
        for content, index in ((item.content, self._exact), (item.content.lower(), self._any_case)):
            for needle in index.found(content):
                allowed = item.shows.get(needle.canary, frozenset())
                if FIELD_OF.get(needle.fact, needle.fact) not in allowed:
                    yield Leak(item.channel, needle.canary, needle.fact, needle.disguise, item.where)


class _Index:
    """Needles by what they begin with. A bit for each hash of a beginning says where it is worth looking."""

    def __init__(self, needles: Iterable[_Needle]) -> None:
        self._by_gram: dict[bytes, list[_Needle]] = {}
        for needle in needles:
            self._by_gram.setdefault(needle.pattern[:GRAM], []).append(needle)
        self._gate = np.zeros(1 << _BITS, dtype=bool)
        for gram in self._by_gram:
            self._gate[_hashes(gram)] = True

    def found(self, content: bytes) -> Iterator[_Needle]:
        """Every needle in the content, as often as it stands there."""
        for first in range(0, len(content) - GRAM + 1, AT_ONCE):
            for place in np.flatnonzero(self._gate[_hashes(content[first : first + AT_ONCE + GRAM - 1])]).tolist():
                at = first + place
                for needle in self._by_gram.get(content[at : at + GRAM], ()):
                    if needle.stands_at(content, at):
                        yield needle


def _hashes(content: bytes) -> npt.NDArray[np.uint32]:
    """A hash of the bytes from each place on (FNV-1a), as many as begin a needle."""
    letters = np.frombuffer(content, dtype=np.uint8).astype(np.uint32)
    many = len(content) - GRAM + 1
    found = np.full(many, 2166136261, dtype=np.uint32)
    for step in range(GRAM):
        found = (found ^ letters[step : step + many]) * np.uint32(16777619)
    return found >> np.uint32(32 - _BITS)


def _needles(
    canaries: Sequence[Canary], disguises: Mapping[str, Disguise], *, lower: bool = False
) -> Iterator[_Needle]:
    for canary in canaries:
        for fact, texts in canary.facts.items():
            for disguise, forms in disguises.items():
                for pattern in {form.lower() if lower else form for text in texts for form in forms(text)}:
                    if len(pattern) >= GRAM:
                        yield _Needle(pattern, canary.label, fact, disguise)
