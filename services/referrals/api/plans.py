"""Plans over HTTP: how far ahead a day may lie for which staff plan something."""

from datetime import date, timedelta

from services.referrals.api.problems import too_far_ahead
from services.referrals.application.acting import Acting

FURTHEST = timedelta(days=280 + 365)
"""A pregnancy and the year after it (R5): nothing is planned beyond, so that such a day was mistyped."""


def not_too_far_ahead(who: Acting, day: date | None, pointer: str) -> None:
    """Raises 422 for a day beyond that."""
    if day is not None and day > who.today + FURTHEST:
        raise too_far_ahead(pointer)
