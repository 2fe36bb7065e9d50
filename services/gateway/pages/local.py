"""Owns times as people type them: a day and a clock in a zone, where one night a year lacks an hour."""

from datetime import UTC, date, datetime, time, tzinfo


def moment(day: date, clock: time, zone: tzinfo) -> datetime | None:
    """This time of this day, aware; None for one that the clocks skip. Of one that comes twice, the first."""
    at = datetime.combine(day, clock.replace(tzinfo=None), zone)
    back = at.astimezone(UTC).astimezone(zone)
    return at if back.replace(tzinfo=None) == at.replace(tzinfo=None) else None
