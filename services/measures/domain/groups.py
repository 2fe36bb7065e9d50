"""The groups of a client by which figures are broken down, from what is known of her (R7); never set by a measure.

What is not known is a group of its own. That she would not say is an answer: `declined` in SPD 15's rows. The eight
groups of California's birth tables (CDPH) have one row, `unknown`, for both, as those tables have.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from contracts.vocabulary import AgeBand, RaceEthnicity
from services.measures.domain.journey import Journey

NOT_KNOWN: Final = "not_known"
DECLINED: Final = "declined"

UNKNOWN_8: Final = "unknown"
HISPANIC_8: Final = "hispanic"
MULTI_RACE_8: Final = "multi_race"
ALONE_8: Final = {
    RaceEthnicity.BLACK: "african_american",
    RaceEthnicity.AMERICAN_INDIAN: "american_indian",
    RaceEthnicity.ASIAN: "asian",
    RaceEthnicity.PACIFIC_ISLANDER: "pacific_islander",
    RaceEthnicity.WHITE: "white",
    RaceEthnicity.MIDDLE_EASTERN: "white",  # "White (includes Other)"
}
CDPH8: Final = (
    *(HISPANIC_8, MULTI_RACE_8, "african_american", "american_indian", "asian", "pacific_islander", "white"),
    UNKNOWN_8,
)
"""The eight groups, mutually exclusive, in the order of the tables."""

AGES: Final = ("under_20", "20_and_over", NOT_KNOWN)


@dataclass(frozen=True, slots=True)
class Groups:
    """The rows in which a client stands, by breakdown."""

    spd15: tuple[str, ...] = (NOT_KNOWN,)
    cdph8: str = UNKNOWN_8
    detailed: tuple[str, ...] = ()
    language: str = NOT_KNOWN
    zip_group: str = NOT_KNOWN
    payer: str = NOT_KNOWN
    county: str = NOT_KNOWN
    ages: tuple[tuple[datetime, str], ...] = ()

    def age(self, at: datetime) -> str:
        """Whether she was under 20 when the last pregnancy before that moment became known, else the first of all."""
        known = [age for opened, age in self.ages if opened <= at]
        return known[-1] if known else next((age for _, age in self.ages), NOT_KNOWN)


def groups_of(journey: Journey) -> Groups:
    """Her groups by the statement that stands; one that leaves something out leaves it not known."""
    ages = _ages(journey)
    said = journey.demographics
    if said is None:
        return Groups(ages=ages)
    return Groups(
        ages=ages,
        spd15=spd15(said.race_ethnicity, declined=said.declined),
        cdph8=cdph8(said.race_ethnicity),
        detailed=tuple(dict.fromkeys(map(str, said.detailed))),
        language=said.language or NOT_KNOWN,
        zip_group=said.zip_group or NOT_KNOWN,
        payer=str(said.payer or NOT_KNOWN),
        county=said.county or NOT_KNOWN,
    )


def _ages(journey: Journey) -> tuple[tuple[datetime, str], ...]:
    """Since when she was known to be under 20, or older, by the pregnancies whose entry says her age band."""
    entries = [each for each in journey.episodes.values() if each.opened is not None and each.age_band is not None]
    known = sorted((entry.opened, entry.age_band) for entry in entries if entry.opened is not None)
    return tuple((opened.at, AGES[0] if band == AgeBand.UNDER_20 else AGES[1]) for opened, band in known)


def spd15(stated: Iterable[str], *, declined: bool) -> tuple[str, ...]:
    """SPD 15, alone or in combination (89 FR 22182): a row for every category that she named."""
    return tuple(dict.fromkeys(map(str, stated))) or ((DECLINED,) if declined else (NOT_KNOWN,))


def cdph8(stated: Iterable[str]) -> str:
    """One of the eight groups of CDPH's birth tables: Hispanic first, then more than one race, then the one."""
    races = set(stated)
    if RaceEthnicity.HISPANIC in races:
        return HISPANIC_8
    groups = {ALONE_8[race] for race in RaceEthnicity if race in races}
    if len(groups) > 1:
        return MULTI_RACE_8
    return next(iter(groups), UNKNOWN_8)
