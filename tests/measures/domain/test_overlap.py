"""R24 where rows overlap: no row, rest of a row, or difference of two nested rows is small."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from services.measures.domain.overlap import Table, hide, is_hidden
from services.measures.domain.row import Part, Row
from services.measures.domain.suppression import Shown

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
