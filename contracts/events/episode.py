"""Published events of an episode, a pregnancy: that it is known, and which agency leads in which domain."""

from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenDomain, Published
from contracts.vocabulary import AgeBand, Basis, Slug


class EpisodeOpenedV1(Published):
    """A pregnancy is known since a local date; `age_band` is her age on that day, absent where not known."""

    TYPE: ClassVar[str] = "episode.opened.v1"
    age_band: AgeBand | None = None
    episode: UUID
    identified_on: date


class ResponsibilityAssignedV1(Published):
    """An agency leads a domain of the episode from now on, in place of whoever did."""

    TYPE: ClassVar[str] = "responsibility.assigned.v1"
    agency: Slug
    basis: Basis
    domain: OpenDomain
    episode: UUID
    handoff: UUID | None = None


EpisodeEvent: TypeAlias = EpisodeOpenedV1 | ResponsibilityAssignedV1
