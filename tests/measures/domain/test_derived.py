"""R24: of a distribution nothing is said from which small numbers follow that its bands do not tell."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import reduce
from typing import Any, Final

import numpy as np
import pytest
from scipy.optimize import linprog

from services.measures.definitions import CATALOGUE
from services.measures.domain.behind import SMALL, Behind
from services.measures.domain.derived import derived
from services.measures.domain.measure import By, Definition, Unit
from services.measures.domain.overlap import Place, Table, hide, is_hidden, places
from services.measures.domain.pieces import Pieces, cut, piece_of, rounded
from services.measures.domain.row import Part, Row, Shown
from services.measures.domain.summary import rank, spread
from services.measures.domain.suppression import TOTAL
from services.measures.releases.checking import derived_too_far
from tests.measures.published import START
from tests.prove.tally import Tally

HOPS, AGENCIES = CATALOGUE["hops_to_service"], CATALOGUE["agencies_per_client"]
DAYS = CATALOGUE["days_until_recorded"]
Numbers = Mapping[int, int]
Sizes = Mapping[int, int] | Mapping[float, int]
"""How many have each number."""
Guard = Callable[[Mapping[str, Any], Definition], Mapping[str, Any]]


def plain(numbers: Sizes, bounds: tuple[float, ...]) -> dict[str, Any]:
    said = asdict(spread(Counter(numbers).elements(), bounds))
    return {name: said[name] for name in ("mean", "median", "p90", "bands")}


def said(numbers: Sizes, definition: Definition, *bounds: float) -> dict[str, Any]:
    found = derived(plain(numbers, bounds), definition)
    assert derived(found, definition) == found, "what is shown may be shown"
    return found


def test_in_the_county_one_search_took_three_referrals_and_no_mean_says_so() -> None:
    searches = {1: 76, 2: 13, 3: 1}
    assert round(plain(searches, (1.0,))["mean"] * 90) - 76 - 2 * 14 == 1, "it would"
    assert said(searches, HOPS, 1.0) == {"mean": None, "median": 1, "p90": None, "bands": {"up to 1": 76, "2+": 14}}


def test_nor_that_one_client_had_five_agencies() -> None:
    clients = {1: 600, 2: 160, 3: 100, 4: 24, 5: 1}
    found = said(clients, AGENCIES, 1, 2, 3)
    assert (found["mean"], found["median"], found["p90"]) == (None, 1, 3)


def test_a_mean_that_follows_from_the_bands_is_said() -> None:
    assert said({1: 60, 2: 30, 3: 11}, AGENCIES, 1, 2, 3)["mean"] == rounded(153 / 101)
    assert said({0: 60, 1: 30}, replace(AGENCIES, least=0), 1, 2, 3)["mean"] is None
    assert said({}, AGENCIES, 1, 2, 3) == {**dict.fromkeys(("mean", "median", "p90")), "bands": {
        "up to 1": 0, "2": 0, "3": 0, "4+": 0}}  # fmt: skip


@pytest.mark.parametrize(
    ("up_to", "beyond", "shown"), [(10, 60, False), (11, 11, True), (60, 10, False), (50, 60, True)]
)
def test_a_middle_has_many_of_its_band_on_either_side(up_to: int, beyond: int, shown: bool) -> None:
    """So many of the band have at most 3.5 days, which is the median, and so many more."""
    below, above = max(0, beyond - up_to), max(0, up_to - beyond)
    found = said({0.5: below, 3.5: up_to, 5.5: beyond, 20.5: above}, DAYS, 1, 7, 30)
    assert (found["median"], found["mean"]) == (3.5 if shown else None, None)


def test_no_middle_is_said_of_a_band_that_was_put_together() -> None:
    assert said({2.5: 500, 20.5: 60}, DAYS, 1, 30)["median"] is None
    assert said({2.5: 500, 20.5: 60}, DAYS, 1, 7, 30)["median"] == 2.5


def test_a_release_that_says_more_is_found() -> None:
    row = Shown(90, 90, 0, 0, 0, detail={"spread": plain({1: 76, 2: 13, 3: 1}, (1.0,))})
    guarded = replace(row, detail={"spread": said({1: 76, 2: 13, 3: 1}, HOPS, 1.0), "quality": {"agencies": 3}})
    assert list(derived_too_far(HOPS, {By.AGE: {"under_20": row, "20_34": guarded}, By.NONE: {"": row}})) == [
        "hops_to_service by age: more than its bands follows in under_20",
        "hops_to_service by none: more than its bands follows in the total",
    ]


# ---- A reader who knows counts, bands, means and middles of every row


WIDEST: Final = 30
"""She takes nobody to have more; in these worlds nobody has more than 6."""


@dataclass
class World:
    """How many of each group have each number, and what is shown of them."""

    groups: Mapping[str, Numbers]
    guard: Guard

    def __post_init__(self) -> None:
        pieces = {group: self._pieces(group, numbers) for group, numbers in self.groups.items()}
        whole = Pieces()
        for each in pieces.values():
            whole.merge(each)
        self.cut = cut(AGENCIES, whole, sensitive=False)
        rows = {group: self._row(each) for group, each in pieces.items()}
        total = reduce(Row.__add__, rows.values())
        self.shown = dict(places(hide(total, {"age": Table(rows)})))

    def _pieces(self, group: str, numbers: Numbers) -> Pieces:
        found = Pieces()
        for place, number in enumerate(Counter(numbers).elements()):
            unit = Unit(START, AGENCIES.rules[0], agencies=("abcd"[place % 4],), size=number)
            found.add(f"{group}{place}", piece_of(AGENCIES, unit) or "", unit)
        return found

    def _row(self, of: Pieces) -> Row:
        pieces = of.put_together(self.cut.names)
        units = sum(piece.units for piece in pieces.values())
        behind = sum((piece.behind for piece in pieces.values()), Behind())
        return Row(units, units, 0, 0, 0, units, 0, {"met": behind}, pieces=pieces)

    def _of(self, place: Place) -> Mapping[str, Numbers]:
        return self.groups if place.table == TOTAL else {place.label: self.groups[place.label]}

    def _sum(self, place: Place, numbers: range) -> np.ndarray:
        """As a row of a matrix: of the unknowns those of some groups with one of these numbers."""
        found = np.zeros((len(self.groups), WIDEST + 1))
        for at, group in enumerate(self.groups):
            if group in self._of(place):
                found[at, numbers.start : numbers.stop] = 1
        return found.ravel()

    def _read(self, *, derivatives: bool) -> tuple[list[tuple[np.ndarray, float]], list[tuple[np.ndarray, float]]]:
        """Sums that are equal to a number, and sums that are at most one."""
        same, at_most = list[tuple[np.ndarray, float]](), list[tuple[np.ndarray, float]]()
        every = range(1, WIDEST + 1)
        for place, row in self.shown.items():
            if row.numerator is None:
                continue
            same.append((self._sum(place, every), row.numerator))
            if is_hidden(row, Part.DETAIL):
                continue
            one = reduce(Counter.__add__, (Counter(each) for each in self._of(place).values()), Counter[int]())
            spread = self.guard(rounded(plain(one, self.cut.definition.bands)), AGENCIES)
            bounds = [0, *(int(bound) for bound in self.cut.definition.bands), WIDEST]
            for low, high, count in zip(bounds, bounds[1:], spread["bands"].values(), strict=False):
                same.append((self._sum(place, range(low + 1, high + 1)), count))
            if derivatives and row.numerator:
                if spread["mean"] is not None:
                    weights = np.tile(np.arange(WIDEST + 1), len(self.groups))
                    same.append((self._sum(place, every) * weights, round(spread["mean"] * row.numerator)))
                for name, share in (("median", 0.5), ("p90", 0.9)):
                    if spread[name] is not None:
                        at, value = rank(row.numerator, share), int(spread[name])
                        at_most.append((-self._sum(place, range(1, value + 1)), -at))
                        at_most.append((self._sum(place, range(1, value)), at - 1))
        return same, at_most

    def small(self, *, derivatives: bool) -> set[tuple[Place, range]]:
        """Of which rows she knows for sure that from 1 to 10 have numbers of a range."""
        same, at_most = self._read(derivatives=derivatives)
        return {each for each in self._asked() if same and _is_surely_few(self._sum(*each), same, at_most)}

    def _asked(self) -> Iterator[tuple[Place, range]]:
        for place in self.shown:
            one = reduce(Counter.__add__, (Counter(each) for each in self._of(place).values()), Counter[int]())
            for low in range(1, 7):
                for high in (*range(low + 1, 7), WIDEST + 1):
                    if 1 <= sum(one[number] for number in range(low, high)) <= SMALL:
                        yield place, range(low, high)


def _is_surely_few(
    asked: np.ndarray, same: list[tuple[np.ndarray, float]], at_most: list[tuple[np.ndarray, float]]
) -> bool:
    def end(sign: int) -> float:
        found = linprog(
            sign * asked,
            A_eq=np.array([each for each, _ in same]),
            b_eq=[count for _, count in same],
            A_ub=np.array([each for each, _ in at_most]) if at_most else None,
            b_ub=[count for _, count in at_most] if at_most else None,
        )
        assert found.status == 0, "the world itself is one that fits"
        return float(sign * found.fun)

    return math.floor(end(-1) + 1e-6) <= SMALL and math.ceil(end(1) - 1e-6) >= 1


def world(seed: int, guard: Guard) -> World:
    dice = random.Random(seed)

    def group() -> Numbers:
        return {number: dice.choice([0, dice.randrange(13), dice.randrange(80)]) for number in range(1, 7)}

    return World({name: group() for name in ("under_20", "20_34", "35_up")[: dice.randrange(1, 4)]}, guard)


@pytest.mark.proof
def test_means_and_middles_tell_a_reader_of_no_few(sized: Callable[[int, int], int]) -> None:
    tally, worlds, told = Tally("derived-tells-no-few"), sized(25, 500), 0
    for seed in range(worlds):
        guarded = world(seed, derived)
        more = guarded.small(derivatives=True) - guarded.small(derivatives=False)
        tally.check(not more, f"world {seed}: {more}")
        naive = world(seed, lambda found, _: found)
        told += bool(naive.small(derivatives=True) - naive.small(derivatives=False))
    tally.close()
    assert told, "without the guard something is told"
