"""What others may read of a pregnancy and of who leads: one line a kind of fact, which says what of it leaves."""

from typing import assert_never
from uuid import UUID

from contracts.events.episode import EpisodeEvent, EpisodeOpenedV1, ResponsibilityAssignedV1
from services.referrals.domain.episode import EpisodeFact, EpisodeJoined, EpisodeOpened, ResponsibilityAssigned


def of_episode(fact: EpisodeFact, stream: UUID) -> EpisodeEvent | None:
    """The published twin of a fact of `stream`, None for what is stored only."""
    match fact:
        case EpisodeOpened(identified_on=day, age_band=band):
            return EpisodeOpenedV1(episode=stream, identified_on=day, age_band=band)
        case EpisodeJoined():
            return None
        case ResponsibilityAssigned():
            return _responsibility(fact, stream)
        case _:
            assert_never(fact)


def _responsibility(fact: ResponsibilityAssigned, stream: UUID) -> ResponsibilityAssignedV1:
    return ResponsibilityAssignedV1(
        episode=stream, domain=fact.domain, agency=fact.agency, basis=fact.basis, handoff=fact.handoff
    )
