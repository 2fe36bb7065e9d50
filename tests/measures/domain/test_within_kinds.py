"""R24 on one page: a kind of a mix that is a part of those not met in another measure tells nothing of the others."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pytest

from services.measures.domain.behind import Behind, Piece
from services.measures.domain.earlier import Sheet
from services.measures.domain.measure import By, Rule, Standing
from services.measures.domain.overlap import Place, Table, Tables, is_hidden
from services.measures.domain.row import Part, Row, Shown
from services.measures.domain.timeline import THE_TOTAL, Earlier, Time
from services.measures.domain.within import Before, Nested, hide_together
from tests.measures.domain.adversary import keeps_all_to_itself
from tests.measures.domain.test_within import LANGUAGES, QUARTERS, YEAR, Page, World, apart, cells, world
from tests.prove.tally import Tally

KIND = Rule("expired", Standing.MET, "nobody answered")
AGENCIES = ("one", "two", "three", "four")


def parts(of: World, place: Place, time: Time, *, mix: bool) -> Row:
    """In the mix so many are of the kind; in the whole they and those beyond are not met, of 40 more in each cell."""
    each = [of[cell] for cell in cells(place, time)]
    kind, beyond, met = sum(part for part, _ in each), sum(more for _, more in each), 40 * len(each)
    every = kind + beyond + met
    if not mix:
        return Row(met, every, 0, 0, 0, met, kind + beyond)
    pieces = {"expired": piece(kind), "rest": piece(beyond + met)}
    return Row(every, every, 0, 0, 0, every, 0, pieces=pieces)


def piece(units: int) -> Piece:
    return Piece(units, units, Behind(units, dict.fromkeys(AGENCIES, units // 2)))


@dataclass
class Mixed(Page):
    """The same with a mix, which hides its kinds and not how many there are."""

    nested: Sequence[Nested] = (Nested("part", KIND, "whole", Standing.UNMET),)

    def sheets(self, time: Time) -> Mapping[str, Sheet]:
        return {"part": self.sheet(time, mix=True), "whole": self.sheet(time, mix=False)}

    def sheet(self, time: Time, *, mix: bool) -> Sheet:
        def left(place: Place, over: Time) -> Row:
            return parts(self.of, place, over, mix=mix)

        tables = {"language": Table({each: left(Place("language", each), time) for each in LANGUAGES})}
        if len(time) > 1:
            tables[By.QUARTER] = Table({each: left(Place(By.QUARTER, each), time) for each in sorted(time)})
        return Sheet(
            left(THE_TOTAL, time), tables, time, left, pieces=mix, detail=lambda place: said(left(place, time))
        )

    def publish(self, time: Time) -> None:
        found = self.hide(self.sheets(time), self.nested, self.before)
        release = {}
        for name, (total, tables) in found.items():
            release[name] = Earlier(time, {
                table: {label: self.read(Place(table, label), time, row, name) for label, row in rows.items()}
                for table, rows in {"": {"": total}, **tables}.items()
            })  # fmt: skip
        self.before.append(release)

    def read(self, place: Place, time: Time, row: Shown, name: str) -> Shown:
        if name == "whole" and not is_hidden(row, Part.RATE):
            self.learn(self.sum_of(place, time, "whole"))
        if name == "part" and not is_hidden(row, Part.DETAIL):
            self.learn(self.sum_of(place, time, "part"))
            row = replace(row, detail=said(parts(self.of, place, time, mix=True)))
        return row

    def learn(self, known: dict[object, int]) -> None:
        self.reader.known.append(known)
        self.shown += 1


def said(row: Row) -> dict[str, dict[str, int]]:
    return {"shares": {name: each.units for name, each in row.pieces.items()}}


def mixed(seed: int, hide: Callable[[Mapping[str, Sheet], Sequence[Nested], Before], dict[str, Tables]]) -> Page:
    found, dice = Mixed(world(seed), hide), random.Random(seed)
    for time in dice.sample([*(frozenset({each}) for each in QUARTERS), YEAR], dice.randrange(1, 6)):
        found.publish(time)
    return found


@pytest.mark.proof
def test_r24_no_kind_of_a_mix_tells_of_few_beyond_it(sized: Callable[[int, int], int]) -> None:
    worlds = sized(25, 1_000)
    kept = keeps_all_to_itself(
        Tally("measures-within-kinds"), worlds, lambda seed: mixed(seed, hide_together), lambda seed: mixed(seed, apart)
    )
    assert kept > 0.5, "most of what each shows by itself is shown"


def test_r24_a_kind_tells_where_nobody_looks_at_both() -> None:
    assert sum(any(mixed(seed, apart).leaks()) for seed in range(12)) > 6
