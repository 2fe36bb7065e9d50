"""R24 where rows overlap: no row, rest of a row, or difference of two nested rows is small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.domain.behind import SMALL
from services.measures.domain.overlap import Table, hide, is_hidden
from services.measures.domain.row import Part, Row
from services.measures.domain.suppression import Shown
from tests.measures.domain.adversary import Reader

RACES: Final = ("asian", "black", "white")
NOTHING: Final = Row(0, 0, 0, 0, 0, 0, 0)


def row(met: int, unmet: int) -> Row:
    return Row(met, met + unmet, 0, 0, 0, met, unmet)


Kinds = Mapping[frozenset[str], Row]


def tables(kinds: Kinds) -> tuple[Row, dict[str, Table]]:
    """Of clients by all that they named: in combination, and the same alone."""
    total = reduce(Row.__add__, kinds.values(), NOTHING)
    combined: dict[str, Row] = {}
    alone: dict[str, Row] = {}
    for races, one in kinds.items():
        for race in races:
            combined[race] = combined.get(race, NOTHING) + one
        label = next(iter(races)) if len(races) == 1 else "several"
        alone[label] = alone.get(label, NOTHING) + one
    of_combined = {race: {kind for kind in kinds if race in kind} for race in combined}
    of_alone = {label: {kind for kind in kinds if kind == {label}} for label in alone}
    if "several" in alone:
        of_alone["several"] = {kind for kind in kinds if len(kind) > 1}
    return total, {
        "combined": Table(combined, overlaps=True, members=of_combined),
        "alone": Table(alone, members=of_alone),
    }


def shown(kinds: Kinds) -> tuple[Shown, dict[str, dict[str, Shown]]]:
    return hide(*tables(kinds))


def is_open(found: Mapping[str, Mapping[str, Shown]], table: str, label: str) -> bool:
    return not is_hidden(found[table][label], Part.RATE)


def test_a_few_of_several_races_are_not_told_by_a_difference() -> None:
    kinds = {
        frozenset({"black"}): row(40, 40),
        frozenset({"white"}): row(60, 60),
        frozenset({"black", "white"}): row(3, 3),
    }
    _, found = shown(kinds)
    assert not (is_open(found, "combined", "black") and is_open(found, "alone", "black"))
    assert not (is_open(found, "combined", "white") and is_open(found, "alone", "white"))


def test_many_of_several_races_are() -> None:
    kinds = {
        frozenset({"black"}): row(40, 40),
        frozenset({"white"}): row(60, 60),
        frozenset({"black", "white"}): row(30, 30),
    }
    _, found = shown(kinds)
    assert all(is_open(found, table, label) for table in found for label in found[table])


def test_the_rest_of_a_row_is_not_small() -> None:
    total, found = shown({frozenset({"white"}): row(60, 60), frozenset({"asian"}): row(4, 4)})
    assert is_hidden(total, Part.RATE) or not is_open(found, "combined", "white")


counts = st.one_of(st.integers(0, 13), st.integers(0, 80))
kinds_of = st.dictionaries(
    st.frozensets(st.sampled_from(RACES), min_size=1), st.builds(row, counts, counts), min_size=1
)


@given(kinds_of)
def test_no_difference_of_nested_rows_is_small(kinds: Kinds) -> None:
    total, made = tables(kinds)
    total_shown, found = hide(total, made)
    everything: list[tuple[str, str, Row, frozenset[object], Shown]] = [
        ("", "", total, frozenset(kinds), total_shown)
    ] + [
        (name, label, made[name].rows[label], frozenset((made[name].members or {})[label]), found[name][label])
        for name in made
        for label in made[name].rows
    ]
    for _, _, wide, many, wide_shown in everything:
        assert wide_shown.numerator in {None, wide.numerator}
        if not is_hidden(wide_shown, Part.RATE):
            assert not wide.is_small(Part.RATE)
        for _, _, narrow, few, narrow_shown in everything:
            if few < many and not is_hidden(wide_shown, Part.RATE) and not is_hidden(narrow_shown, Part.RATE):
                assert not (wide - narrow).is_small(Part.RATE)
    closed = [label for label in made["combined"].rows if not is_open(found, "combined", label)]
    assert is_hidden(total_shown, Part.RATE) or len(closed) != 1


@given(kinds_of)
def test_the_same_is_hidden_in_any_order(kinds: Kinds) -> None:
    assert shown(kinds) == shown(dict(reversed(list(kinds.items()))))


def counted(met: int, unmet: int, missing: int) -> Row:
    return Row(met, met + unmet, missing, 0, 0, met, unmet)


def small_that_follow(kinds: Kinds) -> list[str]:
    """Small numbers of a row, or of all who are not in it, that follow for who adds up whatever is shown."""
    reader, (total, made) = Reader(), tables(kinds)
    total_shown, found = hide(total, made)
    members: dict[tuple[str, str], set[frozenset[str]]] = {("", ""): set(kinds)}
    for name, table in made.items():
        members |= {
            (name, label): {kind for kind in kinds if kind in of} for label, of in (table.members or {}).items()
        }

    def sum_of(some: Iterable[object], numbers: Iterable[str]) -> Counter[object]:
        return Counter({(kind, number): 1 for kind in some for number in numbers})

    for (name, label), of in members.items():
        shown_row = found[name][label] if name else total_shown
        said = {("met",): shown_row.numerator, IN_RATE: shown_row.denominator, ("missing",): shown_row.missing}
        said[("unmet",)] = None if None in said.values() else (said[IN_RATE] or 0) - (said["met",] or 0)
        for numbers, count in said.items():
            reader.known += [sum_of(of, numbers)] if count is not None else []
            reader.known += [sum_of([kind], [number]) for kind in of for number in numbers] if count == 0 else []
    asked: dict[str, Counter[object]] = {}
    for (name, label), of in members.items():
        rest = set(kinds) - of if name == "combined" else set[frozenset[str]]()
        for word, some in (("", of), ("rest of ", rest)):
            one = reduce(Row.__add__, (kinds[kind] for kind in some), NOTHING)
            counts: dict[tuple[str, ...], int] = {
                ("met",): one.numerator,
                ("unmet",): one.complement,
                ("missing",): one.missing,
            }
            counts[IN_RATE] = one.denominator or 0
            small = [numbers for numbers, count in counts.items() if 1 <= count <= SMALL]
            asked |= {f"{word}{name} {label} {numbers}": sum_of(some, numbers) for numbers in small}
    follows = reader.follow(list(asked.values()))
    return [name for name, known in zip(asked, follows, strict=True) if known]


IN_RATE: Final = ("met", "unmet")


@given(st.dictionaries(
    st.frozensets(st.sampled_from(RACES), min_size=1), st.builds(counted, counts, counts, counts), min_size=1
))  # fmt: skip
def test_nothing_small_follows_however_rows_are_added_up(kinds: Kinds) -> None:
    assert small_that_follow(kinds) == []


def test_a_group_of_few_of_whom_nothing_is_missing_hides_no_total() -> None:
    """Their denominator is all that there is of them, which no measure tells."""
    named = {"asian": counted(1, 0, 0), "black": counted(90, 50, 20), "white": counted(200, 100, 40)}
    total, found = shown({frozenset({race}): one for race, one in named.items()})
    assert (total.denominator, total.missing) == (441, 60)
    assert [label for label in RACES if is_open(found, "combined", label)] == ["white"]


def test_a_group_of_few_of_whom_some_are_missing_does() -> None:
    named = {"asian": counted(1, 0, 30), "black": counted(90, 50, 20), "white": counted(200, 100, 40)}
    _, found = shown({frozenset({race}): one for race, one in named.items()})
    assert is_hidden(found["combined"]["asian"], Part.MISSING)


def test_r24_a_hidden_row_does_not_follow_from_rows_of_two_tables() -> None:
    """White in combination less white alone is all who named several: with them, who is asian would follow."""
    kinds = {("asian",): counted(5, 0, 0), ("white",): counted(12, 52, 0), ("black",): counted(64, 0, 27)}
    few = {frozenset(named): one for named, one in kinds.items()} | {frozenset({"black", "white"}): counted(21, 15, 0)}
    assert small_that_follow(few) == []


@pytest.mark.parametrize("unmet", [False, True])
def test_r24_what_nobody_has_in_a_shown_row_nobody_has_of_its_kinds(unmet: bool) -> None:
    """None of several were met: so nobody of them was, and who is black follows from the total and the others."""
    said = {"asian": (24, 9), "black": (1, 103), "white": (144, 35), "asian black": (0, 190), "black white": (0, 12)}
    kinds = {frozenset(named.split()): row(*(each[::-1] if unmet else each)) for named, each in said.items()}
    assert small_that_follow(kinds) == []
    total, found = shown(kinds)
    assert is_hidden(total, Part.RATE) or not is_open(found, "combined", "asian")
