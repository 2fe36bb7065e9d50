"""Where one question of a capacity check may stand, and who may take which step from where (R2)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import Side


class CheckStatus(StrEnum):
    """Where one question stands."""

    ASKED = "asked"
    YES = "yes"
    NO = "no"
    CLOSED = "closed"


class CheckVerb(StrEnum):
    """A step: the asked agency says yes or no, whoever asked stops asking."""

    YES = "yes"
    NO = "no"
    CLOSE = "close"


@frozen
class Edge:
    """Who takes a step, from which states, to which."""

    side: Side
    sources: frozenset[CheckStatus]
    target: CheckStatus


_ASKED = frozenset({CheckStatus.ASKED})

EDGES: Mapping[CheckVerb, Edge] = MappingProxyType(
    {
        CheckVerb.YES: Edge(Side.RECEIVER, _ASKED, CheckStatus.YES),
        CheckVerb.NO: Edge(Side.RECEIVER, _ASKED, CheckStatus.NO),
        CheckVerb.CLOSE: Edge(Side.SENDER, frozenset(CheckStatus) - {CheckStatus.CLOSED}, CheckStatus.CLOSED),
    }
)
