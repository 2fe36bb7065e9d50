"""R24 on one page: two measures, one a part of the other, tell by no difference what has to be hidden."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.measures.definitions import EVERY, find
from services.measures.domain.earlier import Sheet, hide_beside
from services.measures.domain.figure import units_of
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, By, Definition, Rule, Side, Standing
from services.measures.domain.overlap import Place, Table, Tables, is_hidden
from services.measures.domain.row import Part, Row
from services.measures.domain.timeline import THE_TOTAL, Earlier, Time
from services.measures.domain.within import Before, Nested, hide_together
from services.referrals.domain.referral.machine import EDGES, ReferralStatus, ReferralVerb
from tests.measures.domain.adversary import Reader, keeps_all_to_itself
from tests.measures.published import START
from tests.measures.releases.test_closing import DAY, journeys_of
from tests.prove.tally import Tally

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")
YEAR = frozenset(QUARTERS)
LANGUAGES = ("en", "es", "hmn", "pa")
ROWS = [THE_TOTAL, *(Place("language", each) for each in LANGUAGES)]
NOTHING = Row(0, 0, 0, 0, 0, 0, 0)

World = Mapping[tuple[str, str], tuple[int, int]]
"""Of a quarter and a language: how many are in the part, and how many in the whole beyond it."""


def world(seed: int) -> World:
    dice = random.Random(seed)
    return {
        each: (
            dice.choice([0, dice.randrange(30), dice.randrange(90)]),
            dice.choice([0, dice.randrange(4), dice.randrange(90)]),
        )
        for each in product(QUARTERS, LANGUAGES)
    }


def cells(place: Place, time: Time) -> list[tuple[str, str]]:
    over = {place.label} if place.table == By.QUARTER else time
    return [
        (quarter, each)
        for quarter, each in product(sorted(over), LANGUAGES)
        if place.table != "language" or each == place.label
    ]


def rows(of: World, place: Place, time: Time, whole: bool) -> Row:  # noqa: FBT001 - a table of the two
    each = [part + beyond * whole for part, beyond in (of[cell] for cell in cells(place, time))]
    return reduce(Row.__add__, (Row(met, None, 0, 0, 0, met, 0) for met in each), Row(0, None, 0, 0, 0, 0, 0))


def sheets(of: World, time: Time) -> dict[str, Sheet]:
    def sheet(whole: bool) -> Sheet:  # noqa: FBT001
        tables = {"language": Table({each: rows(of, Place("language", each), time, whole) for each in LANGUAGES})}
        if len(time) > 1:
            quarters = (Place(By.QUARTER, each) for each in sorted(time))
            tables[By.QUARTER] = Table({each.label: rows(of, each, time, whole) for each in quarters})
        return Sheet(rows(of, THE_TOTAL, time, whole), tables, time, lambda place, left: rows(of, place, left, whole))

    return {"part": sheet(whole=False), "whole": sheet(whole=True)}


NESTED = [Nested("part", Standing.MET, "whole", Standing.MET)]


def apart(sheets_of: Mapping[str, Sheet], nested: Sequence[Nested], before: Before) -> dict[str, Tables]:
    """As if each stood on a page of its own."""
    del nested
    return {name: hide_beside(each, [shown[name] for shown in before]) for name, each in sheets_of.items()}


@dataclass
class Page:
    """Releases with both, and who reads them."""

    of: World
    hide: Callable[[Mapping[str, Sheet], Sequence[Nested], Before], dict[str, Tables]] = hide_together
    before: list[dict[str, Earlier]] = field(default_factory=list)
    reader: Reader = field(default_factory=Reader)
    shown: int = 0
    nested: Sequence[Nested] = tuple(NESTED)

    def sheets(self, time: Time) -> Mapping[str, Sheet]:
        return sheets(self.of, time)

    def publish(self, time: Time) -> None:
        found = self.hide(self.sheets(time), self.nested, self.before)
        self.before.append(
            {name: Earlier(time, {"": {"": total}, **tables}) for name, (total, tables) in found.items()}
        )
        for name, each in self.before[-1].items():
            for table, shown in each.tables.items():
                places = [Place(table, label) for label, row in shown.items() if not is_hidden(row, Part.RATE)]
                self.reader.known += [self.sum_of(place, time, name) for place in places]
                self.shown += len(places)

    @staticmethod
    def sum_of(place: Place, time: Time, name: str) -> dict[object, int]:
        sides = ("part", "beyond") if name == "whole" else (name,)
        return {(*cell, side): 1 for cell in cells(place, time) for side in sides}

    def leaks(self) -> Iterator[str]:
        """A few of the part, of the whole, or beyond the part, of any quarter and of the year."""
        asked = []
        for place, time in product(ROWS, [*(frozenset({each}) for each in QUARTERS), YEAR]):
            part, whole = (rows(self.of, place, time, each).numerator for each in (False, True))
            for name, number in (("part", part), ("whole", whole), ("beyond", whole - part)):
                if 1 <= number <= 10:
                    asked.append((f"{name} {place} of {sorted(time)}: {number}", self.sum_of(place, time, name)))
        told = self.reader.follow([each for _, each in asked])
        yield from (what for (what, _), follows in zip(asked, told, strict=True) if follows)


def page(seed: int, hide: Callable[[Mapping[str, Sheet], Sequence[Nested], Before], dict[str, Tables]]) -> Page:
    """Some quarters and their year, in some order."""
    found, dice = Page(world(seed), hide), random.Random(seed)
    for time in dice.sample([*(frozenset({each}) for each in QUARTERS), YEAR], dice.randrange(1, 6)):
        found.publish(time)
    return found


@pytest.mark.proof
def test_r24_no_difference_of_nested_measures_tells_of_few(sized: Callable[[int, int], int]) -> None:
    worlds = sized(25, 1_000)
    kept = keeps_all_to_itself(
        Tally("measures-within"), worlds, lambda seed: page(seed, hide_together), lambda seed: page(seed, apart)
    )
    assert kept > 0.7, "most of what each shows by itself is shown"


def test_r24_a_difference_tells_where_each_stands_by_itself() -> None:
    assert sum(any(page(seed, apart).leaks()) for seed in range(12)) > 6


def test_r24_one_client_who_was_never_reached_while_pregnant_is_not_told() -> None:
    one = {
        ("2025-Q1", "en"): (90, 40),
        ("2025-Q1", "es"): (14, 1),
        ("2025-Q1", "hmn"): (60, 30),
        ("2025-Q1", "pa"): (0, 0),
    }
    found = hide_together(sheets(one, frozenset({"2025-Q1"})), NESTED, ())
    part, whole = (found[name][1]["language"] for name in ("part", "whole"))
    assert {label: row.numerator for label, row in whole.items()} == {"en": 130, "es": 15, "hmn": 90, "pa": 0}
    assert (part["es"].numerator, part["hmn"].numerator, part["en"].numerator) == (None, None, 90)


def test_r24_who_is_a_part_of_those_not_met_is_looked_at_too() -> None:
    """Never answered, of those who had no answer in 14 days: the others were answered late."""

    def sheet(*counts: tuple[int, int]) -> Sheet:
        made = {each: Row(met, of, 0, 0, 0, met, of - met) for each, (met, of) in zip(LANGUAGES, counts, strict=False)}
        total = reduce(Row.__add__, made.values())
        return Sheet(total, {"language": Table(made)}, frozenset({"q"}), lambda place, left: total)

    both = {"whole": sheet((50, 100), (50, 100), (50, 100)), "part": sheet((30, 100), (30, 100), (47, 100))}
    seen = {of: hide_together(both, [Nested("part", Standing.MET, "whole", of)], ())["part"][1]["language"]
            for of in (Standing.UNMET, Standing.MET)}  # fmt: skip
    assert [row.numerator for row in seen[Standing.UNMET].values()].count(None) == 2
    assert seen[Standing.UNMET]["hmn"].numerator is None, "three were answered late"


# ---- What is declared holds


def units(definition: Definition, journey: Journey, *of: Side) -> set[tuple[object, ...]]:
    as_of = AsOf(START + 400 * DAY, ZoneInfo("America/Los_Angeles"))
    return {
        (unit.at, unit.category, unit.channel)
        for unit in units_of(definition, journey, as_of)
        if unit.standing in of or unit.rule in of
    }


DECLARED = {(each.id, within): each for each in EVERY for within in each.within}


def can_be(journey: Journey) -> bool:
    """No referral expires that was answered: random lives know nothing of its machine."""
    return not any(path.answered and path.end and path.end.how == "expired" for path in journey.referrals.values())


def test_what_is_declared_to_be_a_part_is_one_in_random_lives() -> None:
    more = set()
    for journey in (each for seed in range(24) for each in journeys_of(seed) if can_be(each)):
        for (_, within), part in DECLARED.items():
            whole = find(within.of)
            mine = units(part, journey, within.here) - units(whole, journey, Standing.PENDING)
            there = units(whole, journey, within.there)
            assert mine <= there, (part.id, within)
            more |= {(part.id, within)} if mine and mine < there else set()
    assert more == DECLARED.keys()
    assert {part for part, _ in more} == {
        *("closed_with_service", "reached_in_pregnancy", "first_trimester_clinical", "acceptance_rate"),
        *("never_answered", "connected_rate", "outcome_mix"),
    }


def words(side: Side) -> str:
    return f"`{side.code}`" if isinstance(side, Rule) else str(side)


def test_the_page_on_releases_names_each() -> None:
    page = (Path(__file__).parents[3] / "docs" / "releases.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in page.splitlines() if line.startswith("| `")]
    assert rows == [
        [f"`{part}`: {words(within.here)}", f"`{within.of}`: {words(within.there)}"] for part, within in DECLARED
    ]


def test_another_pair_would_be_seen() -> None:
    lives = [each for seed in range(24) for each in journeys_of(seed)]
    part, whole = find("response_rate"), find("closed_loop_rate")
    assert not all(units(part, each, Standing.MET) <= units(whole, each, Standing.MET) for each in lives)


def test_nothing_expires_that_was_answered() -> None:
    assert EDGES[ReferralVerb.EXPIRE].sources == {ReferralStatus.SENT, ReferralStatus.RECEIVED}
