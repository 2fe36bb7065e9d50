"""A UUID of a number is the very one that the library makes of it."""

import pickle
from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as some

from services.referrals.domain.uuids import derived, uuid_of


@given(some.integers(0, 2**128 - 1))
def test_it_is_the_librarys_own(number: int) -> None:
    made, theirs = uuid_of(number), UUID(int=number)
    assert (made, hash(made), str(made), made.is_safe) == (theirs, hash(theirs), str(theirs), theirs.is_safe)
    assert pickle.loads(pickle.dumps(made)) == theirs  # noqa: S301 - what this test has just written


@given(some.integers(0, 2**128 - 1), some.text())
def test_one_that_is_derived_is_the_librarys_own_too(number: int, name: str) -> None:
    made, theirs = derived(UUID(int=number), name), uuid5(UUID(int=number), name)
    assert (made, made.version, made.variant) == (theirs, 5, theirs.variant)
