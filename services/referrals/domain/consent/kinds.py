"""Which kinds of information a need, a domain or a restricted class is: what a form asks yes or no to."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from services.referrals.domain.vocabulary import (
    Category,
    InformationKind,
    ResponsibilityDomain,
    RestrictedClass,
    ServiceTag,
)

ORDINARY: Final = frozenset({InformationKind.PHYSICAL_HEALTH, InformationKind.SOCIAL_SERVICES})
"""What no more is said of than that it is help for her may be either: a yes to one of them is not enough."""

BIRTH: Final = frozenset({InformationKind.PHYSICAL_HEALTH, InformationKind.REPRODUCTIVE_HEALTH})

CATEGORIES: Final[Mapping[ServiceTag, InformationKind]] = MappingProxyType(
    {
        Category.HOUSING_INSTABILITY: InformationKind.HOUSING,
        Category.HOMELESSNESS: InformationKind.HOUSING,
        Category.INADEQUATE_HOUSING: InformationKind.HOUSING,
        Category.STRESS: InformationKind.BEHAVIORAL_HEALTH,
        Category.BEHAVIORAL_HEALTH: InformationKind.BEHAVIORAL_HEALTH,
        Category.SUBSTANCE_USE_TREATMENT: InformationKind.SUBSTANCE_USE,
        Category.CONTRACEPTION: InformationKind.REPRODUCTIVE_HEALTH,
        Category.PRENATAL_CARE_NAVIGATION: InformationKind.PHYSICAL_HEALTH,
        Category.GROUP_PRENATAL_CARE: InformationKind.PHYSICAL_HEALTH,
        Category.DOULA: InformationKind.PHYSICAL_HEALTH,
        Category.LACTATION: InformationKind.PHYSICAL_HEALTH,
        Category.HOME_VISITING: InformationKind.PHYSICAL_HEALTH,
        Category.TOBACCO_CESSATION: InformationKind.PHYSICAL_HEALTH,
        Category.CHILDBIRTH_EDUCATION: InformationKind.PHYSICAL_HEALTH,
        Category.SAFE_SLEEP: InformationKind.PHYSICAL_HEALTH,
        Category.PERSONAL_HEALTH_LITERACY: InformationKind.PHYSICAL_HEALTH,
    }
)
"""Needs that say by themselves which kind they are; of the others, all that are named are social services."""

VIOLENCE: Final = frozenset({Category.INTIMATE_PARTNER_VIOLENCE, Category.ELDER_ABUSE})
"""Needs that no form asks about: no consent shows them on a timeline."""

DOMAINS: Final[Mapping[ResponsibilityDomain, frozenset[InformationKind]]] = MappingProxyType(
    {
        ResponsibilityDomain.PRIMARY_CARE_COORDINATION: ORDINARY,
        ResponsibilityDomain.PRENATAL_CLINICAL: frozenset({InformationKind.PHYSICAL_HEALTH}),
        ResponsibilityDomain.BEHAVIORAL_HEALTH: frozenset({InformationKind.BEHAVIORAL_HEALTH}),
        ResponsibilityDomain.HOUSING_NAVIGATION: frozenset({InformationKind.HOUSING}),
        ResponsibilityDomain.DOULA: frozenset({InformationKind.PHYSICAL_HEALTH}),
        ResponsibilityDomain.HOME_VISITING: frozenset({InformationKind.PHYSICAL_HEALTH}),
        ResponsibilityDomain.INFANT: BIRTH,  # that somebody leads it says that a child lives (R5)
    }
)

CLASSES: Final[Mapping[RestrictedClass, InformationKind]] = MappingProxyType(
    {
        RestrictedClass.BEHAVIORAL: InformationKind.BEHAVIORAL_HEALTH,
        RestrictedClass.PART_2: InformationKind.SUBSTANCE_USE,
        RestrictedClass.REPRODUCTIVE: InformationKind.REPRODUCTIVE_HEALTH,
    }
)
"""Violence between partners is no kind that a form asks about: nobody can agree to show it to others."""


def kinds_of(tags: Iterable[ServiceTag]) -> frozenset[InformationKind] | None:
    """The kinds that needs or tags are of, every one of them; None where one of them is never shown."""
    found = frozenset[InformationKind]()
    for tag in tags:
        if tag in VIOLENCE:
            return None
        found |= _kinds(tag)
    return found or ORDINARY


def _kinds(tag: ServiceTag) -> frozenset[InformationKind]:
    if (kind := CATEGORIES.get(tag)) is not None:
        return frozenset({kind})
    known = isinstance(tag, Category) and tag is not Category.UNSPECIFIED
    return frozenset({InformationKind.SOCIAL_SERVICES}) if known else ORDINARY
