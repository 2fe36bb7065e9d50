"""What a poll means does not depend on how the log is cut, read again or written to by a second relay."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.worker.batch import BEHIND, Batch, Known, read
from services.runtime.worker.ledger import START, Move, Parked, Place
from tests.runtime.worker.records import FakeRecord, at, handle, position_of

Row = tuple[int, int]


def known(place: Place = START, parked: set[bytes | None] | None = None) -> dict[object, Known]:
    return {at(): Known(place, parked or set())}


def meaning(records: Sequence[FakeRecord], place: Place = START, parked: set[bytes | None] | None = None) -> Batch[Row]:
    return read({at(): list(records)}, known(place, parked), handle, position_of)  # type: ignore[arg-type]


def test_rows_and_the_new_place() -> None:
    batch = meaning([FakeRecord(0, 3), FakeRecord(1, 4, value=b"skip"), FakeRecord(2, 9, value=b"other")])
    assert batch.rows == [(0, 3)]
    assert batch.moves == [Move(at(), START, Place(3, 9))]
    assert (batch.seen, batch.again, batch.parked) == (3, 0, [])


def test_offsets_before_the_place_are_not_looked_at() -> None:
    batch = meaning([FakeRecord(4, 10), FakeRecord(5, 11)], Place(5, 10))
    assert (batch.rows, batch.seen) == ([(0, 11)], 1)


def test_a_position_that_was_applied_is_dropped_at_a_new_offset() -> None:
    batch = meaning([FakeRecord(5, 10), FakeRecord(6, 9), FakeRecord(7, 12)], Place(5, 10))
    assert (batch.rows, batch.again) == ([(0, 12)], 2)
    assert batch.moves == [Move(at(), Place(5, 10), Place(8, 12))]


def test_an_invalid_record_is_parked_and_its_key_behind_it() -> None:
    records = [
        FakeRecord(0, 1, key=b"hers"),
        FakeRecord(1, 2, key=b"hers", value=b"nonsense"),
        FakeRecord(2, 3, key=b"others"),
        FakeRecord(3, 4, key=b"hers"),
    ]
    batch = meaning(records)
    assert batch.rows == [(0, 1), (0, 3)]
    assert batch.parked == [
        Parked(at(), 1, b"hers", "bad", behind=False),
        Parked(at(), 3, b"hers", BEHIND, behind=True),
    ]
    assert batch.moves == [Move(at(), START, Place(4, 4))]


def test_a_key_that_waits_in_the_park_waits_on() -> None:
    batch = meaning([FakeRecord(0, 1, key=b"hers"), FakeRecord(1, 2)], parked={b"hers"})
    assert batch.rows == [(0, 2)]
    assert [each.offset for each in batch.parked] == [0]


def test_a_record_without_a_position_is_parked_and_moves_none() -> None:
    batch = meaning([FakeRecord(0, 7), FakeRecord(1, 0, key=b"other")])
    assert batch.parked == [Parked(at(), 1, b"other", "no-position", behind=False)]
    assert batch.moves == [Move(at(), START, Place(2, 7))]


def test_partitions_that_are_not_known_are_left_alone() -> None:
    batch = read({at(1): [FakeRecord(0, 1, partition=1)]}, known(), handle, position_of)  # type: ignore[arg-type]
    assert batch.moves == []


values = st.sampled_from([b"apply", b"apply", b"apply", b"skip", b"nonsense"])
keys = st.sampled_from([b"a", b"b", b"c", b"d"])


@st.composite
def logs(draw: st.DrawFn) -> list[FakeRecord]:
    """A partition as a relay writes it, in which some records were sent a second time, further back."""
    made = [(draw(keys), draw(values)) for _ in range(draw(st.integers(1, 30)))]
    positions = list(range(1, len(made) + 1))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(1, len(positions)))
        again = draw(st.integers(1, max(positions[:place])))
        positions.insert(place, again)
    return [
        FakeRecord(offset, position, key=made[position - 1][0], value=made[position - 1][1])
        for offset, position in enumerate(positions)
    ]


@given(logs(), st.data())
def test_any_cut_and_any_replay_give_the_same(log: list[FakeRecord], data: st.DataObject) -> None:
    whole = meaning(log)
    rows: list[Row] = []
    parked: list[Parked] = []
    place, blocked = START, set[bytes | None]()
    while place.next_offset < len(log):
        start = data.draw(st.integers(0, place.next_offset), label="reads again from")
        end = data.draw(st.integers(place.next_offset + 1, len(log)), label="up to")
        batch = meaning(log[start:end], place, blocked)
        if data.draw(st.booleans(), label="is killed before it writes"):
            continue
        rows += batch.rows
        parked += batch.parked
        blocked |= {each.key for each in batch.parked}
        [move] = batch.moves
        assert move.before == place
        place = move.after
    assert (rows, parked, place) == (whole.rows, whole.parked, whole.moves[0].after)
    assert len(set(rows)) == len(rows)
