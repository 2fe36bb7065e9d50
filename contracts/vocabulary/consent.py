"""How she agreed, to what use, and what was shown."""

from enum import StrEnum


class How(StrEnum):
    """How she said yes or no."""

    SIGNED = "signed"
    SPOKEN = "spoken"


class Purpose(StrEnum):
    """What a consent allows the receiver to use her details for."""

    TREATMENT = "treatment"
    COORDINATION = "coordination"
    OPERATIONS = "operations"
    PUBLIC_HEALTH = "public_health"


class DisclosureKind(StrEnum):
    """What was shown to someone outside the agency that wrote it (R1)."""

    GIVEN_FIELDS = "given_fields"
    TIMELINE = "timeline"
    LETTER = "letter"
