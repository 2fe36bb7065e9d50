from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from services.referrals.vault.keys import RootKey
from services.referrals.vault.rows import Fingerprints, RowIds

ROOT = RootKey(bytes(range(32)))
COMMAND = st.tuples(
    st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.text(max_size=4), st.binary(max_size=4)
)


@given(COMMAND, COMMAND)
def test_a_row_id_stands_for_one_command_and_what_was_typed(
    one: tuple[str, str, str, str, bytes], other: tuple[str, str, str, str, bytes]
) -> None:
    rows = RowIds(ROOT)
    assert (rows.of(*one) == RowIds(ROOT).of(*other)) == (one == other)
    assert rows.of(*one) != RowIds(RootKey(bytes(32))).of(*one)
    assert (rows.of(*one).version, rows.of(*one).variant) == (8, RFC_4122)


@given(st.binary(), st.binary())
def test_fingerprints_are_equal_for_equal_bodies_of_one_agency(one: bytes, other: bytes) -> None:
    prints = Fingerprints(ROOT)
    assert (prints.of(one, agency="a") == prints.of(other, agency="a")) == (one == other)
    assert prints.of(one, agency="a") != prints.of(one, agency="b")
    assert prints.of(one) != Fingerprints(RootKey(bytes(32))).of(one)
