"""How a referral is sent, and how it ends."""

from enum import StrEnum


class Mode(StrEnum):
    """Direct: the receiver answers. Informational: she goes herself; no answer, no expiry, no loop (R11)."""

    DIRECT = "direct"
    INFORMATIONAL = "informational"


class Priority(StrEnum):
    """How soon an answer is due (R15). FHIR request-priority, the two that partners use."""

    ROUTINE = "routine"
    URGENT = "urgent"


class Channel(StrEnum):
    """How a referral reaches its receiver."""

    SYSTEM = "system"
    LETTER = "letter"


class ToldBy(StrEnum):
    """How the sender learnt how a referral ended (R11)."""

    PAGE = "page"
    SYSTEM = "system"
    CALL = "call"


class Source(StrEnum):
    """Who said how it ended: the receiving agency itself, or off the system by letter (code, call or slip), the sender
    for itself, a timer, or she herself, who took back her agreement."""

    RECIPIENT = "recipient"
    LETTER = "letter"
    SENDER = "sender"
    TIMER = "timer"
    CLIENT = "client"


class Outcome(StrEnum):
    """How a completed referral ended for her; each of them counts as services received (DHCS closed-loop referral)."""

    SERVICE_RECEIVED = "service_received"
    SERVICE_BEGUN = "service_begun"
    ENROLLED = "enrolled"
    NEED_RESOLVED = "need_resolved"


class Reason(StrEnum):
    """Why a referral or handoff ended without service. Each has one owner (`ReasonOwner`)."""

    NO_CAPACITY = "no_capacity"
    INELIGIBLE = "ineligible"
    OUT_OF_AREA = "out_of_area"
    SERVICE_NOT_OFFERED = "service_not_offered"
    MISSING_INFORMATION = "missing_information"
    BETTER_FIT_ELSEWHERE = "better_fit_elsewhere"
    SAFETY = "safety"
    CLIENT_DECLINED = "client_declined"
    NEED_RESOLVED = "need_resolved"
    CHOSE_OTHER = "chose_other"
    MOVED = "moved"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NO_FURTHER_CONTACT = "no_further_contact"
    AGENCY_LEFT = "agency_left"
    NO_ANSWER = "no_answer"
    UNABLE_TO_REACH = "unable_to_reach"
    DUPLICATE = "duplicate"
    OTHER = "other"


class Attestation(StrEnum):
    """What a supervisor of the receiver found when it checked how a referral ended."""

    VERIFIED = "verified"
    NOT_VERIFIED = "not_verified"


class ReasonOwner(StrEnum):
    """Whose decision a reason was: "she said no" is never mixed with "they said no" (HMIS 4.20)."""

    RECIPIENT = "recipient"
    CLIENT = "client"
    CONTACT = "contact"
    OTHER = "other"
