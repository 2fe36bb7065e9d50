"""Two runs alike in everything but who the women are: what others may read is the same, byte for byte.

Then each planted leak is seen in its channel, on its journey; where none is planted nothing is seen.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import count

import pytest

from tests.leaks.search import Leak
from tests.privacy.compare import differences, failed, said
from tests.privacy.conftest import MakePlace
from tests.privacy.house import House
from tests.privacy.journey import HOUSING, Journey
from tests.privacy.leaks import CHANNELS, initial, trace
from tests.privacy.low import Item
from tests.privacy.planted import Planted
from tests.privacy.raw import CHANNELS as RAW_CHANNELS
from tests.privacy.raw import Searched
from tests.privacy.run import run
from tests.privacy.scripts import SCRIPTS, declined
from tests.privacy.women import Woman, woman

pytestmark = [pytest.mark.servers, pytest.mark.slow, pytest.mark.timeout(900)]

BATCH = 504
SEARCHED = len(SCRIPTS) + 1
UNMISTAKABLE = 10
"""So many letters that are drawn stand nowhere by chance."""
BAND = {"age_band": ("25-29", "30-34"), "zip_group": ("fresno-city", "fresno-county-towns")}
"""What may be known of where she lives and how old she is, on either side."""
BANDS = (("25-29", "city"), ("30-34", "towns"))
OF_TWO_BANDS = (13_001, 13_002)
"""Journeys by the scripts `recorded` and `pregnant`, which alone tell of age and place."""

JOURNEYS = ("", *list(CHANNELS)[:-1], "", list(CHANNELS)[-1])
"""The leak of each; two have none."""

Who = Callable[[int, int], Woman]


def compared(
    make_place: MakePlace, who: Who, numbers: Iterable[int], searched: Searched | None = None
) -> tuple[list[Item], list[Item]]:
    """What differs between two runs of these journeys, and all that the journeys of two bands wrote.

    The first of them is searched, too.
    """
    numbers, sides = list(numbers), []
    for side, seams in ((0, searched), (1, None)):
        sides.append(run(make_place(), {number: who(number, side) for number in numbers}, seams).items)
    banded = [item for items in sides for item in items if item.journey in OF_TWO_BANDS]
    return differences(map(in_other_band, sides[0]), sides[1]), banded


def confirmed(
    make_place: MakePlace, who: Who, numbers: Iterable[int], searched: Searched
) -> tuple[list[Item], list[Item], list[Item]]:
    """What differs, and differs again alike: a race between two tasks shows once, who she is shows each time.

    Then all that the journeys of two bands wrote, and what differed the first time.
    """
    numbers = list(numbers)
    found, banded = compared(make_place, who, numbers, searched)
    again = compared(make_place, who, numbers)[0] if found else []
    return [*(Counter(found) & Counter(again)).elements()], banded, found


def found_of_hers(make_place: MakePlace, who: Who, numbers: Iterable[int], searched: Searched) -> list[Leak]:
    """What was found of those who were searched for and is not there where others walk in their place: ids, clock and
    order are the same, and so is what these write by chance, eight digits of a date among them."""
    if not searched.found:
        return []
    elsewhere = searched.anew()
    run(make_place(), {number: who(number, 1) for number in numbers}, elsewhere)
    return hers_alone(searched.found, elsewhere.found)


def hers_alone(found: Iterable[Leak], elsewhere: Iterable[Leak]) -> list[Leak]:
    return [*(Counter(found) - Counter(elsewhere)).elements()]


@pytest.mark.proof
def test_who_she_is_shows_nowhere(make_place: MakePlace, at: datetime, sized: Callable[[int, int], int]) -> None:
    """And of two women of other ages and places nothing shows but their bands, where these have their place.

    One woman of each script has words that stand nowhere by chance: no form of them is in anything that was written.
    """
    points, wrong, told, again = sized(204, 5_004), 0, list[str](), list[str]()

    def who(number: int, side: int) -> Woman:
        band, zips = BANDS[side] if number in OF_TWO_BANDS else (None, None)
        found = (woman(number, each, at.date(), band=band, zips=zips) for each in count(side, 2))
        return next(her for her in found if number % BATCH >= SEARCHED or is_unmistakable(her))

    hits, looked = list[Leak](), 0
    for first in range(0, points, BATCH):
        numbers = (*range(first, min(first + BATCH, points)), *OF_TWO_BANDS)
        searched = Searched({number: who(number, 0) for number in numbers[:SEARCHED]})
        found, banded, once = confirmed(make_place, who, numbers, searched)
        assert changed(banded) == BAND.keys()
        assert searched.channels == RAW_CHANNELS
        hits, looked = hits + found_of_hers(make_place, who, numbers, searched), looked + searched.items
        wrong += failed(found)
        told += said(found)
        again += [f"journeys from {first} on: {' | '.join(said(once, 1))}"] if once else []
    print(f"noninterference: {len(again)} of {-(-points // BATCH)} batches were driven again")  # noqa: T201 - races
    for text in again:
        print(f"noninterference: again {text}")  # noqa: T201 - what it was
    print(f"noninterference points={points} failed={wrong}")  # noqa: T201 - the proof's line
    print(f"canaries points={looked} failed={len(hits)}")  # noqa: T201 - the same
    assert not wrong, "\n".join(told)
    assert hits == []


def is_unmistakable(her: Woman) -> bool:
    return len(her.letters) >= UNMISTAKABLE


def changed(items: Iterable[Item]) -> set[str]:
    """Which members differ in what the journeys of two bands have on Kafka."""
    by_id: dict[str, list[dict[str, str]]] = defaultdict(list)
    for id, record in records(items):
        by_id[id].append(record)
    return {
        name for one, other in by_id.values() for name in one.keys() | other.keys() if one.get(name) != other.get(name)
    }


def records(items: Iterable[Item]) -> Iterator[tuple[str, dict[str, str]]]:
    """The ids and values of the records on Kafka."""
    for item in items:
        if item.channel == "kafka":
            lines = item.content.decode().split("\n")
            yield next(line for line in lines if line.startswith("ce_id=")), json.loads(lines[-1])


def in_other_band(item: Item) -> Item:
    """The same with the bands of the other side where this side's are named as such, on the journeys of two bands."""
    content = item.content
    if item.journey not in OF_TWO_BANDS:
        return item
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


