"""Where and when a service is open, as it may be sent: counties that there are, hours that do not meet, days ahead."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

from contracts.counties import county_of
from contracts.schedule import Schedule
from services.referrals.api.directory_bodies import ServiceChange, ServiceListed
from services.referrals.api.problems import unfit
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk


def where_and_when(
    desk: Desk, who: Acting, body: ServiceListed | ServiceChange, stands: Collection[Schedule] = ()
) -> dict[str, Any]:
    """Its counties as the list writes them, where some are said. Raises 422 at the place of what cannot be.

    A schedule that stands already is not looked at again: an entry from elsewhere may be read and sent back.
    """
    if "schedules" in body.model_fields_set:
        _apart(body.schedules, stands, who.today)
        _ahead(body.schedules, stands, who.today)
    if "counties" not in body.model_fields_set:
        return {}
    known = desk.directory.initiative(who.initiative).counties
    return {"counties": tuple(dict.fromkeys(_counties(body.counties, known)))}


def _counties(said: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    for number, each in enumerate(said):
        county = county_of(each, known)
        if county is None:
            raise unfit("county-not-known", f"/counties/{number}")
        yield county


def _apart(said: Sequence[Schedule], stands: Collection[Schedule], today: date) -> None:
    days = [frozenset(each.days(today)) for each in said]
    for number, each in enumerate(said):
        for before, other in enumerate(said[:number]):
            is_new = each not in stands or other not in stands
            if is_new and each.hours_meet(other) and days[number] & days[before]:
                raise unfit("open-already", f"/schedules/{number}")


def _ahead(said: Sequence[Schedule], stands: Collection[Schedule], today: date) -> None:
    for number, each in enumerate(said):
        for place, off in enumerate(each.exdate if each not in stands else ()):
            if off < today:
                raise unfit("day-off-over", f"/schedules/{number}/exdate/{place}")
