"""How a pregnancy is dated, why agencies close it, and what may be said of a birth."""

from enum import StrEnum


class DatingBasis(StrEnum):
    """How the due date is known."""

    LMP = "lmp"
    ULTRASOUND = "ultrasound"
    ART = "art"
    CLINICAL = "clinical"


class EpisodeEnd(StrEnum):
    """Why an episode is closed. What became of the pregnancy is never a reason (R5)."""

    OTHER = "other"
    POSTPARTUM_OVER = "postpartum_over"
    NO_FURTHER_CONTACT = "no_further_contact"


class BirthWeightBand(StrEnum):
    """Grams of the lightest living child (R6): very low, low, usual, high (WHO)."""

    UNDER_1500 = "<1500"
    FROM_1500 = "1500-2499"
    FROM_2500 = "2500-3999"
    FROM_4000 = "4000+"
