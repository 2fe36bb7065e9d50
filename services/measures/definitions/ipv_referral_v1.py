"""Referral after violence was found: of every 100 positive screenings, how many were followed by one within 30 days.

Who is counted: every first positive screening for intimate partner violence (IPV, safety questions of PRAPARE) of a
pregnancy and the year after its due date, where it was no later than 183 days after the pregnancy became known, by the
day of the screening.
Numerator: those followed, on the local date of the screening or up to 30 days after, by a referral for intimate
partner violence, direct or informational, or by a contact about it in which she was met or answered (rule R17).
Denominator: those whose 30 days were over at the cutoff.
Too recent to count (pending): those whose 30 days were not over, also where she was referred already.
Left out by definition (excluded): those later than 183 days after the pregnancy became known, and screenings of
clients who said no to being counted, as long as they say so; where an initiative counts only those who said yes, of
everybody else, too (rule R7).
Not known (missing): none. What nobody wrote down, for her safety or else, is no referral.
How to read it: sensitive: screenings are on the restricted topic alone (rule R6). Where an initiative has not turned
it on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G25, after MIECHV 19 (referral information received, of those positive within 6 months of enrolment);
aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.measures.definitions.of_needs import about
from services.measures.definitions.of_pregnancies import DAY, day_of, is_over
from services.measures.definitions.of_screenings import VIOLENCE, first_positives, referred
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit

ENROLLED, WINDOW = 183 * DAY, 30 * DAY
REFERRED: Final = Rule("referred", Standing.MET, "referred, or spoken with about it, within 30 days")
NOT_REFERRED: Final = Rule("not_referred", Standing.UNMET, "neither within 30 days")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "screened less than 30 days before the cutoff")
LATE: Final = Rule("late", Standing.EXCLUDED, "screened later than 183 days after the pregnancy became known")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a first positive screening of a pregnancy."""
    found = journey.pregnancies
    given = list(_given(journey, as_of))
    for pregnancy, day, screening in first_positives(journey, VIOLENCE, found, as_of.zone):
        if day > pregnancy.known_on + ENROLLED:
            rule = LATE
        elif not is_over(day + WINDOW, as_of):
            rule = TOO_RECENT
        else:
            rule = REFERRED if any(day <= when <= day + WINDOW for when in given) else NOT_REFERRED
        yield Unit(screening.moment.at, rule, agencies=(screening.agency,))


def _given(journey: Journey, as_of: AsOf) -> Iterator[date]:
    for sent, _ in referred(journey, VIOLENCE):
        yield day_of(sent.at, as_of.zone)
    for contact in journey.in_order():
        if VIOLENCE in about(contact, journey):
            yield day_of(contact.moment.at, as_of.zone)


DEFINITION: Final = Definition(
    id="ipv_referral",
    version=1,
    title="Referred within 30 days after violence was found",
    of="positive screenings",
    text=__doc__,
    note="First positive screenings of a pregnancy and the year after it, by their day.",
    anchor="MIECHV 19",
    assess=assess,
    rules=(REFERRED, NOT_REFERRED, TOO_RECENT, LATE),
    direction=Direction.MORE,
    sensitive=True,
    window=WINDOW + DAY,
)
