"""What measures of needs share: what a contact or a referral was about, and which needs are one domain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Final

from contracts.vocabulary import Category
from services.measures.domain.journey import Journey
from services.measures.domain.path import Contact

FOOD, HOUSING, TRANSPORT = Category.FOOD_INSECURITY, Category.HOUSING_INSTABILITY, Category.TRANSPORTATION_INSECURITY
DOMAINS: Final[Mapping[str, Category]] = MappingProxyType(
    {
        Category.FOOD_INSECURITY: FOOD,
        Category.HOUSING_INSTABILITY: HOUSING,
        Category.HOMELESSNESS: HOUSING,
        Category.INADEQUATE_HOUSING: HOUSING,
        Category.TRANSPORTATION_INSECURITY: TRANSPORT,
    }
)
"""The three domains of SNS-E, each by the name of its first category."""


def about(contact: Contact, journey: Journey) -> frozenset[str]:
    """The categories that a contact was about: its tags, and those of the referral and of the need that it names."""
    referral = journey.referrals.get(contact.referral) if contact.referral else None
    need = journey.needs.get(contact.need) if contact.need else None
    named = (*contact.tags, referral.category if referral else None, need.category if need else None)
    return frozenset(str(each) for each in named if each is not None and each in _CATEGORIES)


def helped_on(journey: Journey, zone: tzinfo) -> Iterator[tuple[date, frozenset[str]]]:
    """Local dates on which she was served (R17) or a referral was connected, with what that was about."""
    for contact in journey.contacts.values():
        if contact.served:
            yield contact.moment.at.astimezone(zone).date(), about(contact, journey)
    for referral in journey.referrals.values():
        if referral.connected is not None and referral.category is not None:
            yield referral.connected.at.astimezone(zone).date(), frozenset({referral.category})


_CATEGORIES: Final = frozenset(map(str, Category))
