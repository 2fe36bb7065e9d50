"""Completed depression referrals: of every 100 referred after a positive screening, how many were served.

Who is counted: every first positive screening for depression (EPDS, PHQ-2, PHQ-9) on a day of a pregnancy or of the
year after its due date, once a pregnancy, by the day of the screening.
Numerator: those whose first direct referral for behavioral health, sent on the local date of the screening or up to 30
days after, was connected to service within 90 days (2,160 hours) after it was sent.
Denominator: those with such a referral that was sent at least 90 days before the cutoff.
Too recent to count (pending): those whose referral was sent later than that, also where it was connected already, and
those without one whose 30 days were not over.
Left out by definition (excluded): those without such a referral, and screenings of clients who said no to being
counted, as long as they say so; where an initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none.
How to read it: sensitive: screenings are on the restricted topic alone (rule R6). Where an initiative has not turned
it on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G25, after MIECHV 17 (at least one service contact, of those positive and referred), with our
windows; aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.measures.definitions.of_pregnancies import DAY, day_of, is_over
from services.measures.definitions.of_screenings import DEPRESSION, first_positives, referred
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit, matures

REFERRED, WINDOW = 30 * DAY, 90 * DAY
SERVED: Final = Rule("served", Standing.MET, "referred within 30 days, and connected within 90 days of that")
NOT_SERVED: Final = Rule(
    "not_served", Standing.UNMET, "referred within 30 days, and not connected within 90 days of that"
)
TOO_RECENT: Final = Rule(
    "too_recent", Standing.PENDING, "30 days from the screening or 90 from the referral are not over"
)
NOT_REFERRED: Final = Rule("not_referred", Standing.EXCLUDED, "not referred within 30 days")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a first positive screening of a pregnancy."""
    found = journey.pregnancies
    for _, day, screening in first_positives(journey, DEPRESSION, found, as_of.zone):
        yield Unit(screening.moment.at, _rule(journey, day, as_of), agencies=(screening.agency,))


def _rule(journey: Journey, screened: date, as_of: AsOf) -> Rule:
    for sent, referral in referred(journey, DEPRESSION):
        if referral.mode == "direct" and screened <= day_of(sent.at, as_of.zone) <= screened + REFERRED:
            if not matures(sent.at, WINDOW, as_of.cutoff):
                return TOO_RECENT
            connected = referral.connected
            return SERVED if connected and connected.at - sent.at <= WINDOW else NOT_SERVED
    return NOT_REFERRED if is_over(screened + REFERRED, as_of) else TOO_RECENT


DEFINITION: Final = Definition(
    id="depression_referral_completed",
    version=1,
    title="Served after a referral for depression",
    of="positive screenings",
    text=__doc__,
    note="First positive screenings of a pregnancy and the year after it with a referral, by their day.",
    anchor="MIECHV 17",
    assess=assess,
    rules=(SERVED, NOT_SERVED, TOO_RECENT, NOT_REFERRED),
    direction=Direction.MORE,
    sensitive=True,
    window=REFERRED + DAY + WINDOW,
)
