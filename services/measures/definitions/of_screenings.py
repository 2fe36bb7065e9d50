"""What measures of depression and violence share: screenings by their local date, referrals and contacts about them.

All of it is restricted (rule R6): only the whole journey of a sensitive measure has any.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from typing import Final

from contracts.vocabulary import Category
from services.measures.definitions.of_pregnancies import day_of
from services.measures.domain.journey import Journey
from services.measures.domain.need import Screened
from services.measures.domain.path import Moment, ReferralPath
from services.measures.domain.pregnancy import Pregnancy, of_day

DEPRESSION: Final = Category.BEHAVIORAL_HEALTH
VIOLENCE: Final = Category.INTIMATE_PARTNER_VIOLENCE
ANSWERED: Final = frozenset({"positive", "negative"})
FULL_LENGTH: Final = frozenset({"epds", "phq_9"})


def screened(journey: Journey, about: Category, zone: tzinfo) -> Iterator[tuple[date, Screened, str]]:
    """Screenings about one thing in the order in which they happened: their local date, and what came of each."""
    for screening in sorted(journey.screenings.values(), key=lambda each: each.moment):
        if (result := screening.results.get(about)) is not None:
            yield day_of(screening.moment.at, zone), screening, result


def first_positives(
    journey: Journey, about: Category, found: Sequence[Pregnancy], zone: tzinfo
) -> Iterator[tuple[Pregnancy, date, Screened]]:
    """The first positive screening of each pregnancy and the year after it."""
    seen: set[int] = set()
    for day, screening, result in screened(journey, about, zone):
        pregnancy = of_day(day, found)
        if result == "positive" and pregnancy is not None and id(pregnancy) not in seen:
            seen.add(id(pregnancy))
            yield pregnancy, day, screening


def referred(journey: Journey, about: Category) -> Iterator[tuple[Moment, ReferralPath]]:
    """Referrals for one thing that were sent, in that order."""
    sent = [(path.sent, path) for path in journey.referrals.values() if path.sent and path.category == about]
    return iter(sorted(sent, key=lambda each: each[0]))
