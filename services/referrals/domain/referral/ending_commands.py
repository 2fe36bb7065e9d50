"""What can be asked of a referral so that it ends otherwise than by service."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.domain.outreach import Attempt, OutreachRule
from services.referrals.domain.vocabulary import ContactMode, Reason, Source


@frozen(kw_only=True)
class CancelReferral:
    """The sender takes back what nobody opened yet."""

    agency: str
    at: datetime
    reason: Reason


@frozen(kw_only=True)
class RequestCancellation:
    """The sender asks the receiver to stop."""

    agency: str
    at: datetime
    reason: Reason


@frozen(kw_only=True)
class ConfirmCancellation:
    """The receiver stops, as it was asked."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class WithdrawConsent:
    """She took back the agreement that it rests on: follows from that, nobody presses it (R1)."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class LapseCancellation:
    """The receiver was asked to stop and said nothing in time: nobody presses it, the clock does (R15, R16).

    `agency` is that of the record, as in every command of the clock; it is no side.
    """

    agency: str
    at: datetime


@frozen(kw_only=True)
class CloseReferral:
    """The receiver ends without completing it. For `unable_to_reach` the attempts count (R13).

    `allowed_modes` are those of her safe-contact plan, None where she has none.
    """

    agency: str
    at: datetime
    reason: Reason
    attempts: Iterable[Attempt] = ()
    allowed_modes: frozenset[ContactMode] | None = None
    contact_prohibited: bool = False
    rule: OutreachRule = OutreachRule()
    source: Source = Source.RECIPIENT


@frozen(kw_only=True)
class ExpireReferral:
    """Nobody answered in time; `agency` is the record's own, `not_before` the earliest moment for it (UTC)."""

    agency: str
    at: datetime
    not_before: datetime


@frozen(kw_only=True)
class StopContact:
    """No further contact with her (R20): `agency` is the one that recorded it, or the record's own."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class LeaveReferral:
    """Its receiver `agency` left the initiative (R22)."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class EnterInError:
    """The sender says that it should never have been sent. `event` is its first event, `note` the vault id of why."""

    agency: str
    at: datetime
    event: UUID
    note: UUID
