"""What an agency can lead, why it leads, and how a lead is handed over."""

from enum import StrEnum


class HandoffKind(StrEnum):
    """How responsibility is handed over; the first two are warm (AHRQ: in front of the client)."""

    WARM_IN_PERSON = "warm_in_person"
    WARM_REMOTE = "warm_remote"
    ASSISTED = "assisted"
    COLD = "cold"


class ResponsibilityDomain(StrEnum):
    """What an agency can lead for a client: one leader for each domain of an open episode."""

    PRIMARY_CARE_COORDINATION = "primary_care_coordination"
    PRENATAL_CLINICAL = "prenatal_clinical"
    BEHAVIORAL_HEALTH = "behavioral_health"
    HOUSING_NAVIGATION = "housing_navigation"
    DOULA = "doula"
    HOME_VISITING = "home_visiting"
    INFANT = "infant"


class Basis(StrEnum):
    """Why an agency leads (R19)."""

    INTAKE = "intake"
    HANDOFF = "handoff"
    HUB = "hub"
