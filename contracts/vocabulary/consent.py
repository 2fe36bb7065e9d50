"""How she agreed and on which form, to what use and which kinds of information, and what was shown."""

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


class ConsentForm(StrEnum):
    """Which form she filled in: one of California's two ASCMI forms (AB 133 for Medi-Cal members), or an own one."""

    ASCMI_AB133 = "ascmi_ab133"
    ASCMI_OTHER = "ascmi_other"
    LOCAL = "local"


class ConsentAuthority(StrEnum):
    """Who said it: she for herself, she as a minor for her own pregnancy care (Fam. Code 6925), or her guardian."""

    SELF = "self"
    SELF_MINOR = "self_minor"
    GUARDIAN = "guardian"


class InformationKind(StrEnum):
    """Kinds of information to each of which a form asks yes or no (ASCMI)."""

    PHYSICAL_HEALTH = "physical_health"
    BEHAVIORAL_HEALTH = "behavioral_health"
    SUBSTANCE_USE = "substance_use"
    REPRODUCTIVE_HEALTH = "reproductive_health"
    SOCIAL_SERVICES = "social_services"
    HOUSING = "housing"


class Measurement(StrEnum):
    """Whether her record may count in figures (R7)."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"


class DisclosureKind(StrEnum):
    """What was shown to someone outside the agency that wrote it (R1)."""

    GIVEN_FIELDS = "given_fields"
    TIMELINE = "timeline"
    LETTER = "letter"
    BREAK_GLASS = "break_glass"
