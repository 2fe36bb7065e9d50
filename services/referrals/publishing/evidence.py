"""What others may read of the contact that shows a service: nothing, where the contact alone is restricted (R6)."""

from uuid import UUID

from services.referrals.domain.handoff import HandoffCompleted
from services.referrals.domain.referral import ReferralCompleted, ReferralServiceStarted


def evidence(fact: ReferralServiceStarted | ReferralCompleted | HandoffCompleted) -> UUID | None:
    """The contact's id, or None."""
    return None if fact.evidence_restricted and fact.restricted is None else fact.evidence
