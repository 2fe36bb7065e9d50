"""The table of a pregnancy as each agency records it: which step is possible from where, and where it leads (F5)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen


class EpisodeStatus(StrEnum):
    """Where a pregnancy stands in one agency's own words; another's end, birth or loss is never among them (R5)."""

    OPEN_UNDATED = "open_undated"
    OPEN_DATED = "open_dated"
    LOST = "lost"
    POSTPARTUM = "postpartum"
    CLOSED = "closed"
    ENTERED_IN_ERROR = "entered_in_error"


class EpisodeVerb(StrEnum):
    """A step, named as in its address."""

    DATE = "date"
    PRENATAL_CARE = "prenatal-care"
    LOST = "lost"
    RESUME = "resume"
    END = "end"
    POSTPARTUM_VISIT = "postpartum-visit"
    CLOSE = "close"
    ENTERED_IN_ERROR = "entered-in-error"
    DATING_IN_ERROR = "dating-entered-in-error"


class Phase(StrEnum):
    """What the calendar says of a pregnancy, whatever was recorded of its end (R5)."""

    PRENATAL = "prenatal"
    POSTPARTUM = "postpartum"
    CLOSED = "closed"


@frozen
class Edge:
    """From which states a step may be taken, and to which it leads (None: it stays, or goes back to where it was)."""

    sources: frozenset[EpisodeStatus]
    target: EpisodeStatus | None


_OPEN = frozenset({EpisodeStatus.OPEN_UNDATED, EpisodeStatus.OPEN_DATED})
_POSTPARTUM = frozenset({EpisodeStatus.POSTPARTUM})
_LOST = frozenset({EpisodeStatus.LOST})

EDGES: Mapping[EpisodeVerb, Edge] = MappingProxyType(
    {
        EpisodeVerb.DATE: Edge(_OPEN, EpisodeStatus.OPEN_DATED),
        EpisodeVerb.PRENATAL_CARE: Edge(_OPEN, None),
        EpisodeVerb.LOST: Edge(_OPEN | _POSTPARTUM, EpisodeStatus.LOST),
        EpisodeVerb.RESUME: Edge(_LOST, None),
        EpisodeVerb.END: Edge(_OPEN | _LOST, EpisodeStatus.POSTPARTUM),
        EpisodeVerb.POSTPARTUM_VISIT: Edge(_OPEN | _POSTPARTUM, None),
        EpisodeVerb.CLOSE: Edge(_OPEN | _LOST | _POSTPARTUM, EpisodeStatus.CLOSED),
        EpisodeVerb.ENTERED_IN_ERROR: Edge(
            frozenset(EpisodeStatus) - {EpisodeStatus.ENTERED_IN_ERROR}, EpisodeStatus.ENTERED_IN_ERROR
        ),
        EpisodeVerb.DATING_IN_ERROR: Edge(
            frozenset(EpisodeStatus) - {EpisodeStatus.ENTERED_IN_ERROR, EpisodeStatus.OPEN_UNDATED}, None
        ),
    }
)
