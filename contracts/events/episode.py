"""Published events of an episode, a pregnancy: that it is known, when it is due, and who leads. None tells its end."""

from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenDatingBasis, OpenDomain, OpenEpisodeEnd, Published
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


class EpisodeAgeBandStatedV1(Published):
    """Her age on the day that the pregnancy was opened became known later, or was corrected."""

    TYPE: ClassVar[str] = "episode.age_band_stated.v1"
    age_band: AgeBand
    episode: UUID


class EpisodeDatedV1(Published):
    """The day on which the birth is expected; the latest of them is in force."""

    TYPE: ClassVar[str] = "episode.dated.v1"
    basis: OpenDatingBasis
    edd: date
    episode: UUID


class EpisodePrenatalCareStartedV1(Published):
    """Her first prenatal visit was on a local date."""

    TYPE: ClassVar[str] = "episode.prenatal_care_started.v1"
    episode: UUID
    on: date


class EpisodeLostV1(Published):
    """The agency cannot find her."""

    TYPE: ClassVar[str] = "episode.lost.v1"
    episode: UUID


class EpisodeResumedV1(Published):
    """The agency found her again."""

    TYPE: ClassVar[str] = "episode.resumed.v1"
    episode: UUID


class EpisodeSupersededV1(Published):
    """Another episode stands in its place: a new pregnancy, or the right entry for a wrong or double one."""

    TYPE: ClassVar[str] = "episode.superseded.v1"
    by: UUID
    episode: UUID


class EpisodeEnteredInErrorV1(Published):
    """What `event` says should never have been written down: no figure counts it.

    Where that is the event that opened it, all of it is in error, and nobody leads in it any more; where it is one that
    dated it, that dating alone: the one before is in force again.
    """

    TYPE: ClassVar[str] = "episode.entered_in_error.v1"
    episode: UUID
    event: UUID


class EpisodeTakenBackV1(Published):
    """What the event `event` (its `ce_id`) says, that it is over, does not count: it stands as before, with its leads.

    Both stay on the log.
    """

    TYPE: ClassVar[str] = "episode.taken_back.v1"
    episode: UUID
    event: UUID


class EpisodeClosedV1(Published):
    """No agency works in it any more; nothing is said of how the pregnancy went."""

    TYPE: ClassVar[str] = "episode.closed.v1"
    episode: UUID
    reason: OpenEpisodeEnd


class ResponsibilityLeftV1(Published):
    """An agency leads a domain no more; where somebody takes over, `responsibility.assigned.v1` follows."""

    TYPE: ClassVar[str] = "responsibility.left.v1"
    agency: Slug
    domain: OpenDomain
    episode: UUID


EpisodeEvent: TypeAlias = (
    EpisodeOpenedV1
    | ResponsibilityAssignedV1
    | ResponsibilityLeftV1
    | EpisodeAgeBandStatedV1
    | EpisodeDatedV1
    | EpisodePrenatalCareStartedV1
    | EpisodeLostV1
    | EpisodeResumedV1
    | EpisodeSupersededV1
    | EpisodeClosedV1
    | EpisodeEnteredInErrorV1
    | EpisodeTakenBackV1
)
