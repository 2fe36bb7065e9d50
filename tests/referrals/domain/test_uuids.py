"""A UUID of a number is the very one that the library makes of it."""

import pickle
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from services.referrals.domain.uuids import uuid_of


@given(some.integers(0, 2**128 - 1))
def test_it_is_the_librarys_own(number: int) -> None:
    made, theirs = uuid_of(number), UUID(int=number)
    assert (made, hash(made), str(made), made.is_safe) == (theirs, hash(theirs), str(theirs), theirs.is_safe)
    assert pickle.loads(pickle.dumps(made)) == theirs  # noqa: S301 - what this test has just written
