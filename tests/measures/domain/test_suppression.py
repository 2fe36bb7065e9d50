"""R24: no number that is shown, or follows from those that are, is small, and one marker stands for all hidden ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import astuple, replace
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.domain.suppression import CLIENTS, SMALL, Row, Shown, suppress

NOTHING = Row(0, 0, 0, 0, 0, 0, 0)
PARTS = {
    "rate": ("numerator", "denominator"),
    "missing": ("missing",),
    "pending": ("pending",),
    "excluded": ("excluded",),
}


def row(met: int, unmet: int, missing: int = 0, pending: int = 0, excluded: int = 0) -> Row:
    """A row in which every unit is another client's."""
    return Row(met, met + unmet, missing, pending, excluded, met, unmet)


def total_of(rows: Mapping[str, Row]) -> Row:
    return reduce(Row.__add__, rows.values(), NOTHING)


def leaks(
    total: Row, shown_total: Shown, tables: Mapping[str, tuple[Mapping[str, Row], Mapping[str, Shown]]]
) -> Iterator[str]:
    """What a reader of the tables learns that R24 keeps from her: read off, by complement, along rows, down columns."""
    for where, true, shown in cells(total, shown_total, tables):
        yield from read_off(where, true, shown)
        hidden = [part for part, names in PARTS.items() if getattr(shown, names[0]) is None]
        # The rate is two numbers already; all units of the row give away its denominator, which must not be small then.
        few = 1 <= (true.denominator or 0) <= SMALL and bool(true.missing or true.pending)
        if len(hidden) == 1 and (hidden != ["rate"] or few):
            yield f"{where}: {hidden[0]} is hidden alone along the row"
    for table, (true_rows, shown_rows) in tables.items():
        for part, (name, *_) in PARTS.items():
            hidden_rows = [true_rows[label] for label, each in shown_rows.items() if getattr(each, name) is None]
            total_hidden = getattr(shown_total, name) is None
            if len(hidden_rows) + total_hidden == 1:
                yield f"{table}: {part} is hidden alone down the column"
            if hidden_rows and not total_hidden:
                together = reduce(Row.__add__, hidden_rows)
                numbers = (together.numerator, together.complement) if part == "rate" else (getattr(together, name),)
                yield from (f"{table}: hidden {part} add up to {number}" for number in numbers if 1 <= number <= SMALL)


def cells(
    total: Row, shown_total: Shown, tables: Mapping[str, tuple[Mapping[str, Row], Mapping[str, Shown]]]
) -> Iterator[tuple[str, Row, Shown]]:
    yield "total", total, shown_total
    for table, (true_rows, shown_rows) in tables.items():
        for label, shown in shown_rows.items():
            yield f"{table} {label}", true_rows[label], shown


def read_off(where: str, true: Row, shown: Shown) -> Iterator[str]:
    numbers = [shown.missing, shown.pending, shown.excluded, shown.numerator, shown.denominator]
    if shown.numerator is not None and shown.denominator is not None:
        numbers.append(shown.denominator - shown.numerator)
    yield from (f"{where}: {number} is shown" for number in numbers if number is not None and 1 <= number <= SMALL)
    if shown.numerator and true.clients_met < CLIENTS:
        yield f"{where}: the numerator rests on {true.clients_met} clients"
    if shown.denominator is not None and true.complement and true.clients_unmet < CLIENTS:
        yield f"{where}: the complement rests on {true.clients_unmet} clients"


numbers = st.one_of(st.integers(0, 14), st.integers(0, 200))


@st.composite
def rows(draw: st.DrawFn) -> Row:
    met, unmet = draw(numbers), draw(numbers)
    return Row(
        numerator=met,
        denominator=met + unmet,
        missing=draw(numbers),
        pending=draw(numbers),
        excluded=draw(numbers),
        clients_met=draw(st.integers(min(met, 1), met)),
        clients_unmet=draw(st.integers(min(unmet, 1), unmet)),
    )


@st.composite
def measures(draw: st.DrawFn) -> tuple[Row, dict[str, dict[str, Row]]]:
    """Two tables that break the same total down: the second moves units of the first between rows."""
    first = draw(st.dictionaries(st.sampled_from("abcdefgh"), rows(), min_size=1, max_size=8))
    labels = draw(st.lists(st.sampled_from("pqrstu"), min_size=1, max_size=4, unique=True))
    second: dict[str, Row] = dict.fromkeys(labels, NOTHING)
    for each in first.values():
        label = draw(st.sampled_from(labels))
        second[label] += each
    return total_of(first), {"quarter": first, "category": second}


