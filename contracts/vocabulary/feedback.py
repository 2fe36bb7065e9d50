"""What a client says of a referral that has ended."""

from enum import StrEnum


class Degree(StrEnum):
    """How far something was so, in her words."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
