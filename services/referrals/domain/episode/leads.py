"""Who leads a domain of a pregnancy, and how the lead moves (R19)."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.referrals.domain.episode.commands import TakeOver
from services.referrals.domain.episode.events import ResponsibilityAssigned
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict
from services.referrals.domain.vocabulary import Basis, ResponsibilityDomain


@frozen
class Lead:
    """Who leads a domain, since when (UTC), and why."""

    agency: str
    since: datetime
    basis: Basis
    handoff: UUID | None = None


def take_over(command: TakeOver, leads: Mapping[ResponsibilityDomain, Lead]) -> tuple[ResponsibilityAssigned, ...]:
    lead = leads[command.domain].agency if command.domain in leads else None
    if lead == command.agency:
        return ()
    if lead not in (None, command.from_agency):
        raise Conflict("led", "lead-moved")
    return (
        ResponsibilityAssigned(
            domain=command.domain, agency=command.agency, basis=Basis.HANDOFF, handoff=command.handoff
        ),
    )
