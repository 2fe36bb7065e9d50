"""Owns what it means that two runs are the same: each wrote each item as often as the other, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.privacy.low import Item


def differences(one: Iterable[Item], other: Iterable[Item]) -> list[Item]:
    """What one of two runs wrote and the other did not."""
    left, right = Counter(one), Counter(other)
    return [*(left - right).elements(), *(right - left).elements()]


def failed(found: Iterable[Item]) -> int:
    """How many journeys differ; what is on nobody's counts as one more in each channel."""
    journeys, beside = set[int](), set[str]()
    for item in found:
        if item.journey is None:
            beside.add(item.channel)
        else:
            journeys.add(item.journey)
    return len(journeys) + len(beside)


def said(found: Iterable[Item], most: int = 12) -> Iterator[str]:
    """The first differences of each channel: women of tests are invented, so their text may be shown."""
    shown = Counter[str]()
    for item in found:
        shown[item.channel] += 1
        if shown[item.channel] <= most:
            yield f"{item.channel}, journey {item.journey}: {item.content[:800].decode(errors='replace')}"
