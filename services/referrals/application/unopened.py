"""What came to an agency and nobody there has opened: none of its lists says who she is (R1, R11)."""

from typing import Final

from services.referrals.application.acting import Acting
from services.referrals.domain.handoff import HandoffStatus
from services.referrals.domain.referral import ReferralStatus
from services.referrals.store.commit import WorkRow

UNOPENED: Final = frozenset({("referral", ReferralStatus.SENT), ("handoff", HandoffStatus.OFFERED)})


def is_unopened(acting: Acting, row: WorkRow) -> bool:
    """Whether it came to the caller's agency, and nobody there has asked who she is.

    Who looks through a list has not asked for her; whoever opens it has, and that is written down. An offer of a
    handoff is opened anew by everybody who looks, until it is answered.
    """
    return row.to_agency == acting.agency != row.from_agency and (row.kind, row.state) in UNOPENED