@given(measures())
def test_nothing_small_is_shown_or_follows(measure: tuple[Row, dict[str, dict[str, Row]]]) -> None:
    total, tables = measure
    shown_total, shown = suppress(total, tables)
    assert list(leaks(total, shown_total, {table: (tables[table], shown[table]) for table in tables})) == []


@given(measures())
def test_what_is_shown_is_true(measure: tuple[Row, dict[str, dict[str, Row]]]) -> None:
    total, tables = measure
    shown_total, shown = suppress(total, tables)
    for _, true, row_shown in cells(total, shown_total, {table: (tables[table], shown[table]) for table in tables}):
        true_values = (true.numerator, true.denominator, true.missing, true.pending, true.excluded)
        assert all(value in (None, truth) for value, truth in zip(astuple(row_shown)[:5], true_values, strict=True))


@given(measures())
def test_the_same_tables_are_hidden_in_the_same_way(measure: tuple[Row, dict[str, dict[str, Row]]]) -> None:
    total, tables = measure
    turned = {table: dict(reversed(rows.items())) for table, rows in reversed(tables.items())}
    first, second = suppress(total, tables), suppress(total, turned)
    assert first[0] == second[0]
    assert {table: dict(sorted(rows.items())) for table, rows in first[1].items()} == {
        table: dict(sorted(second[1][table].items())) for table in first[1]
    }


def test_large_numbers_are_shown() -> None:
    rows = {"2026-Q1": row(40, 60, excluded=20), "2026-Q2": row(50, 50, excluded=0)}
    shown_total, shown = suppress(total_of(rows), {"quarter": rows})
    assert shown_total == Shown(90, 200, 0, 0, 20)
    assert shown["quarter"]["2026-Q1"] == Shown(40, 100, 0, 0, 20)


@pytest.mark.parametrize("few", [1, 10])
@pytest.mark.parametrize("which", ["numerator", "complement", "pending"])
def test_each_small_number_is_hidden_with_company(few: int, which: str) -> None:
    small = {"numerator": row(few, 60), "complement": row(60, few), "pending": row(60, 60, pending=few)}[which]
    rows = {"a": small, "b": row(70, 70, pending=30), "c": row(80, 80, pending=40)}
    _, shown = suppress(total_of(rows), {"quarter": rows})
    hidden = "pending" if which == "pending" else "numerator"
    assert getattr(shown["quarter"]["a"], hidden) is None
    assert getattr(shown["quarter"]["b"], hidden) is None
    assert getattr(shown["quarter"]["c"], hidden) is not None


def test_a_small_part_hides_no_more_than_it_must() -> None:
    rows = {label: row(70, 70, excluded=20) for label in "bcdef"} | {"a": row(70, 70, excluded=4)}
    shown_total, shown = suppress(total_of(rows), {"quarter": rows})
    assert shown_total == Shown(420, 840, 0, 0, 104)
    assert [label for label, each in sorted(shown["quarter"].items()) if each.excluded is None] == ["a", "b"]
    assert all(each.numerator == 70 for each in shown["quarter"].values())


def test_eleven_and_zero_are_shown() -> None:
    shown_total, _ = suppress(row(11, 11), {})
    assert shown_total == Shown(11, 22, 0, 0, 0)
    shown_total, _ = suppress(row(0, 30), {})
    assert shown_total == Shown(0, 30, 0, 0, 0)


def test_many_contacts_of_few_clients_are_hidden() -> None:
    shown_total, _ = suppress(replace(row(40, 40), clients_met=10), {})
    assert shown_total.numerator is None
    shown_total, _ = suppress(replace(row(40, 40), clients_met=11, clients_unmet=11), {})
    assert shown_total.numerator == 40


def test_a_count_has_no_complement() -> None:
    count = Row(30, None, 0, 0, 0, 30, 0)
    shown_total, _ = suppress(count, {})
    assert shown_total == Shown(30, None, 0, 0, 0)


def test_the_reader_of_these_tests_sees_a_leak() -> None:
    """The property above goes red when a companion is missing, or a small number shown."""
    rows = {"a": row(3, 60), "b": row(70, 70), "c": row(80, 80)}
    shown_total, shown = suppress(total_of(rows), {"quarter": rows})
    table = dict(shown["quarter"])
    assert list(leaks(total_of(rows), shown_total, {"quarter": (rows, table)})) == []
    table["b"] = Shown(70, 140, 0, 0, 0)
    found = list(leaks(total_of(rows), shown_total, {"quarter": (rows, table)}))
    assert "quarter: rate is hidden alone down the column" in found
    assert "quarter: hidden rate add up to 3" in found
    table["a"] = Shown(3, 63, 0, 0, 0)
    assert "quarter a: 3 is shown" in list(leaks(total_of(rows), shown_total, {"quarter": (rows, table)}))
