"""Which category of SPD 15 each detailed group belongs to (R7)."""

from services.referrals.domain.vocabulary import DetailedGroup, RaceEthnicity

_GROUPS: dict[RaceEthnicity, str] = {
    RaceEthnicity.AMERICAN_INDIAN: "california_tribe other_tribe maya mixteco triqui zapoteco",
    RaceEthnicity.ASIAN: "asian_indian cambodian chinese filipino hmong japanese korean laotian punjabi vietnamese",
    RaceEthnicity.BLACK: "african_american eritrean ethiopian nigerian",
    RaceEthnicity.HISPANIC: "colombian cuban guatemalan honduran mexican nicaraguan puerto_rican salvadoran",
    RaceEthnicity.MIDDLE_EASTERN: "armenian egyptian iranian lebanese syrian yemeni",
    RaceEthnicity.PACIFIC_ISLANDER: "chamorro fijian native_hawaiian samoan tongan",
}
_OF_GROUP = {DetailedGroup(code): race for race, codes in _GROUPS.items() for code in codes.split()}


def category_of_group(group: DetailedGroup) -> RaceEthnicity:
    """The category of SPD 15 that a detailed group belongs to."""
    return _OF_GROUP[group]
