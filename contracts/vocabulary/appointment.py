"""How a visit came to another time, or to none."""

from enum import StrEnum


class CalledBy(StrEnum):
    """On whose wish a visit was moved or cancelled."""

    CLIENT = "client"
    AGENCY = "agency"