def pair(number: int, today: date) -> tuple[Woman, Woman]:
    """Two who differ in whatever a leak may tell: else a leak of one bit shows in half of all pairs."""
    drawn = (woman(number, side, today) for side in range(1_000))
    one = next(her for her in drawn if is_unmistakable(her))
    for other in drawn:
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
def test_every_planted_leak_is_caught(make_place: MakePlace, at: datetime) -> None:
    pairs = [pair(number, at.date()) for number in range(len(JOURNEYS))]
    first = {CHANNELS[leak]: number for number, leak in reversed([*enumerate(JOURNEYS)]) if leak}
    searched = Searched({number: pairs[number][0] for number in first.values()})
    runs = [run(make_place(), dict(enumerate(one for one, _ in pairs)), PlantedAndSearched(searched), leaky)]
    elsewhere = searched.anew()
    runs.append(run(make_place(), dict(enumerate(other for _, other in pairs)), PlantedAndSearched(elsewhere), leaky))
    found = differences(runs[0].items, runs[1].items)
    missed = [leak for number, leak in enumerate(JOURNEYS) if leak and not caught(leak, number, pairs[number], found)]
    clean = {number for number, leak in enumerate(JOURNEYS) if not leak}
    print(f"planted-leaks points={len(CHANNELS)} failed={len(missed)}")  # noqa: T201 - the proof's line
    assert [item for item in found if item.journey in clean] == [], "nothing is planted there"
    assert missed == []
    hers = hers_alone(searched.found, elsewhere.found)
    assert {leak.channel for leak in hers} == RAW_CHANNELS, "a search finds one in each channel, too"
    assert hers_alone(searched.found, searched.found) == [], "what stands where she is not is nothing of hers"


class PlantedAndSearched(Planted):
    """Every leak of the registry, and a search for some of the women whose leaks they are."""

    def __init__(self, searched: Searched) -> None:
        super().__init__(JOURNEYS)
        self._searched = searched

    def ended(self, journey: Journey) -> None:
        super().ended(journey)
        self._searched.ended(journey)

    def over(self, house: House) -> None:
        self._searched.over(house)


def caught(leak: str, number: int, women: tuple[Woman, Woman], found: list[Item]) -> bool:
    """Whether something differs in the channel of a leak, on its journey or with what it writes of either woman."""
    there = [item for item in found if item.channel == CHANNELS[leak]]
    traces = [trace(leak, her) for her in women]
    return any(
        item.journey == number or (item.journey is None and any(each in item.content for each in traces))
        for item in there
    )
