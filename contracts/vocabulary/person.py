"""What may be said of a client in figures."""

from enum import StrEnum


class AgeBand(StrEnum):
    """Her age on the day that the pregnancy was opened (R7); the birth date stays in the vault."""

    UNDER_20 = "<20"
    FROM_20_TO_24 = "20-24"
    FROM_25_TO_29 = "25-29"
    FROM_30_TO_34 = "30-34"
    FROM_35_TO_39 = "35-39"
    FROM_40 = "40+"
