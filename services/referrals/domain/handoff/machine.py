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
    CLIENT_DECLINES = "client-declines"
    OFFER = "offer"
    WITHDRAW = "withdraw"
    INTRODUCE = "introduce"
    ACCEPT = "accept"
    DECLINE = "decline"
    COMPLETE = "complete"
    EXPIRE = "expire"
    FAIL = "fail"
    ACKNOWLEDGE = "acknowledge"
    CONSENT_TAKEN_BACK = "consent-taken-back"
    END_CONTACT = "end-contact"
    END_CONTACT_AFTER = "end-contact-after"
    TAKE_BACK = "take-back"


ENDED = frozenset(HandoffStatus) - {
    HandoffStatus.PROPOSED,
    HandoffStatus.AGREED,
    HandoffStatus.OFFERED,
    HandoffStatus.ACCEPTED,
}
"""States without a way out."""


@frozen
class Edge:
    """Who may take a step, from which states, to which (None: it stays).

    `sides` is empty where no side takes it: the clock does, or what is recorded elsewhere (R15, R20). `theirs` are the
    states of the receiver, where it may take it from fewer.
    """

    sides: frozenset[Side]
    sources: frozenset[HandoffStatus]
    target: HandoffStatus | None
    theirs: frozenset[HandoffStatus] | None = None

    def sources_of(self, side: Side) -> frozenset[HandoffStatus]:
        """From which states this side takes it."""
        return self.theirs if side is Side.RECEIVER and self.theirs is not None else self.sources


_NOBODY: frozenset[Side] = frozenset()
_SENDER, _RECEIVER = frozenset({Side.SENDER}), frozenset({Side.RECEIVER})
_PROPOSED, _AGREED = frozenset({HandoffStatus.PROPOSED}), frozenset({HandoffStatus.AGREED})
_OFFERED, _ACCEPTED = frozenset({HandoffStatus.OFFERED}), frozenset({HandoffStatus.ACCEPTED})
BEFORE_ACCEPTANCE = _PROPOSED | _AGREED | _OFFERED
"""The sender leads, and can still end it."""

EDGES: Mapping[HandoffVerb, Edge] = MappingProxyType(
    {
        HandoffVerb.CLIENT_AGREES: Edge(_SENDER, _PROPOSED, HandoffStatus.AGREED),
        HandoffVerb.CLIENT_DECLINES: Edge(_SENDER, BEFORE_ACCEPTANCE, HandoffStatus.CLIENT_DECLINED),
        HandoffVerb.OFFER: Edge(_SENDER, _AGREED, HandoffStatus.OFFERED),
        HandoffVerb.WITHDRAW: Edge(_SENDER, BEFORE_ACCEPTANCE, HandoffStatus.WITHDRAWN),
        # Who has not opened it knows nothing of her (R1): the receiver speaks of a call once it has accepted.
        HandoffVerb.INTRODUCE: Edge(_SENDER | _RECEIVER, _AGREED | _OFFERED | _ACCEPTED, None, theirs=_ACCEPTED),
        HandoffVerb.ACCEPT: Edge(_RECEIVER, _OFFERED, HandoffStatus.ACCEPTED),
        HandoffVerb.DECLINE: Edge(_RECEIVER, _OFFERED, HandoffStatus.DECLINED),
        HandoffVerb.COMPLETE: Edge(_RECEIVER, _ACCEPTED, HandoffStatus.COMPLETED),
        HandoffVerb.EXPIRE: Edge(_NOBODY, _OFFERED, HandoffStatus.EXPIRED),
        HandoffVerb.FAIL: Edge(_NOBODY, _ACCEPTED, HandoffStatus.FAILED),
        # The lead stayed, or came back: the sender has to know that it leads (R11 as for referrals).
        HandoffVerb.ACKNOWLEDGE: Edge(
            _SENDER, frozenset({HandoffStatus.DECLINED, HandoffStatus.EXPIRED, HandoffStatus.FAILED}), None
        ),
        HandoffVerb.CONSENT_TAKEN_BACK: Edge(_NOBODY, BEFORE_ACCEPTANCE, HandoffStatus.WITHDRAWN),
        # Withdrawn before acceptance, failed without return after it (R16).
        HandoffVerb.END_CONTACT: Edge(_NOBODY, BEFORE_ACCEPTANCE, HandoffStatus.WITHDRAWN),
        HandoffVerb.END_CONTACT_AFTER: Edge(_NOBODY, _ACCEPTED, HandoffStatus.FAILED),
    }
)
