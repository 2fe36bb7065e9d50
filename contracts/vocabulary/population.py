"""Owns what figures of a whole population are about."""

from enum import StrEnum


class PopulationMeasure(StrEnum):
    """What CDPH, NCHS and others print of births, and a target follows."""

    PRETERM_BIRTH = "preterm_birth"
    VERY_PRETERM_BIRTH = "very_preterm_birth"
    LIVE_BIRTHS = "live_births"
