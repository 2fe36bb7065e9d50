"""R24 over time: whoever adds up all releases that were published learns nothing that one of them hides."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from itertools import product
from typing import Final

import pytest

from services.measures.domain.earlier import Sheet, hide_beside
from services.measures.domain.measure import By
from services.measures.domain.overlap import Place, Table, Tables, is_hidden
from services.measures.domain.row import Part, Row
from services.measures.domain.timeline import THE_TOTAL, Earlier, Time
from tests.measures.domain.adversary import Reader, keeps_all_to_itself, some_of
from tests.prove.tally import Tally

QUARTERS: Final = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
YEAR: Final = frozenset(QUARTERS)
LATTICE: Final = [*(frozenset({each}) for each in (*QUARTERS, "2026", "2027")), YEAR, YEAR | {"2026", "2027"}]
"""The four quarters of a year, that year, two more, and all three."""
LANGUAGES, PAYERS = ("en", "es", "hmn", "pa"), ("none", "private", "public")
ROWS: Final = [THE_TOTAL, *(Place("language", each) for each in LANGUAGES), *(Place("payer", each) for each in PAYERS)]
NOTHING: Final = Row(0, 0, 0, 0, 0, 0, 0)

World = Mapping[tuple[str, str, str], Row]
"""What is counted of a quarter, a language and a payer: the cells of which every figure is a sum."""
Hide = Callable[[Sheet, Sequence[Earlier]], Tables]


def row(met: int, unmet: int, clients: int | None = None) -> Row:
    return Row(met, met + unmet, 0, 0, 0, met if clients is None else clients, unmet)


def world(seed: int) -> World:
    dice = random.Random(seed)

    def some() -> int:
        return dice.choice([0, dice.randrange(4), dice.randrange(30), dice.randrange(60)])

    return {each: row(some(), some()) for each in product((*QUARTERS, "2026", "2027"), LANGUAGES, PAYERS)}


def sum_of(place: Place, time: Time) -> Mapping[tuple[str, str, str], int]:
    """The cells of the world of which a figure is made."""
    if place.table == By.QUARTER:
        return sum_of(THE_TOTAL, frozenset({place.label}))
    who = product(LANGUAGES, PAYERS)
    return {(quarter, *each): 1 for quarter, each in product(time, list(who)) if place.label in {"", *each}}


def rows(of: World, place: Place, time: Time) -> Row:
    return reduce(Row.__add__, (of[cell] for cell in sum_of(place, time)), NOTHING)


def sheet(of: World, time: Time) -> Sheet:
    tables = {
        name: Table({place.label: rows(of, place, time) for place in ROWS if place.table == name})
        for name in ("language", "payer")
    }
    if len(time) > 1:
        tables[By.QUARTER] = Table({each: rows(of, THE_TOTAL, frozenset({each})) for each in sorted(time)})
    return Sheet(rows(of, THE_TOTAL, time), tables, time, lambda place, left: rows(of, place, left))


def unaware(of: Sheet, earlier: Sequence[Earlier]) -> Tables:
    """As if nothing had been published before."""
    del earlier
    return hide_beside(of, ())


@dataclass
class Published:
    """Releases one after the other, and who reads all of them."""

    of: World
    hide: Hide = hide_beside
    earlier: list[Earlier] = field(default_factory=list)
    reader: Reader = field(default_factory=Reader)
    hidden: list[tuple[Place, Time]] = field(default_factory=list)
    shown: int = 0

    def publish(self, time: Time) -> None:
        before = Reader(list(self.reader.known))
        total, tables = self.hide(sheet(self.of, time), self.earlier)
        self.earlier.append(Earlier(time, {"": {"": total}, **tables}))
        cells = {Place(table, label): each for table, each_row in self.earlier[-1].tables.items()
                 for label, each in each_row.items()}  # fmt: skip
        closed = [place for place, each in cells.items() if is_hidden(each, Part.RATE)]
        self.reader.known += [sum_of(place, time) for place in cells if place not in closed]
        self.shown += len(cells) - len(closed)
        told = before.follow([sum_of(place, time) for place in closed])
        self.hidden += [(place, time) for place, is_told in zip(closed, told, strict=True)
                        if not is_told or self._is_small(place, time)]  # fmt: skip

    def leaks(self) -> Iterator[str]:
        """What follows: that is hidden, but for what the earlier ones show; that is few, over any quarters."""
        few = [(place, frozenset(time)) for time in some_of({*QUARTERS, "2026", "2027"}) for place in ROWS
               if self._is_small(place, frozenset(time))]  # fmt: skip
        asked = [*self.hidden, *few]
        follows = self.reader.follow([sum_of(*each) for each in asked])
        yield from (f"{place} of {sorted(time)}" for (place, time), told in zip(asked, follows, strict=True) if told)

    def _is_small(self, place: Place, time: Time) -> bool:
        at = (THE_TOTAL, frozenset({place.label})) if place.table == By.QUARTER else (place, time)
        return rows(self.of, *at).is_small(Part.RATE)


def published(seed: int, hide: Hide = hide_beside) -> Published:
    """Some periods of the lattice in some order."""
    found, dice = Published(world(seed), hide), random.Random(seed)
    for time in dice.sample(LATTICE, dice.randrange(2, len(LATTICE) + 1)):
        found.publish(time)
    return found


@pytest.mark.proof
def test_r24_nothing_hidden_follows_from_releases_of_overlapping_times(sized: Callable[[int, int], int]) -> None:
    worlds = sized(25, 1_000)
    kept = keeps_all_to_itself(Tally("releases-over-time"), worlds, published, lambda seed: published(seed, unaware))
    assert kept > 0.75, "most of what a release shows by itself is shown"


def test_r24_what_is_hidden_follows_where_nobody_looks_at_earlier_releases() -> None:
    """The reader of these tests sees it."""
    assert sum(any(published(seed, unaware).leaks()) for seed in range(12)) > 2


def year(**months: Sequence[int]) -> World:
    """A year of Spanish speakers by quarter, beside many who speak English."""
    found = {each: NOTHING for each in product((*QUARTERS, "2026", "2027"), LANGUAGES, PAYERS)}
    for number, quarter in enumerate(QUARTERS):
        found |= {(quarter, "en", "public"): row(90, 90)}
        found |= {(quarter, language, "public"): row(counts[number], 50) for language, counts in months.items()}
    return found


def told(found: Published, label: str) -> list[int | None]:
    return [each.tables["language"][label].numerator for each in found.earlier]


def test_r24_a_year_hides_a_group_of_which_one_quarter_is_hidden() -> None:
    found = Published(year(es=[40, 40, 40, 7]))
    for time in LATTICE[:4] + [YEAR]:
        found.publish(time)
    assert told(found, "es") == [40, 40, 40, None, None]
    assert not list(found.leaks())


def test_r24_of_two_hidden_quarters_that_are_many_together_a_year_tells() -> None:
    found = Published(year(es=[40, 40, 7, 9]))
    for time in LATTICE[:4] + [YEAR]:
        found.publish(time)
    assert told(found, "es") == [40, 40, None, None, 96]
    assert not list(found.leaks())


def test_r24_the_third_quarter_hides_a_group_that_is_few_in_the_fourth() -> None:
    found = Published(year(es=[40, 40, 40, 7]))
    for time in (YEAR, *LATTICE[:3]):
        found.publish(time)
    assert told(found, "es") == [127, 40, 40, None]
    assert not list(found.leaks())


def test_r24_what_is_left_rests_on_clients_and_agencies_too() -> None:
    world_of = year(es=[40, 40, 40, 40])
    world_of |= {("2025-Q4", "es", "public"): row(40, 50, clients=5)}  # type: ignore[operator]
    found = Published(world_of)
    for time in (YEAR, *LATTICE[:3]):
        found.publish(time)
    assert told(found, "es")[1:] == [40, 40, None]


@pytest.mark.parametrize(
    ("late", "again"),
    [(0, 127), (3, None), (11, 138)],
    ids=["nothing-came-late", "few-came-late", "many-came-late"],
)
def test_r24_a_second_release_of_one_time_does_not_tell_of_few_late_facts(late: int, again: int | None) -> None:
    found = Published(year(es=[40, 40, 40, 7]))
    found.publish(YEAR)
    found.of = {**found.of, ("2025-Q1", "es", "public"): row(40 + late, 50)}
    found.publish(YEAR)
    assert told(found, "es") == [127, again]


def test_r24_few_of_other_pieces_are_not_told_where_the_numbers_are_the_same() -> None:
    before: Mapping[str, object] = {"shares": {"a": 100, "b": 50}}
    asked = sheet(year(es=[40, 40, 40, 40]), YEAR)
    total, tables = hide_beside(asked, ())
    published_before = [Earlier(YEAR, {"": {"": replace(total, detail=before)}, **tables})]
    for pieces, tells in ((before, True), ({"shares": {"a": 99, "b": 51}}, False)):
        again = asked._replace(pieces=True, detail=partial(_whatever, pieces))
        shown, _ = hide_beside(again, published_before)
        assert (shown.numerator, shown.tells) == (total.numerator, tells)


def test_a_mean_that_is_hidden_by_now_makes_no_other_pieces() -> None:
    before: Mapping[str, object] = {"spread": {"mean": 1.5, "median": 1, "p90": 2, "bands": {"up to 1": 100, "2+": 50}}}
    asked = sheet(year(es=[40, 40, 40, 40]), YEAR)
    total, tables = hide_beside(asked, ())
    published_before = [Earlier(YEAR, {"": {"": replace(total, detail=before)}, **tables})]
    same = {"mean": None, "median": 1, "p90": 2, "bands": {"up to 1": 100, "2+": 50}}
    for spread, tells in ((same, True), ({**same, "median": 2}, False), ({**same, "bands": {"all": 150}}, False)):
        shown, _ = hide_beside(
            asked._replace(pieces=True, detail=partial(_whatever, {"spread": spread})), published_before
        )
        assert shown.tells == tells


def _whatever(detail: Mapping[str, object], place: Place) -> Mapping[str, object]:
    del place
    return detail
