"""What measures of referrals share: which referrals they look at, and what a unit of one carries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from services.measures.domain.journey import Journey
from services.measures.domain.measure import ALWAYS, By, Rule, Size, Standing, Unit
from services.measures.domain.path import HandoffPath, ReferralPath

INFORMATIONAL: Final = Rule("informational", Standing.EXCLUDED, "informational: nobody was asked for an answer")
BY: Final = ALWAYS | {By.CATEGORY, By.CHANNEL}


def sent(journey: Journey) -> Iterator[tuple[UUID, ReferralPath, datetime]]:
    """Every referral that was sent, with its id and when."""
    for id, path in journey.referrals.items():
        if path.sent is not None:
            yield id, path, path.sent.at


def unit(
    id: UUID, path: ReferralPath, at: datetime, rule: Rule, *, owner: str | None = None, size: Size | None = None
) -> Unit:
    """A referral as a unit; its sender and its receiver know of it already."""
    return Unit(at, rule, id, path.category, path.channel, owner, sides(path), size)


def sides(path: ReferralPath | HandoffPath) -> tuple[str, ...]:
    """The agencies between which something is, the receiver first."""
    return tuple(agency for agency in (path.to_agency, path.from_agency) if agency is not None)
