"""What others may read of a consent: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.consent import ConsentEvent, ConsentRecordedV1
from services.referrals.domain.consent import ConsentFact, ConsentRecorded


def of_consent(fact: ConsentFact, stream: UUID) -> ConsentEvent:
    """The published twin of a fact of `stream`."""
    match fact:
        case ConsentRecorded():
            return _consent(fact, stream)
        case _:
            assert_never(fact)


def _consent(fact: ConsentRecorded, stream: UUID) -> ConsentRecordedV1:
    return ConsentRecordedV1(
        consent=stream, agreed=fact.agreed, how=fact.how, on=fact.on, purpose=fact.purpose, expires=fact.expires
    )
