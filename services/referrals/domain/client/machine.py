"""Whether an agency reaches out to a client, and from where to where that moves (R5, R20)."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.client.state import Client
from services.referrals.domain.frozen import frozen


class OutreachStatus(StrEnum):
    """Whether she is reached out to: as one agency sees it, for an end may be one agency's own."""

    OPEN = "open"
    PAUSED = "paused"
    STOPPED = "stopped"


class OutreachVerb(StrEnum):
    """A step, named as in its address; `no-contact` stands for the three that say why."""

    PAUSE = "pause"
    RESUME = "resume"
    NO_CONTACT = "no-contact"
    CONTACT_AGAIN = "contact-again"


@frozen
class Edge:
    """From which states a step may be taken, and to which it leads."""

    sources: frozenset[OutreachStatus]
    target: OutreachStatus


_OPEN, _PAUSED = frozenset({OutreachStatus.OPEN}), frozenset({OutreachStatus.PAUSED})

EDGES: Mapping[OutreachVerb, Edge] = MappingProxyType(
    {
        OutreachVerb.PAUSE: Edge(_OPEN, OutreachStatus.PAUSED),
        OutreachVerb.RESUME: Edge(_PAUSED, OutreachStatus.OPEN),
        OutreachVerb.NO_CONTACT: Edge(_OPEN | _PAUSED, OutreachStatus.STOPPED),
        OutreachVerb.CONTACT_AGAIN: Edge(frozenset({OutreachStatus.STOPPED}), OutreachStatus.OPEN),
    }
)
"""A pause that was there before contact ended is there again when that was a mistake."""


def status_of(state: Client, agency: str) -> OutreachStatus:
    """Whether this agency reaches out to her."""
    if state.is_stopped(agency):
        return OutreachStatus.STOPPED
    return OutreachStatus.PAUSED if state.paused else OutreachStatus.OPEN
