"""Owns the search for canaries: every detail, in every disguise, in everything that was captured, in one go each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tests.leaks.canary import FIELD_OF, Canary
from tests.leaks.disguises import ANY_CASE, EXACT, Disguise

GRAM = 6
"""Length of the shortest thing that is looked for: anything shorter is written by chance somewhere."""


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
        self._exact = _index(canaries, EXACT)
        self._any_case = _index(canaries, ANY_CASE, lower=True)

    def in_(self, items: Iterable[Item]) -> list[Leak]:
        """Everything found that its item may not show, each once."""
        return sorted({leak for item in items for leak in self._leaks(item)})

    def _leaks(self, item: Item) -> Iterator[Leak]:
        for content, index in ((item.content, self._exact), (item.content.lower(), self._any_case)):
            for needle in _found(content, index):
                allowed = item.shows.get(needle.canary, frozenset())
                if FIELD_OF.get(needle.fact, needle.fact) not in allowed:
                    yield Leak(item.channel, needle.canary, needle.fact, needle.disguise, item.where)


_Index = dict[bytes, list[_Needle]]


def _index(canaries: Sequence[Canary], disguises: Mapping[str, Disguise], *, lower: bool = False) -> _Index:
    index: _Index = {}
    for canary in canaries:
        for fact, texts in canary.facts.items():
            for disguise, forms in disguises.items():
                for pattern in {form.lower() if lower else form for text in texts for form in forms(text)}:
                    if len(pattern) >= GRAM:
                        needle = _Needle(pattern, canary.label, fact, disguise)
                        index.setdefault(pattern[:GRAM], []).append(needle)
    return index


def _found(content: bytes, index: _Index) -> Iterator[_Needle]:
    for place in range(len(content) - GRAM + 1):
        if needles := index.get(content[place : place + GRAM]):
            yield from (needle for needle in needles if needle.stands_at(content, place))
