"""Need to support: of every 100 clients who said that they lack food, a home or a ride, how many had help in 30 days.

Who is counted: every client once for each of three domains, food, housing and transport, by the first screening that
found a need of it: food insecurity; housing instability, homelessness or inadequate housing; transportation
insecurity.
Numerator: those who had help with it on the local date of that screening or up to 30 days after: a contact in which
she was met or answered, goods or funds that were handed over (rule R17), tagged with a need of that domain or
belonging to one, or a referral for such a need that was connected to service.
Denominator: those whose 30 days were over at the cutoff.
Too recent to count (pending): those whose 30 days were not over, also where she had help already.
Left out by definition (excluded): clients who said no to being counted, as long as they say so; where an initiative
counts only those who said yes, everybody else, too (rule R7).
Not known (missing): none. Who would not answer is in no domain; help that nobody wrote down is no help here.
Source: catalogue G21, aligned with HEDIS SNS-E (intervention on or up to 30 days after the first positive screen); not
certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_needs import DOMAINS, helped_on
from services.measures.definitions.of_pregnancies import DAY, day_of, is_over
from services.measures.domain.journey import Journey
from services.measures.domain.measure import ALWAYS, AsOf, By, Definition, Direction, Rule, Standing, Unit
from services.measures.domain.need import Screened

WINDOW: Final = 30 * DAY
HELPED: Final = Rule("helped", Standing.MET, "helped on the day of the screening or within 30 days")
NOT_HELPED: Final = Rule("not_helped", Standing.UNMET, "no help within 30 days")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "screened less than 30 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a domain in which a screening found a need."""
    helped = list(helped_on(journey, as_of.zone))
    for domain, screening in sorted(_first_found(journey).items()):
        asked = day_of(screening.moment.at, as_of.zone)
        on_time = any(
            asked <= day <= asked + WINDOW and any(DOMAINS.get(each) == domain for each in categories)
            for day, categories in helped
        )
        rule = TOO_RECENT if not is_over(asked + WINDOW, as_of) else HELPED if on_time else NOT_HELPED
        yield Unit(screening.moment.at, rule, category=domain, agencies=(screening.agency,))


def _first_found(journey: Journey) -> dict[str, Screened]:
    """By domain, the first screening that found a need of it."""
    first: dict[str, Screened] = {}
    for screening in sorted(journey.screenings.values(), key=lambda each: each.moment):
        for category, result in screening.results.items():
            if result == "positive" and category in DOMAINS:
                first.setdefault(str(DOMAINS[category]), screening)
    return first


DEFINITION: Final = Definition(
    id="need_supported",
    version=1,
    title="Helped within 30 days of saying so",
    of="needs found",
    text=__doc__,
    note="First positive screenings by their day, once a client and domain. Restricted needs are left out.",
    anchor="HEDIS SNS-E",
    assess=assess,
    rules=(HELPED, NOT_HELPED, TOO_RECENT),
    by=ALWAYS | {By.CATEGORY},
    direction=Direction.MORE,
    window=WINDOW + DAY,
)
