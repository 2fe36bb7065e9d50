"""What an agency does for a client or was asked for, and how that stands: what she reads of each who helps her."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import HandoffStatus
from services.referrals.domain.referral import ReferralStatus
from services.referrals.domain.vocabulary import (
    Category,
    ExceptionCode,
    GivenField,
    ResponsibilityDomain,
    in_order,
)


class HelpState(StrEnum):
    """Whether an agency that was asked has said yes."""

    ASKED = "asked"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"


HELPING: Final[Mapping[str, HelpState]] = MappingProxyType(
    {
        ReferralStatus.SENT: HelpState.ASKED,
        ReferralStatus.RECEIVED: HelpState.ASKED,
        ReferralStatus.WAITLISTED: HelpState.WAITLISTED,
        ReferralStatus.ACCEPTED: HelpState.ACCEPTED,
        ReferralStatus.IN_SERVICE: HelpState.ACCEPTED,
        ReferralStatus.CANCEL_REQUESTED: HelpState.ACCEPTED,
        HandoffStatus.OFFERED: HelpState.ASKED,
        HandoffStatus.ACCEPTED: HelpState.ACCEPTED,
    }
)
"""What a referral or handoff that goes on means to her; one in any other state means nothing now."""


@frozen(kw_only=True)
class Help:
    """What an agency does or was asked for, since when (UTC): a need, or what it would lead.

    `exception`: why she was not asked first, and `unasked` what the agency was given so, in the order of the fields.
    """

    state: HelpState
    since: datetime
    category: Category | None = None
    domain: ResponsibilityDomain | None = None
    exception: ExceptionCode | None = None
    unasked: tuple[GivenField, ...] = ()


def once(helps: Iterable[Help]) -> tuple[Help, ...]:
    """The same need, sent twice, is told of once: as it stands furthest, since the first."""
    found: dict[tuple[Category | None, ResponsibilityDomain | None], Help] = {}
    ranks = tuple(HelpState)
    for each in sorted(helps, key=lambda each: (-ranks.index(each.state), each.since)):
        kept = found.setdefault((each.category, each.domain), each)
        if each.exception:
            unasked = in_order((*kept.unasked, *each.unasked))
            found[each.category, each.domain] = replace(
                kept, exception=kept.exception or each.exception, unasked=unasked
            )
    return tuple(found.values())
