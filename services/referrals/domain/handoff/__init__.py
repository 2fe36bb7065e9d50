"""A handoff: the lead for a client passes from one agency to another, and only when that one accepts (machine F3)."""

from services.referrals.domain.handoff.commands import (
    AcceptHandoff,
    ClientAgrees,
    CompleteHandoff,
    DeclineHandoff,
    HandoffCommand,
    OfferHandoff,
    ProposeHandoff,
)
from services.referrals.domain.handoff.decisions import decide
from services.referrals.domain.handoff.events import (
    HandoffAccepted,
    HandoffClientAgreed,
    HandoffCompleted,
    HandoffDeclined,
    HandoffFact,
    HandoffOffered,
    HandoffProposed,
)
from services.referrals.domain.handoff.machine import EDGES, ENDED, Edge, HandoffStatus, HandoffVerb
from services.referrals.domain.handoff.state import Handoff, actions, evolve, fold, side_of

__all__ = [
    "EDGES",
    "ENDED",
    "AcceptHandoff",
    "ClientAgrees",
    "CompleteHandoff",
    "DeclineHandoff",
    "Edge",
    "Handoff",
    "HandoffAccepted",
    "HandoffClientAgreed",
    "HandoffCommand",
    "HandoffCompleted",
    "HandoffDeclined",
    "HandoffFact",
    "HandoffOffered",
    "HandoffProposed",
    "HandoffStatus",
    "HandoffVerb",
    "OfferHandoff",
    "ProposeHandoff",
    "actions",
    "decide",
    "evolve",
    "fold",
    "side_of",
]
