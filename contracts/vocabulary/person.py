"""What may be said of a client in figures (R7): age, race and ethnicity, who says so, and who pays."""

from enum import StrEnum


class AgeBand(StrEnum):
    """Her age on the day that the pregnancy was opened (R7); the birth date stays in the vault."""

    UNDER_20 = "<20"
    FROM_20_TO_24 = "20-24"
    FROM_25_TO_29 = "25-29"
    FROM_30_TO_34 = "30-34"
    FROM_35_TO_39 = "35-39"
    FROM_40 = "40+"


class RaceEthnicity(StrEnum):
    """The seven minimum categories of OMB's SPD 15 (89 FR 22182), any number of them."""

    AMERICAN_INDIAN = "american_indian_alaska_native"
    ASIAN = "asian"
    BLACK = "black_african_american"
    HISPANIC = "hispanic_latino"
    MIDDLE_EASTERN = "middle_eastern_north_african"
    PACIFIC_ISLANDER = "native_hawaiian_pacific_islander"
    WHITE = "white"


class DetailedGroup(StrEnum):
    """Groups within them that California asks for (Gov. Code 8310.5 and 8310.7, H&S 131250), and SPD 15's own."""

    CALIFORNIA_TRIBE = "california_tribe"
    OTHER_TRIBE = "other_tribe"
    MAYA = "maya"
    MIXTECO = "mixteco"
    TRIQUI = "triqui"
    ZAPOTECO = "zapoteco"
    ASIAN_INDIAN = "asian_indian"
    CAMBODIAN = "cambodian"
    CHINESE = "chinese"
    FILIPINO = "filipino"
    HMONG = "hmong"
    JAPANESE = "japanese"
    KOREAN = "korean"
    LAOTIAN = "laotian"
    PUNJABI = "punjabi"
    VIETNAMESE = "vietnamese"
    AFRICAN_AMERICAN = "african_american"
    ERITREAN = "eritrean"
    ETHIOPIAN = "ethiopian"
    NIGERIAN = "nigerian"
    COLOMBIAN = "colombian"
    CUBAN = "cuban"
    GUATEMALAN = "guatemalan"
    HONDURAN = "honduran"
    MEXICAN = "mexican"
    NICARAGUAN = "nicaraguan"
    PUERTO_RICAN = "puerto_rican"
    SALVADORAN = "salvadoran"
    ARMENIAN = "armenian"
    EGYPTIAN = "egyptian"
    IRANIAN = "iranian"
    LEBANESE = "lebanese"
    SYRIAN = "syrian"
    YEMENI = "yemeni"
    CHAMORRO = "chamorro"
    FIJIAN = "fijian"
    NATIVE_HAWAIIAN = "native_hawaiian"
    SAMOAN = "samoan"
    TONGAN = "tongan"


class StatedBy(StrEnum):
    """Who says so (R7): she herself, somebody who looked at her, or a file."""

    SELF_REPORTED = "self_reported"
    STAFF_OBSERVED = "staff_observed"
    IMPORTED = "imported"


class Payer(StrEnum):
    """Who pays for her care."""

    MEDI_CAL = "medi_cal"
    PRIVATE = "private"
    MEDICARE = "medicare"
    MILITARY = "military"
    OTHER_PUBLIC = "other_public"
    NONE = "none"
