"""Where a screening may stand: it is written down once, and may turn out to be an error (R14)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen
from services.referrals.domain.screening import Screening


class ScreeningStatus(StrEnum):
    """Where a screening stands."""

    RECORDED = "recorded"
    ENTERED_IN_ERROR = "entered_in_error"


class ScreeningVerb(StrEnum):
    """A step, named as in its address; the agency that recorded it alone takes it."""

    ENTERED_IN_ERROR = "entered-in-error"


@frozen
class Edge:
    """From which states a step may be taken, and to which it leads."""

    sources: frozenset[ScreeningStatus]
    target: ScreeningStatus


EDGES: Mapping[ScreeningVerb, Edge] = MappingProxyType(
    {ScreeningVerb.ENTERED_IN_ERROR: Edge(frozenset({ScreeningStatus.RECORDED}), ScreeningStatus.ENTERED_IN_ERROR)}
)


def status_of(state: Screening) -> ScreeningStatus:
    return ScreeningStatus.ENTERED_IN_ERROR if state.in_error else ScreeningStatus.RECORDED
