"""What others may read of a consent: one line a kind of fact, which says what of it leaves."""

from typing import Any, assert_never
from uuid import UUID

from contracts.events.consent import (
    ConsentChangedV1,
    ConsentEnteredInErrorV1,
    ConsentEvent,
    ConsentExpiredV1,
    ConsentRecordedV1,
    ConsentRevokedV1,
)
from services.referrals.domain.consent import (
    ConsentAcknowledged,
    ConsentChanged,
    ConsentEnteredInError,
    ConsentExpired,
    ConsentFact,
    ConsentRecorded,
    ConsentRevoked,
    Statement,
)


def of_consent(fact: ConsentFact, stream: UUID) -> ConsentEvent | None:
    """The published twin of a fact of `stream`; that its agency knows that it ran out is stored only."""
    match fact:
        case ConsentAcknowledged():
            return None
        case ConsentRecorded():
            return ConsentRecordedV1(**_said(fact, stream))
        case ConsentChanged():
            return ConsentChangedV1(**_said(fact, stream))
        case ConsentRevoked(on=on, measurement=measurement):
            return ConsentRevokedV1(consent=stream, on=on, measurement=measurement)
        case ConsentExpired(on=on, measurement=measurement):
            return ConsentExpiredV1(consent=stream, on=on, measurement=measurement)
        case ConsentEnteredInError(event=event):
            return ConsentEnteredInErrorV1(consent=stream, event=event)
        case _:
            assert_never(fact)


def _said(fact: Statement, stream: UUID) -> dict[str, Any]:
    return {
        "consent": stream,
        "agreed": fact.agreed,
        "how": fact.how,
        "on": fact.on,
        "purpose": fact.purpose,
        "expires": fact.expires,
        "measurement": fact.measurement,
    }
