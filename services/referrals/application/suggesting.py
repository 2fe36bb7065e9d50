"""Which of those who said yes a capacity check suggests: what the initiative's hub decided stands in its configuration.

It is a suggestion: whoever asked sends by one press, to whom they like (R2).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from contracts.initiative import CheckRule
from services.referrals.application.acting import Acting
from services.referrals.application.check import CheckSeen
from services.referrals.application.desk import Desk
from services.referrals.domain.check import Check, CheckStatus
from services.referrals.domain.frozen import frozen

NEVER: Final = datetime.min.replace(tzinfo=UTC)
_Place = Callable[[Check], tuple[Any, ...]]


@frozen
class Suggested:
    """The service that is suggested, and by which rule."""

    service: str
    rule: CheckRule


async def suggested(desk: Desk, acting: Acting, seen: CheckSeen) -> Suggested | None:
    """One of those who have room, where there is a choice; of two that are alike, who said it first."""
    yes = [check for _, check in seen.questions if check.status is CheckStatus.YES]
    if len(yes) < 2 or yes[0].asked.from_agency != acting.agency:  # noqa: PLR2004 - one is no choice
        return None
    rule = desk.directory.initiative(acting.initiative).check_rule
    place = await _place(desk, acting, rule, {each.asked.service: each.asked.to_agency for each in yes})
    chosen = min(yes, key=lambda check: (*place(check), check.answered_at or check.asked_at, check.asked.service))
    return Suggested(chosen.asked.service, rule)


async def _place(desk: Desk, acting: Acting, rule: CheckRule, services: Mapping[str, str]) -> _Place:
    match rule:
        case "first_yes":
            return lambda check: ()
        case "least_recently_referred":
            last = await desk.lists.last_sent(acting.initiative, services)
            return lambda check: (last.get(check.asked.service, NEVER),)
        case "nearest_area":
            entries = desk.directory.entries(acting.initiative)
            zips = {id: entry.service.zips for id in services if (entry := entries.entry(id)) is not None}
            return lambda check: (distance(check.asked.area, zips.get(check.asked.service, ())),)


def distance(area: str | None, zips: tuple[str, ...]) -> int:
    """How far a service is from the first three digits of her ZIP code: 0 where it serves them or says no area.

    ZIP codes near each other have numbers near each other; more cannot be told of three digits.
    """
    if area is None or not zips:
        return 0
    return min(abs(int(each[:3]) - int(area)) for each in zips)
