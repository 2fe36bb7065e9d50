"""What others may read of a disclosure: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.disclosure import DisclosureEvent, DisclosureRecordedV1
from services.referrals.domain.disclosure import DisclosureFact, DisclosureRecorded


def of_disclosure(fact: DisclosureFact, stream: UUID) -> DisclosureEvent:
    """The published twin of a fact of `stream`."""
    match fact:
        case DisclosureRecorded(kind=kind, referral=referral, handoff=handoff):
            return DisclosureRecordedV1(disclosure=stream, kind=kind, referral=referral, handoff=handoff)
        case _:
            assert_never(fact)
