"""A referral: one agency asks another to help a client, and is told how it ended (machine F2)."""

from services.referrals.domain.referral.commands import (
    AcceptReferral,
    AcknowledgeReferral,
    CompleteReferral,
    DeclineReferral,
    ReceiveReferral,
    ReferralCommand,
    SendReferral,
    StartService,
)
from services.referrals.domain.referral.decisions import decide
from services.referrals.domain.referral.events import (
    ConsentException,
    ReferralAccepted,
    ReferralAcknowledged,
    ReferralCompleted,
    ReferralDeclined,
    ReferralFact,
    ReferralReceived,
    ReferralSent,
    ReferralServiceStarted,
)
from services.referrals.domain.referral.machine import EDGES, ENDED, Edge, ReferralStatus, ReferralVerb
from services.referrals.domain.referral.state import (
    Referral,
    actions,
    closed,
    connected,
    evolve,
    fold,
    responded,
    side_of,
)

__all__ = [
    "EDGES",
    "ENDED",
    "AcceptReferral",
    "AcknowledgeReferral",
    "CompleteReferral",
    "ConsentException",
    "DeclineReferral",
    "Edge",
    "ReceiveReferral",
    "Referral",
    "ReferralAccepted",
    "ReferralAcknowledged",
    "ReferralCommand",
    "ReferralCompleted",
    "ReferralDeclined",
    "ReferralFact",
    "ReferralReceived",
    "ReferralSent",
    "ReferralServiceStarted",
    "ReferralStatus",
    "ReferralVerb",
    "SendReferral",
    "StartService",
    "actions",
    "closed",
    "connected",
    "decide",
    "evolve",
    "fold",
    "responded",
    "side_of",
]
