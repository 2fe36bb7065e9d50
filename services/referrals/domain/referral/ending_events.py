"""How a referral ends otherwise than by service. Its class is repeated in each fact (R6)."""

from typing import ClassVar
from uuid import UUID

from services.referrals.domain.fact import Fact
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.vocabulary import Reason, ReasonOwner, RestrictedClass, Source


class ReferralCancellationRequested(Fact):
    """The sender asked the receiver to stop."""

    TYPE: ClassVar[str] = "referral.cancellation_requested.v1"
    reason: Reason
    reason_owner: ReasonOwner
    restricted: RestrictedClass | None = None


class ReferralCancelled(Fact):
    """It ended on the sender's wish: taken back by the sender itself, or stopped by the receiver (`source`)."""

    TYPE: ClassVar[str] = "referral.cancelled.v1"
    reason: Reason
    reason_owner: ReasonOwner
    source: Source
    restricted: RestrictedClass | None = None


class ReferralNotCompleted(Fact):
    """It was taken on, or waited, and ended without being completed; who was served stays served."""

    TYPE: ClassVar[str] = "referral.not_completed.v1"
    reason: Reason
    reason_owner: ReasonOwner
    source: Source
    restricted: RestrictedClass | None = None


class ReferralExpired(Fact):
    """Nobody answered in time (R15)."""

    TYPE: ClassVar[str] = "referral.expired.v1"
    reason: Reason
    reason_owner: ReasonOwner
    source: Source
    restricted: RestrictedClass | None = None


class ReferralTakenBack(TakenBack):
    """A step of either side was pressed by mistake (R14)."""

    TYPE: ClassVar[str] = "referral.taken_back.v1"


class ReferralEnteredInError(Fact):
    """It should never have been sent: it stays in history and leaves every measure.

    `event` is the one that sent it, `note` the vault id of the sender's words.
    """

    TYPE: ClassVar[str] = "referral.entered_in_error.v1"
    event: UUID
    note: UUID
    restricted: RestrictedClass | None = None
