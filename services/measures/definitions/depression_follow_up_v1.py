"""Follow-up after a positive depression screening: of every 100, how many had one within 30 days.

Who is counted: every first positive screening for depression (EPDS, PHQ-2, PHQ-9) on a day of a pregnancy or of the
year after its due date, once a pregnancy, by the day of the screening.
Numerator: those followed, on the local date of the screening or up to 30 days after, by a contact in which she was met
or answered (rule R17) about behavioral health, by a referral for behavioral health that was connected to service, or,
later than it, by a negative screening with the full EPDS or PHQ-9.
Denominator: those whose 30 days were over at the cutoff.
Too recent to count (pending): those whose 30 days were not over, also where there was a follow-up already.
Left out by definition (excluded): screenings of clients who said no to being counted, as long as they say so; where an
initiative counts only those who said yes, of everybody else, too (rule R7).
Not known (missing): none. A follow-up that nobody wrote down is none.
How to read it: sensitive: screenings are on the restricted topic alone (rule R6). Where an initiative has not turned
it on, this measure is not available there; a release hides 0 and all of it too.
Source: catalogue G25 (c), after HEDIS PND-E and PDS-E (follow-up on or up to 30 days after the first positive screen);
aligned, not certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from services.measures.definitions.of_needs import about
from services.measures.definitions.of_pregnancies import DAY, day_of, is_over
from services.measures.definitions.of_screenings import DEPRESSION, FULL_LENGTH, first_positives, referred, screened
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Definition, Direction, Rule, Standing, Unit
from services.measures.domain.need import Screened

WINDOW: Final = 30 * DAY
FOLLOWED: Final = Rule("followed", Standing.MET, "followed up within 30 days")
NOT_FOLLOWED: Final = Rule("not_followed", Standing.UNMET, "not followed up within 30 days")
TOO_RECENT: Final = Rule("too_recent", Standing.PENDING, "screened less than 30 days before the cutoff")


def assess(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a first positive screening of a pregnancy."""
    found = journey.pregnancies
    for _, day, screening in first_positives(journey, DEPRESSION, found, as_of.zone):
        followed = any(day <= when <= day + WINDOW for when in _follow_ups(journey, screening, as_of))
        rule = TOO_RECENT if not is_over(day + WINDOW, as_of) else FOLLOWED if followed else NOT_FOLLOWED
        yield Unit(screening.moment.at, rule, agencies=(screening.agency,))


def _follow_ups(journey: Journey, screening: Screened, as_of: AsOf) -> Iterator[date]:
    for contact in journey.in_order():
        if DEPRESSION in about(contact, journey):
            yield day_of(contact.moment.at, as_of.zone)
    for _, referral in referred(journey, DEPRESSION):
        if referral.connected:
            yield day_of(referral.connected.at, as_of.zone)
    for day, again, result in screened(journey, DEPRESSION, as_of.zone):
        if result == "negative" and again.instrument in FULL_LENGTH and again.moment > screening.moment:
            yield day


DEFINITION: Final = Definition(
    id="depression_follow_up",
    version=1,
    title="Followed up within 30 days of a positive depression screening",
    of="positive screenings",
    text=__doc__,
    note="First positive screenings of a pregnancy and the year after it, by their day.",
    anchor="HEDIS PND-E",
    assess=assess,
    rules=(FOLLOWED, NOT_FOLLOWED, TOO_RECENT),
    direction=Direction.MORE,
    sensitive=True,
    window=WINDOW + DAY,
)
