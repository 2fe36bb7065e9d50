"""Sending again: which referral a new one may take the place of (R14)."""

from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.draft import History
from services.referrals.application.sight import folded
from services.referrals.domain import referral
from services.referrals.domain.refusal import NotASide, WrongState


def superseded(acting: Acting, client: UUID, history: History) -> UUID:
    """The ended referral that a new one is sent instead of.

    Raises NotASide for one that is not this agency's own for this client, WrongState for one that is open.
    """
    before = folded(history, referral.fold)
    if history.client != client or before.sent.from_agency != acting.agency:
        raise NotASide
    if before.status not in referral.ENDED:
        raise WrongState(before.status, "referral-not-ended")
    return history.stream
