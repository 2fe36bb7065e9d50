"""Owns the days that tests name to a running service: by the machine's clock, or its bounds refuse them some year."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

HERE: Final = ZoneInfo("America/Los_Angeles")
"""Where both initiatives are: their local date is the service's today."""


def ago(days: int) -> str:
    """The local date so many days ago."""
    return (datetime.now(HERE) - timedelta(days=days)).date().isoformat()


def ahead(days: int) -> str:
    """The local date in so many days."""
    return ago(-days)


SAID_ON: Final = ago(240)
"""When she agreed, long enough ago that a consent of then may have run out (it may be two years old at most)."""
