import copy
import json
import logging
import pickle
from dataclasses import replace
from uuid import UUID, uuid4

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referrals.vault.held import Holding
from services.referrals.vault.seal import BUCKET_BYTES, DataKey, Place, SealBroken, Sealed, key_of, padded, unpadded
from tests.fix_vault import mara

KEY = DataKey(UUID(int=7), bytes(32))
PLACE = Place("sample-county", "example-clinic-north", UUID(int=1), UUID(int=2), "identity")
ELSEWHERE = [
    replace(PLACE, initiative="sample-count", agency="yexample-clinic-north"),
    replace(PLACE, initiative="another-county"),
    replace(PLACE, agency="sample-county-chw-hub"),
    replace(PLACE, client=UUID(int=3)),
    replace(PLACE, row=UUID(int=3)),
    replace(PLACE, field="given"),
    replace(PLACE, schema=2),
]


@given(st.binary(max_size=500))
def test_a_sealed_value_opens_in_its_place_and_nowhere_else(value: bytes) -> None:
    envelope = KEY.seal(PLACE, value)
    assert key_of(envelope) == KEY.id
    assert KEY.open(PLACE, envelope) == value
    for place in ELSEWHERE:
        with pytest.raises(SealBroken):
            KEY.open(place, envelope)


@given(st.binary(max_size=40), st.data())
def test_no_bit_of_an_envelope_can_be_changed(value: bytes, data: st.DataObject) -> None:
    envelope = bytearray(KEY.seal(PLACE, value))
    place = data.draw(st.integers(0, len(envelope) - 1))
    envelope[place] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBroken):
        KEY.open(PLACE, bytes(envelope))
    with pytest.raises(SealBroken):
        KEY.open(PLACE, bytes(envelope[: data.draw(st.integers(0, len(envelope) - 1))]))


def test_another_key_does_not_open() -> None:
    envelope = KEY.seal(PLACE, b"x")
    for other in (DataKey(uuid4(), bytes(32)), DataKey(KEY.id, b"\1" * 32)):
        with pytest.raises(SealBroken):
            other.open(PLACE, envelope)


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({KEY.seal(PLACE, b"x") for _ in range(100)}) == 100


@given(st.binary(max_size=300))
def test_lengths_tell_no_more_than_whole_buckets(value: bytes) -> None:
    assert unpadded(padded(value)) == value
    assert len(padded(value)) % BUCKET_BYTES == 0
    assert len(padded(value)) < len(value) + 4 + BUCKET_BYTES
    assert len(KEY.seal(PLACE, value)) == len(KEY.seal(PLACE, bytes(len(padded(value)) - 4)))


def test_sealed_values_are_neither_printed_nor_pickled(caplog: pytest.LogCaptureFixture) -> None:
    secret = "Mara Example"
    for value in (Sealed(secret), Holding({"name": secret}), mara(), mara().names[0]):
        shown = [repr(value), str(value), f"{value}", f"{value!r:>40}", "%s" % value, f"{[value]} { ({'x': value}) }"]  # noqa: UP031
        with caplog.at_level(logging.WARNING):
            logging.getLogger("test").warning("said %s", value)
        assert "Mara" not in "".join(shown) + caplog.text
        assert copy.copy(value) is not None
        for dump in (pickle.dumps, json.dumps, orjson.dumps):
            with pytest.raises(TypeError) as caught:
                dump(value)
            assert "Mara" not in str(caught.value)
    assert Sealed(secret).open() == secret


def test_an_identity_is_not_dumped_or_taken_apart() -> None:
    said = str(mara().model_dump()) + mara().model_dump_json() + str(mara().names[0].model_dump(mode="python"))
    assert set(said.replace('"', "").split("<sealed>")) == {""}
    with pytest.raises(TypeError):
        dict(mara())
