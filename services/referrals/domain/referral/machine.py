"""The table of a referral's states: which side may take which step from where (F2, R16)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import Side


class ReferralStatus(StrEnum):
    """Where a referral stands. A draft is no state: it lives in the vault (R10)."""

    SENT = "sent"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    IN_SERVICE = "in_service"
    CANCEL_REQUESTED = "cancel_requested"
    COMPLETED = "completed"
    NOT_COMPLETED = "not_completed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REDIRECTED = "redirected"
    ENTERED_IN_ERROR = "entered_in_error"


class ReferralVerb(StrEnum):
    """A step, named as in its address."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    DECLINE = "decline"
    WAITLIST = "waitlist"
    REDIRECT = "redirect"
    START_SERVICE = "start-service"
    COMPLETE = "complete"
    CANCEL = "cancel"
    REQUEST_CANCELLATION = "request-cancellation"
    CONFIRM_CANCELLATION = "confirm-cancellation"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    LAPSE_CANCELLATION = "lapse-cancellation"
    CLOSE = "close"
    EXPIRE = "expire"
    STOP_CONTACT = "stop-contact"
    STOP_CONTACT_IN_SERVICE = "stop-contact-in-service"
    AGENCY_LEFT = "agency-left"
    AGENCY_LEFT_IN_SERVICE = "agency-left-in-service"
    ACKNOWLEDGE = "acknowledge"
    ATTEST = "attest"
    ENTERED_IN_ERROR = "entered-in-error"
    TAKE_BACK = "take-back"


ENDED = frozenset(
    {
        ReferralStatus.COMPLETED,
        ReferralStatus.NOT_COMPLETED,
        ReferralStatus.DECLINED,
        ReferralStatus.CANCELLED,
        ReferralStatus.EXPIRED,
        ReferralStatus.REDIRECTED,
        ReferralStatus.ENTERED_IN_ERROR,
    }
)
"""States without a way on: a referral is never reopened, a new one supersedes it."""

SAID_YES = frozenset({ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE, ReferralStatus.CANCEL_REQUESTED})
"""States of a referral that its receiver took on, as long as it has not ended."""

SEEN = frozenset(ReferralStatus) - {
    ReferralStatus.SENT,
    ReferralStatus.CANCELLED,
    ReferralStatus.EXPIRED,
    ReferralStatus.ENTERED_IN_ERROR,
}
"""States that the receiver has a hand in, so that it has opened it."""


@frozen
class Edge:
    """Who may take a step, from which states, to which (None: it stays). `pressed`: a person or system asks for it.

    `side` is None where no side takes it: the clock does, or what is recorded elsewhere (R15, R20).
    """

    side: Side | None
    sources: frozenset[ReferralStatus]
    target: ReferralStatus | None
    pressed: bool = True


_OPEN = frozenset({ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED})
_TAKEN_ON = frozenset({ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE})
_ASKED = frozenset({ReferralStatus.CANCEL_REQUESTED})
_BEFORE = _OPEN | _ASKED

EDGES: Mapping[ReferralVerb, Edge] = MappingProxyType(
    {
        ReferralVerb.RECEIVE: Edge(Side.RECEIVER, frozenset({ReferralStatus.SENT}), ReferralStatus.RECEIVED),
        ReferralVerb.ACCEPT: Edge(Side.RECEIVER, _OPEN, ReferralStatus.ACCEPTED),
        ReferralVerb.DECLINE: Edge(Side.RECEIVER, _OPEN | {ReferralStatus.ACCEPTED}, ReferralStatus.DECLINED),
        ReferralVerb.WAITLIST: Edge(
            Side.RECEIVER,
            frozenset({ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.ACCEPTED}),
            ReferralStatus.WAITLISTED,
        ),
        ReferralVerb.REDIRECT: Edge(Side.RECEIVER, _OPEN | {ReferralStatus.ACCEPTED}, ReferralStatus.REDIRECTED),
        ReferralVerb.START_SERVICE: Edge(
            Side.RECEIVER, frozenset({ReferralStatus.ACCEPTED}), ReferralStatus.IN_SERVICE, pressed=False
        ),
        ReferralVerb.COMPLETE: Edge(
            Side.RECEIVER,
            frozenset({ReferralStatus.ACCEPTED, ReferralStatus.IN_SERVICE, ReferralStatus.CANCEL_REQUESTED}),
            ReferralStatus.COMPLETED,
        ),
        ReferralVerb.CANCEL: Edge(Side.SENDER, frozenset({ReferralStatus.SENT}), ReferralStatus.CANCELLED),
        ReferralVerb.REQUEST_CANCELLATION: Edge(
            Side.SENDER,
            frozenset(
                {
                    ReferralStatus.RECEIVED,
                    ReferralStatus.WAITLISTED,
                    ReferralStatus.ACCEPTED,
                    ReferralStatus.IN_SERVICE,
                }
            ),
            ReferralStatus.CANCEL_REQUESTED,
        ),
        ReferralVerb.CONFIRM_CANCELLATION: Edge(
            Side.RECEIVER, frozenset({ReferralStatus.CANCEL_REQUESTED}), ReferralStatus.CANCELLED
        ),
        ReferralVerb.CONSENT_WITHDRAWN: Edge(
            Side.SENDER,
            _OPEN | {ReferralStatus.CANCEL_REQUESTED},
            ReferralStatus.CANCELLED,
            pressed=False,
        ),
        ReferralVerb.LAPSE_CANCELLATION: Edge(
            None, frozenset({ReferralStatus.CANCEL_REQUESTED}), ReferralStatus.CANCELLED, pressed=False
        ),
        ReferralVerb.CLOSE: Edge(
            Side.RECEIVER, _TAKEN_ON | _ASKED | {ReferralStatus.WAITLISTED}, ReferralStatus.NOT_COMPLETED
        ),
        ReferralVerb.EXPIRE: Edge(None, _OPEN - {ReferralStatus.WAITLISTED}, ReferralStatus.EXPIRED, pressed=False),
        ReferralVerb.STOP_CONTACT: Edge(None, _BEFORE, ReferralStatus.CANCELLED, pressed=False),
        ReferralVerb.STOP_CONTACT_IN_SERVICE: Edge(None, _TAKEN_ON, ReferralStatus.NOT_COMPLETED, pressed=False),
        ReferralVerb.AGENCY_LEFT: Edge(Side.RECEIVER, _BEFORE, ReferralStatus.DECLINED, pressed=False),
        ReferralVerb.AGENCY_LEFT_IN_SERVICE: Edge(
            Side.RECEIVER, _TAKEN_ON, ReferralStatus.NOT_COMPLETED, pressed=False
        ),
        ReferralVerb.ACKNOWLEDGE: Edge(Side.SENDER, ENDED - {ReferralStatus.ENTERED_IN_ERROR}, None),
        ReferralVerb.ATTEST: Edge(
            Side.RECEIVER, frozenset({ReferralStatus.COMPLETED, ReferralStatus.NOT_COMPLETED}), None
        ),
        ReferralVerb.ENTERED_IN_ERROR: Edge(
            Side.SENDER,
            frozenset(ReferralStatus) - {ReferralStatus.ENTERED_IN_ERROR},
            ReferralStatus.ENTERED_IN_ERROR,
        ),
    }
)
"""Every step but taking one back, which either side may for a while, from any state to the one before (R14)."""
