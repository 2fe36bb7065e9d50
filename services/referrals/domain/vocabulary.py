"""Words of the domain: the shared code lists, the stored-only ones, and which of them are restricted."""

from collections.abc import Iterable
from enum import StrEnum

from contracts.vocabulary import (
    AgeBand,
    Attestation,
    Basis,
    BirthWeightBand,
    CalledBy,
    Category,
    Channel,
    ConsentAuthority,
    ConsentForm,
    ContactMode,
    ContactOutcome,
    DatingBasis,
    Degree,
    DetailedGroup,
    DisclosureKind,
    EpisodeEnd,
    HandoffKind,
    How,
    InformationKind,
    Instrument,
    Measurement,
    Mode,
    Origin,
    Outcome,
    Payer,
    Priority,
    Purpose,
    RaceEthnicity,
    Reason,
    ReasonOwner,
    Resolution,
    ResponsibilityDomain,
    RestrictedClass,
    Room,
    ScreeningResult,
    ServiceStatus,
    ServiceTag,
    Slug,
    Source,
    Standing,
    StatedBy,
    ToldBy,
    UnitKind,
    Unmapped,
)

__all__ = [
    "Attestation",
    "BY_ITSELF",
    "StatedBy",
    "RaceEthnicity",
    "Payer",
    "DetailedGroup",
    "AgeBand",
    "Basis",
    "BirthWeightBand",
    "CalledBy",
    "Category",
    "Channel",
    "ConsentAuthority",
    "ConsentForm",
    "ContactMode",
    "ContactOutcome",
    "DatingBasis",
    "Degree",
    "DisclosureKind",
    "EpisodeEnd",
    "ExceptionCode",
    "GivenField",
    "HandoffKind",
    "How",
    "InformationKind",
    "InitiatedBy",
    "Instrument",
    "Measurement",
    "Mode",
    "Origin",
    "Outcome",
    "Priority",
    "Purpose",
    "Reason",
    "ReasonOwner",
    "Resolution",
    "ResponsibilityDomain",
    "RestrictedClass",
    "Room",
    "ServiceStatus",
    "ScreeningResult",
    "ServiceTag",
    "Side",
    "Slug",
    "Source",
    "Standing",
    "ToldBy",
    "UnitKind",
    "Unmapped",
    "in_order",
    "owner_of",
    "restricted_class",
    "service_tag",
]


class Side(StrEnum):
    """The two sides of a referral or handoff; a hub or the client is none of its own (R16)."""

    SENDER = "sender"
    RECEIVER = "receiver"


class GivenField(StrEnum):
    """What a client can agree to give to one receiver (R1). The values are in the vault alone."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    PHONES = "phones"
    ADDRESS = "address"
    LANGUAGE = "language"
    DUE_DATE = "due_date"
    MEDI_CAL_CIN = "medi_cal_cin"
    NOTE = "note"


class ExceptionCode(StrEnum):
    """Why her details went out without her consent (R1)."""

    EMERGENCY = "emergency"
    REQUIRED_BY_LAW = "required_by_law"


class InitiatedBy(StrEnum):
    """Who sought a contact."""

    CLIENT = "client"
    AGENCY = "agency"


_OWNERS: dict[Reason, ReasonOwner] = {
    Reason.CLIENT_DECLINED: ReasonOwner.CLIENT,
    Reason.NEED_RESOLVED: ReasonOwner.CLIENT,
    Reason.CHOSE_OTHER: ReasonOwner.CLIENT,
    Reason.MOVED: ReasonOwner.CLIENT,
    Reason.CONSENT_WITHDRAWN: ReasonOwner.CLIENT,
    Reason.NO_FURTHER_CONTACT: ReasonOwner.CLIENT,
    Reason.UNABLE_TO_REACH: ReasonOwner.CONTACT,
    Reason.DUPLICATE: ReasonOwner.OTHER,
    Reason.OTHER: ReasonOwner.OTHER,
}

BY_ITSELF = frozenset({Reason.CONSENT_WITHDRAWN, Reason.NO_FURTHER_CONTACT, Reason.AGENCY_LEFT, Reason.NO_ANSWER})
"""Reasons that follow from what is recorded elsewhere, or from the clock: nobody gives them (R1, R15, R20, R22)."""

_RESTRICTED: dict[ServiceTag | ResponsibilityDomain, RestrictedClass] = {
    Category.BEHAVIORAL_HEALTH: RestrictedClass.BEHAVIORAL,
    Category.SUBSTANCE_USE_TREATMENT: RestrictedClass.PART_2,
    Category.INTIMATE_PARTNER_VIOLENCE: RestrictedClass.IPV,
    Category.CONTRACEPTION: RestrictedClass.REPRODUCTIVE,
    ResponsibilityDomain.BEHAVIORAL_HEALTH: RestrictedClass.BEHAVIORAL,
}


def owner_of(reason: Reason) -> ReasonOwner:
    """Whose decision a reason was; the recipient's unless listed otherwise."""
    return _OWNERS.get(reason, ReasonOwner.RECIPIENT)


def restricted_class(*codes: ServiceTag | ResponsibilityDomain) -> RestrictedClass | None:
    """The restricted class of a category, tag or domain, the first that has one; None for ordinary facts (R6)."""
    for code in codes:
        if (found := _RESTRICTED.get(code)) is not None:
            return found
    return None


def service_tag(text: str) -> ServiceTag:
    """The tag that an imported activity names, else `unmapped` (R26)."""
    try:
        return Category(text)
    except ValueError:
        return Unmapped.UNMAPPED


_PLACES = {field: place for place, field in enumerate(GivenField)}


def in_order(fields: Iterable[GivenField]) -> tuple[GivenField, ...]:
    """The fields once each, in the order of the list: two equal wishes give two equal facts."""
    return tuple(sorted(set(fields), key=_PLACES.__getitem__))
