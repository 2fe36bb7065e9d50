"""What a client agreed to or refused: to whom, for what need, which of her details, on which form, until when."""

from services.referrals.domain.consent.commands import (
    AcknowledgeConsent,
    ChangeConsent,
    ConsentCommand,
    ExpireConsent,
    RecordConsent,
    RevokeConsent,
    VoidConsent,
)
from services.referrals.domain.consent.decisions import decide, is_long_ago
from services.referrals.domain.consent.events import (
    ConsentAcknowledged,
    ConsentChanged,
    ConsentEnteredInError,
    ConsentExpired,
    ConsentFact,
    ConsentRecorded,
    ConsentRevoked,
    FormVersion,
    Statement,
)
from services.referrals.domain.consent.machine import EDGES, ConsentStatus, ConsentVerb
from services.referrals.domain.consent.overruled import Overruled, overruled
from services.referrals.domain.consent.state import (
    Agreement,
    Consent,
    covers,
    evolve,
    fold,
    holds,
    is_about_the_same,
    overrules,
    receivers_of,
    require,
)

__all__ = [
    "EDGES",
    "AcknowledgeConsent",
    "Agreement",
    "ChangeConsent",
    "Consent",
    "ConsentAcknowledged",
    "ConsentChanged",
    "ConsentCommand",
    "ConsentEnteredInError",
    "ConsentExpired",
    "ConsentFact",
    "ConsentRecorded",
    "ConsentRevoked",
    "ConsentStatus",
    "ConsentVerb",
    "ExpireConsent",
    "FormVersion",
    "Overruled",
    "RecordConsent",
    "RevokeConsent",
    "Statement",
    "VoidConsent",
    "covers",
    "decide",
    "evolve",
    "fold",
    "holds",
    "is_about_the_same",
    "is_long_ago",
    "overruled",
    "overrules",
    "receivers_of",
    "require",
]
