"""Owns how a made-up county is mixed: what clients need, how referrals end, how quickly agencies answer.

How referrals end follows what one county of a real referral network published (IRIS, Kankakee County, 25 February 2025:
107 ended = 39 enrolled, 10 declined by the client, 31 not reached, 27 rejected or other). The rest is invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from random import Random
from typing import TypeVar

from contracts.vocabulary import Category, ContactMode, ContactOutcome, Degree, HandoffKind, Outcome, Reason, ToldBy

T = TypeVar("T")


class Ending(Enum):
    """How a referral that was answered ends."""

    ENROLLED = auto()
    CLIENT_DECLINED = auto()
    NOT_REACHED = auto()
    REJECTED = auto()


ENDINGS: Mapping[Ending, float] = {
    Ending.ENROLLED: 39,
    Ending.CLIENT_DECLINED: 10,
    Ending.NOT_REACHED: 31,
    Ending.REJECTED: 27,
}
SERVED_AS_OFTEN: Mapping[str, float] = {"en": 1.15, "es": 0.95, "hmn": 0.65, "sm": 0.7}
"""Beside the average of all, by her language: invented, so that groups differ."""
REJECTIONS: Mapping[Reason, float] = {
    Reason.NO_CAPACITY: 9,
    Reason.INELIGIBLE: 8,
    Reason.DUPLICATE: 4,
    Reason.SERVICE_NOT_OFFERED: 3,
    Reason.OUT_OF_AREA: 2,
    Reason.OTHER: 1,
}
SHE_SAID: Mapping[Reason, float] = {
    Reason.CLIENT_DECLINED: 6,
    Reason.CHOSE_OTHER: 2,
    Reason.NEED_RESOLVED: 1,
    Reason.MOVED: 1,
}
SAID: Mapping[Degree, float] = {Degree.YES: 7, Degree.PARTLY: 2, Degree.NO: 1}
"""What they say of how it was."""

OUTCOMES: Mapping[Outcome, float] = {
    Outcome.ENROLLED: 5,
    Outcome.SERVICE_RECEIVED: 3,
    Outcome.SERVICE_BEGUN: 1,
    Outcome.NEED_RESOLVED: 1,
}
TOLD_BY: Mapping[ToldBy, float] = {ToldBy.PAGE: 7, ToldBy.SYSTEM: 2, ToldBy.CALL: 1}

INTAKE: Mapping[str, float] = {
    "clinic": 0.42,
    "wic_office": 0.2,
    "hub": 0.16,
    "family_resource_centre": 0.1,
    "doula_network": 0.08,
    "community_organisation": 0.02,
}
"""How likely an agency of a type is the first that she meets."""

NEEDS: Mapping[Category, float] = {
    Category.WIC: 14,
    Category.DOULA: 13,
    Category.FOOD_INSECURITY: 12,
    Category.TRANSPORTATION_INSECURITY: 11,
    Category.HOUSING_INSTABILITY: 10,
    Category.HOME_VISITING: 9,
    Category.BEHAVIORAL_HEALTH: 11,
    Category.INSURANCE_ENROLLMENT: 6,
    Category.GROUP_PRENATAL_CARE: 5,
    Category.PRENATAL_CARE_NAVIGATION: 5,
    Category.MATERIAL_HARDSHIP: 2,
    Category.CASH_SUPPORT: 4,
    Category.LACTATION: 4,
    Category.HOMELESSNESS: 3,
    Category.FINANCIAL_INSECURITY: 3,
    Category.CHILDBIRTH_EDUCATION: 3,
    Category.SAFE_SLEEP: 2,
    Category.FATHER_ENGAGEMENT: 2,
    Category.INTIMATE_PARTNER_VIOLENCE: 5,
    Category.CONTRACEPTION: 2,
}
HOW_MANY_NEEDS: Mapping[int, float] = {0: 12, 1: 30, 2: 30, 3: 18, 4: 8, 5: 2}
URGENT: Mapping[Category, float] = {
    Category.HOMELESSNESS: 0.6,
    Category.INTIMATE_PARTNER_VIOLENCE: 0.5,
    Category.FOOD_INSECURITY: 0.15,
}
SERVED_BY: Mapping[Category, ContactMode] = {
    Category.TRANSPORTATION_INSECURITY: ContactMode.TRANSPORT_RIDE,
    Category.FOOD_INSECURITY: ContactMode.GOODS_DELIVERY,
    Category.MATERIAL_HARDSHIP: ContactMode.GOODS_DELIVERY,
    Category.SAFE_SLEEP: ContactMode.GOODS_DELIVERY,
    Category.CASH_SUPPORT: ContactMode.FUNDS_TRANSFER,
    Category.GROUP_PRENATAL_CARE: ContactMode.GROUP_SESSION,
    Category.CHILDBIRTH_EDUCATION: ContactMode.GROUP_SESSION,
    Category.DOULA: ContactMode.HOME_VISIT,
    Category.HOME_VISITING: ContactMode.HOME_VISIT,
    Category.INTIMATE_PARTNER_VIOLENCE: ContactMode.PHONE,
}
"""How a need is usually served the first time; by an office visit where it is not here."""

MEETINGS: Mapping[ContactMode, float] = {
    ContactMode.PHONE: 34,
    ContactMode.OFFICE_VISIT: 28,
    ContactMode.HOME_VISIT: 16,
    ContactMode.TEXT_TWO_WAY: 12,
    ContactMode.VIDEO: 5,
    ContactMode.COMMUNITY_VISIT: 3,
    ContactMode.ACCOMPANIMENT: 2,
}
MISSED: Mapping[ContactOutcome, float] = {
    ContactOutcome.ATTEMPTED_NO_ANSWER: 6,
    ContactOutcome.ATTEMPTED_LEFT_MESSAGE: 5,
    ContactOutcome.MISSED: 4,
    ContactOutcome.CANCELLED_BY_CLIENT: 2,
    ContactOutcome.CANCELLED_BY_AGENCY: 1,
}
ATTEMPTS: tuple[tuple[ContactMode, ContactOutcome], ...] = (
    (ContactMode.PHONE, ContactOutcome.ATTEMPTED_NO_ANSWER),
    (ContactMode.TEXT_TWO_WAY, ContactOutcome.ATTEMPTED_NO_ANSWER),
    (ContactMode.PHONE, ContactOutcome.ATTEMPTED_LEFT_MESSAGE),
    (ContactMode.HOME_VISIT, ContactOutcome.NOT_HOME),
)
"""What an agency tries that cannot reach her, in this order (R13: at least three, over ten days, by two modes)."""

HANDOFF_KINDS: Mapping[HandoffKind, float] = {
    HandoffKind.WARM_REMOTE: 38,
    HandoffKind.WARM_IN_PERSON: 24,
    HandoffKind.ASSISTED: 22,
    HandoffKind.COLD: 16,
}

NOTES = (
    "Practice note: mornings are best.",
    "Practice note: she would like somebody who speaks her language.",
    "Practice note: please text before calling.",
    "Nota de práctica: prefiere por la tarde.",
)


@dataclass(frozen=True, slots=True)
class Temper:
    """How an agency works: median days until it opens, then answers, a referral; how often it never answers."""

    opens: float
    answers: float
    unanswered: float


TEMPERS: Mapping[str, Temper] = {
    "wic_office": Temper(0.5, 0.7, 0.01),
    "hub": Temper(0.4, 1.0, 0.01),
    "doula_network": Temper(0.8, 1.5, 0.02),
    "clinic": Temper(1.0, 2.2, 0.03),
    "family_resource_centre": Temper(1.2, 2.0, 0.03),
    "community_organisation": Temper(1.6, 3.4, 0.06),
}
SOMEBODY = Temper(1.0, 2.0, 0.03)
DAYS_BETWEEN_CONTACTS = (15.5, 19.0)
"""Who leads keeps in touch by the 21 days after which it is asked to."""
OUT_OF_TOUCH = 1 / 8
"""How many of those led are out of touch on a day: an assumption, for no network publishes it. Every work list shows
some, and what else waits is not lost among them. Those met seldom, and those whose end nobody wrote down, make it."""
MET_SELDOM = 0.045
DAYS_OUT_OF_TOUCH = (40.0, 80.0)
DAYS_UNTIL_TRIED_AGAIN = (0.7, 1.8)


@cache
def endings(language: str) -> Mapping[Ending, float]:
    """How a referral ends, of one who speaks this language."""
    return {**ENDINGS, Ending.ENROLLED: ENDINGS[Ending.ENROLLED] * SERVED_AS_OFTEN.get(language, 1.0)}


def pick(weights: Mapping[T, float], chance: Random) -> T:
    """One of the keys, by its weight."""
    return chance.choices(list(weights), list(weights.values()))[0]
