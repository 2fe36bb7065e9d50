"""The table of a consent's states: what may follow from where."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen


class ConsentStatus(StrEnum):
    """Where a consent stands. A refusal is a state of its own, not the absence of one."""

    AGREED = "agreed"
    REFUSED = "refused"
    REVOKED = "revoked"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered_in_error"


class ConsentVerb(StrEnum):
    """A step, named as in its address."""

    CHANGE = "change"
    REVOKE = "revoke"
    EXPIRE = "expire"
    ACKNOWLEDGE = "acknowledge"
    ENTERED_IN_ERROR = "entered-in-error"


@frozen
class Edge:
    """From which states a step may be taken, and to which it may lead. `pressed`: a person asks for it, else a timer.

    The one side that takes them is the agency that recorded the consent.
    """

    sources: frozenset[ConsentStatus]
    targets: frozenset[ConsentStatus]
    pressed: bool = True


_IN_FORCE = frozenset({ConsentStatus.AGREED, ConsentStatus.REFUSED})
_EXPIRED = frozenset({ConsentStatus.EXPIRED})
_IN_ERROR = frozenset({ConsentStatus.ENTERED_IN_ERROR})

EDGES: Mapping[ConsentVerb, Edge] = MappingProxyType(
    {
        ConsentVerb.CHANGE: Edge(_IN_FORCE, _IN_FORCE),
        ConsentVerb.REVOKE: Edge(frozenset({ConsentStatus.AGREED}), frozenset({ConsentStatus.REVOKED})),
        ConsentVerb.EXPIRE: Edge(frozenset({ConsentStatus.AGREED}), frozenset({ConsentStatus.EXPIRED}), pressed=False),
        # Something may rest on it still: that it ran out is read, or she is asked anew.
        ConsentVerb.ACKNOWLEDGE: Edge(_EXPIRED, _EXPIRED),
        ConsentVerb.ENTERED_IN_ERROR: Edge(frozenset(ConsentStatus) - _IN_ERROR, _IN_ERROR),
    }
)
