"""Why an agency's details of a client are erased, or have to be kept: words of a list, and nothing typed."""

from enum import StrEnum


class ErasureReason(StrEnum):
    """Why what an agency holds of her is erased."""

    CLIENT_REQUEST = "client_request"
    WRONG_PERSON = "wrong_person"
    RETENTION_ENDED = "retention_ended"
    REQUIRED_BY_LAW = "required_by_law"


class HoldReason(StrEnum):
    """Why what an agency holds of her has to be kept."""

    LEGAL_CASE = "legal_case"
    INVESTIGATION = "investigation"
    AUDIT = "audit"
    CLIENT_REQUEST = "client_request"
