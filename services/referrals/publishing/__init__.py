"""What of a stored event the others may read: the one place where a contract event is built."""

from services.referrals.publishing.events import contract_event
from services.referrals.publishing.plain import plain_value
from services.referrals.publishing.record import (
    CARE_TOPIC,
    DIRECTORY_TOPIC,
    RESTRICTED_TOPIC,
    PublishedRecord,
    Stored,
    StoredEnvelope,
    publish,
    topic_of,
)

__all__ = [
    "CARE_TOPIC",
    "DIRECTORY_TOPIC",
    "RESTRICTED_TOPIC",
    "PublishedRecord",
    "Stored",
    "StoredEnvelope",
    "contract_event",
    "plain_value",
    "publish",
    "topic_of",
]
