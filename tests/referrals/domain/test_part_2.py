"""Who got treatment records of substance use in three years (42 CFR 2.24), as a pure rule."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.referrals.domain.accounting import Entry, EntryKind
from services.referrals.domain.part_2 import recipients
from services.referrals.domain.vocabulary import RestrictedClass

NOON = datetime(2028, 2, 29, 20, 0, tzinfo=UTC)
SINCE = datetime(2025, 2, 28, 20, 0, tzinfo=UTC)


def entry(at: datetime, kind: EntryKind = EntryKind.READ, restricted: RestrictedClass | None = None) -> Entry:
    return Entry(id=UUID(int=1), at=at, kind=kind, to="sample-county-chw-hub", restricted=restricted)


@pytest.mark.parametrize(
    ("found", "listed"),
    [
        (entry(NOON, restricted=RestrictedClass.PART_2), True),
        (entry(SINCE, restricted=RestrictedClass.PART_2), True),
        (entry(SINCE - timedelta(seconds=1), restricted=RestrictedClass.PART_2), False),
        (entry(NOON, restricted=RestrictedClass.BEHAVIORAL), False),
        (entry(NOON), False),
        (entry(NOON, EntryKind.ERASED, RestrictedClass.PART_2), False),
    ],
    ids=["now", "three years ago", "a second before that", "other care", "ordinary", "erased"],
)
def test_three_years_back_and_nothing_else(found: Entry, listed: bool) -> None:
    assert recipients([found], NOON) == ([found] if listed else [])
