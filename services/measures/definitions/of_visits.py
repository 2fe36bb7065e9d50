"""What measures of visits share: what came of a visit, and what a unit of one carries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from services.measures.definitions.of_referrals import sides
from services.measures.domain.journey import Journey
from services.measures.domain.measure import AsOf, Rule, Standing, Unit
from services.measures.domain.path import AppointmentPath

MISSED: Final = Rule("missed", Standing.MET, "she did not come, and nobody had said so before")
ATTENDED: Final = Rule("attended", Standing.UNMET, "she came")
NOT_DUE: Final = Rule("not_due", Standing.PENDING, "due after the cutoff")
NOT_SAID: Final = Rule("not_said", Standing.MISSING, "due before the cutoff, and nobody said what came of it")
CANCELLED: Final = Rule("cancelled", Standing.EXCLUDED, "cancelled 24 hours or more before it was due")
CANCELLED_LATE: Final = Rule("cancelled_late", Standing.EXCLUDED, "cancelled less than 24 hours before it was due")
RULES: Final = (MISSED, ATTENDED, NOT_DUE, NOT_SAID, CANCELLED, CANCELLED_LATE)

NOTICE_HOURS: Final = 24


def visits(journey: Journey, as_of: AsOf) -> Iterator[Unit]:
    """One unit a visit that was booked, at the time for which it was planned last."""
    for id, visit in journey.appointments.items():
        if visit.plan is None:
            continue
        of = journey.referrals.get(visit.referral) if visit.referral else None
        yield Unit(
            visit.plan.due_at,
            _rule(visit, as_of),
            id,
            category=of.category if of else None,
            channel=of.channel if of else None,
            agencies=sides(of) if of else (),
        )


def _rule(visit: AppointmentPath, as_of: AsOf) -> Rule:
    if visit.attended is not None:
        return ATTENDED
    if visit.missed is not None:
        return MISSED
    if visit.cancelled is not None:
        return CANCELLED if visit.cancelled.notice_hours >= NOTICE_HOURS else CANCELLED_LATE
    return NOT_DUE if visit.plan is not None and visit.plan.due_at > as_of.cutoff else NOT_SAID
