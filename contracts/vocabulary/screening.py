"""What a client was asked with, and what came of it: never a score, never an item."""

from enum import StrEnum


class Instrument(StrEnum):
    """A screening instrument; the safety questions of PRAPARE are apart from the others (R6)."""

    PRAPARE = "prapare"
    PRAPARE_SAFETY = "prapare_safety"
    HUNGER_VITAL_SIGN = "hunger_vital_sign"
    EPDS = "epds"
    PHQ_2 = "phq_2"
    PHQ_9 = "phq_9"
    IPV = "ipv"


class ScreeningResult(StrEnum):
    """What came of it, in one word."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    DECLINED = "declined"


class Resolution(StrEnum):
    """How a need ended."""

    SERVED = "served"
    ELSEWHERE = "elsewhere"
    NOT_WANTED = "not_wanted"
