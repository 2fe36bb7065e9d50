"""Plans over HTTP: how far ahead or back a day may lie for which staff plan something."""

from datetime import date, datetime, timedelta

from services.referrals.api.problems import too_far_ahead, too_far_back
from services.referrals.application.acting import Acting

FURTHEST = timedelta(days=280 + 365)
"""A pregnancy and the year after it (R5): nothing is planned beyond, so that such a day was mistyped."""


def within_reach(who: Acting, day: date | None, pointer: str) -> None:
    """Raises 422 for a day beyond that, or as far back."""
    if day is None:
        return
    if day > who.today + FURTHEST:
        raise too_far_ahead(pointer)
    if day < who.today - FURTHEST:
        raise too_far_back(pointer)


def moment_within_reach(who: Acting, at: datetime, pointer: str) -> None:
    """The same for a time ahead; whether it has passed is the domain's to say."""
    if at > who.at + FURTHEST:
        raise too_far_ahead(pointer)
