"""The table of a handoff's states: which side may take which step from where (F3)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import Side


class HandoffStatus(StrEnum):
    """Where a handoff stands."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CLIENT_DECLINED = "client_declined"
    WITHDRAWN = "withdrawn"
    DECLINED = "declined"
    EXPIRED = "expired"
    FAILED = "failed"


class HandoffVerb(StrEnum):
    """A step, named as in its address."""

    CLIENT_AGREES = "client-agrees"
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    COMPLETE = "complete"


ENDED = frozenset(HandoffStatus) - {
    HandoffStatus.PROPOSED,
    HandoffStatus.AGREED,
    HandoffStatus.OFFERED,
    HandoffStatus.ACCEPTED,
}
"""States without a way out."""


@frozen
class Edge:
    """Who may take a step, from which state, to which."""

    side: Side
    source: HandoffStatus
    target: HandoffStatus


EDGES: Mapping[HandoffVerb, Edge] = MappingProxyType(
    {
        HandoffVerb.CLIENT_AGREES: Edge(Side.SENDER, HandoffStatus.PROPOSED, HandoffStatus.AGREED),
        HandoffVerb.OFFER: Edge(Side.SENDER, HandoffStatus.AGREED, HandoffStatus.OFFERED),
        HandoffVerb.ACCEPT: Edge(Side.RECEIVER, HandoffStatus.OFFERED, HandoffStatus.ACCEPTED),
        HandoffVerb.DECLINE: Edge(Side.RECEIVER, HandoffStatus.OFFERED, HandoffStatus.DECLINED),
        HandoffVerb.COMPLETE: Edge(Side.RECEIVER, HandoffStatus.ACCEPTED, HandoffStatus.COMPLETED),
    }
)
