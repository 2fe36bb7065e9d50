"""Two runs alike in everything but who the women are: what others may read is the same, byte for byte.

Then each planted leak is seen in its channel, on its journey; where none is planted nothing is seen.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from tests.privacy.compare import differences, failed, said
from tests.privacy.conftest import MakePlace
from tests.privacy.journey import HOUSING, Journey
from tests.privacy.leaks import CHANNELS, initial, trace
from tests.privacy.low import Item
from tests.privacy.place import Place
from tests.privacy.planted import Planted
from tests.privacy.run import run
from tests.privacy.scripts import declined
from tests.privacy.women import Woman, woman

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(900)]

BATCH = 252
BAND = {"age_band": ("25-29", "30-34"), "zip_group": ("fresno-city", "fresno-county-towns")}
"""What may be known of where she lives and how old she is, on either side."""

JOURNEYS = ("", *list(CHANNELS)[:-1], "", list(CHANNELS)[-1])
"""The leak of each; two have none."""

Who = Callable[[int, int], Woman]


def compared(make_place: MakePlace, who: Who, numbers: Iterable[int]) -> list[Item]:
    """What differs between two runs of these journeys."""
    numbers, items = list(numbers), []
    for side in (0, 1):
        items.append(run(make_place(), {number: who(number, side) for number in numbers}).items)
    return differences(*items)


def confirmed(make_place: MakePlace, who: Who, numbers: range) -> list[Item]:
    """What differs, and differs again alike: a race between two tasks shows once, who she is shows each time."""
    found = Counter(compared(make_place, who, numbers))
    return [*(found & Counter(compared(make_place, who, numbers))).elements()] if found else []


@pytest.mark.proof
def test_who_she_is_shows_nowhere(make_place: MakePlace, sized: Callable[[int, int], int]) -> None:
    points, wrong, told = sized(204, 5_004), 0, list[str]()
    today = make_place().at.date()
    for first in range(0, points, BATCH):
        numbers = range(first, min(first + BATCH, points))
        found = confirmed(make_place, lambda number, side: woman(number, side, today), numbers)
        wrong += failed(found)
        told += said(found)
    print(f"noninterference points={points} failed={wrong}")  # noqa: T201 - the proof's line
    assert not wrong, "\n".join(told)


def test_another_age_and_another_place_show_as_their_bands_alone(make_place: MakePlace) -> None:
    """Of two women in other bands the same is written but for the bands, where these have their place."""
    at = make_place().at.date()
    sides = [
        run(make_place(), {number: woman(number, 0, at, band=band, zips=zips) for number in (1, 2)}).items
        for band, zips in (("25-29", "city"), ("30-34", "towns"))
    ]
    changed = {
        name
        for one, other in zip(*map(records, sides), strict=True)
        for name in one.keys() | other.keys()
        if one.get(name) != other.get(name)
    }
    assert changed == BAND.keys()
    assert differences(map(in_other_band, sides[0]), sides[1]) == []


def records(items: Iterable[Item]) -> list[dict[str, str]]:
    """The values of the records on Kafka, in order."""
    written = sorted(item.content for item in items if item.channel == "kafka")
    return [json.loads(content.rsplit(b"\n", 1)[1]) for content in written]


def in_other_band(item: Item) -> Item:
    """The same with the bands of the other side where this side's are named as such."""
    content = item.content
    for name, (here, there) in BAND.items():
        for quote in (b'"', b'""'):
            named = quote + name.encode() + quote + b":" + quote
            content = content.replace(named + here.encode() + quote, named + there.encode() + quote)
    return Item(item.channel, item.journey, content)


def leaky(j: Journey) -> None:
    """There and back, and lists that others may read."""
    declined(j)
    j.tried(HOUSING, "GET", "/work")
    j.tried(HOUSING, "GET", "/directory/services?limit=5")


def pair(number: int, place: Place) -> tuple[Woman, Woman]:
    """Two who differ in whatever a leak may tell: else a leak of one bit shows in half of all pairs."""
    today = place.at.date()
    one = woman(number, 0, today)
    for side in range(1, 1_000):
        other = woman(number, side, today)
        if int(initial(one), 16) % 24 != int(initial(other), 16) % 24 and _tell_apart(one, other):
            return one, other
    raise AssertionError("nobody is unlike her")


def _tell_apart(one: Woman, other: Woman) -> bool:
    odd = {int(initial(each), 16) % 2 for each in (one, other)}
    partition = {int(initial(each), 16) % 12 for each in (one, other)}
    length = {len(each.name) % 64 for each in (one, other)}
    note, year = {len(each.note) for each in (one, other)}, {each.identity["birth_date"][:4] for each in (one, other)}
    zips = {each.identity["address"]["zip"] for each in (one, other)}
    return all(len(told) == len((one, other)) for told in (odd, partition, length, note, year, zips))


@pytest.mark.proof
def test_every_planted_leak_is_caught(make_place: MakePlace) -> None:
    places = [make_place()]
    pairs = [pair(number, places[0]) for number in range(len(JOURNEYS))]
    runs = [run(places[0], dict(enumerate(one for one, _ in pairs)), Planted(JOURNEYS), leaky)]
    runs.append(run(make_place(), dict(enumerate(other for _, other in pairs)), Planted(JOURNEYS), leaky))
    found = differences(runs[0].items, runs[1].items)
    missed = [leak for number, leak in enumerate(JOURNEYS) if leak and not caught(leak, number, pairs[number], found)]
    clean = {number for number, leak in enumerate(JOURNEYS) if not leak}
    print(f"planted-leaks points={len(CHANNELS)} failed={len(missed)}")  # noqa: T201 - the proof's line
    assert [item for item in found if item.journey in clean] == [], "nothing is planted there"
    assert missed == []


def caught(leak: str, number: int, women: tuple[Woman, Woman], found: list[Item]) -> bool:
    """Whether something differs in the channel of a leak, on its journey or with what it writes of either woman."""
    there = [item for item in found if item.channel == CHANNELS[leak]]
    traces = [trace(leak, her) for her in women]
    return any(
        item.journey == number or (item.journey is None and any(each in item.content for each in traces))
        for item in there
    )
