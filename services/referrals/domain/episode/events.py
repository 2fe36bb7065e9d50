"""What happened to a pregnancy; how and when it ended is not among it: that lies in the vault (R5)."""

from datetime import date
from typing import Annotated, ClassVar, TypeAlias
from uuid import UUID

from pydantic import Field

from services.referrals.domain.fact import Fact
from services.referrals.domain.vocabulary import (
    AgeBand,
    Basis,
    BirthWeightBand,
    DatingBasis,
    EpisodeEnd,
    ResponsibilityDomain,
    Slug,
)


class EpisodeOpened(Fact):
    """A pregnancy is known to the initiative since a local date."""

    TYPE: ClassVar[str] = "episode.opened.v1"
    identified_on: date
    age_band: AgeBand | None = None


class EpisodeJoined(Fact):
    """Another agency opened what was open already (R4): stored, published nowhere, told to nobody else.

    `identified_on` is since when it says so; the first of these facts did not hold it.
    """

    TYPE: ClassVar[str] = "episode.joined.v1"
    identified_on: date | None = None


class ResponsibilityAssigned(Fact):
    """An agency leads a domain from now on (R19)."""

    TYPE: ClassVar[str] = "responsibility.assigned.v1"
    domain: ResponsibilityDomain
    agency: Slug
    basis: Basis
    handoff: UUID | None = None


class ResponsibilityLeft(Fact):
    """An agency leads a domain no more, and gets it back by no handoff that fails (R19)."""

    TYPE: ClassVar[str] = "responsibility.left.v1"
    domain: ResponsibilityDomain
    agency: Slug


class EpisodeDated(Fact):
    """The day on which the birth is expected; `earlier` is the event of the agency's dating that it supersedes."""

    TYPE: ClassVar[str] = "episode.dated.v1"
    edd: date
    basis: DatingBasis
    earlier: UUID | None = None


class PrenatalCareStarted(Fact):
    """Her first prenatal visit was on a local date."""

    TYPE: ClassVar[str] = "episode.prenatal_care_started.v1"
    on: date


class EpisodeLost(Fact):
    """An agency cannot find her."""

    TYPE: ClassVar[str] = "episode.lost.v1"


class EpisodeResumed(Fact):
    """It found her again."""

    TYPE: ClassVar[str] = "episode.resumed.v1"


class EpisodeEndRecorded(Fact):
    """How and when it ended is written down in the vault, under `end`: alike for birth and loss, published nowhere."""

    TYPE: ClassVar[str] = "episode.end_recorded.v1"
    end: UUID


class EpisodeSuperseded(Fact):
    """Another entry stands in its place: a new pregnancy, or the right one for a wrong or double entry."""

    TYPE: ClassVar[str] = "episode.superseded.v1"
    by: UUID


class EpisodeClosed(Fact):
    """It is over for every agency."""

    TYPE: ClassVar[str] = "episode.closed.v1"
    reason: EpisodeEnd


class EpisodeParted(Fact):
    """An agency is through with it while another has it open: stored, published nowhere, told to nobody else (R4)."""

    TYPE: ClassVar[str] = "episode.parted.v1"


class EpisodeEnteredInError(Fact):
    """It should never have been written down (R14); `event` opened it, `note` is the vault id of why.

    `whole`: no agency is left that says she was pregnant. Otherwise it is stored only, and told to nobody else (R4).
    `dating`: `event` is one dating of the agency's own, and that alone is in error.
    """

    TYPE: ClassVar[str] = "episode.entered_in_error.v1"
    event: UUID
    note: UUID
    whole: bool
    dating: bool = False


class EpisodeTakenBack(Fact):
    """She may be contacted after all (R20): it stands as it did before `event`, which ended it for that."""

    TYPE: ClassVar[str] = "episode.taken_back.v1"
    event: UUID


class AgeBandStated(Fact):
    """Her age band on the day on which it was opened, known or corrected later (R7)."""

    TYPE: ClassVar[str] = "episode.age_band_stated.v1"
    age_band: AgeBand


class BirthRecorded(Fact):
    """A delivery with at least one living child (R6): restricted, whatever the class of anything else.

    `weight_band` is that of the lightest living child.
    """

    TYPE: ClassVar[str] = "birth.recorded.v1"
    delivered_on: date
    gestational_days: Annotated[int, Field(ge=100, le=330)] | None = None
    live_children: Annotated[int, Field(ge=1, le=8)]
    weight_band: BirthWeightBand | None = None


class PostpartumVisitRecorded(Fact):
    """She was seen after the birth, on a local date (R6): restricted, as the birth is."""

    TYPE: ClassVar[str] = "postpartum_visit.recorded.v1"
    on: date


EpisodeFact: TypeAlias = (
    EpisodeOpened
    | EpisodeJoined
    | ResponsibilityAssigned
    | ResponsibilityLeft
    | EpisodeDated
    | PrenatalCareStarted
    | EpisodeLost
    | EpisodeResumed
    | EpisodeEndRecorded
    | EpisodeSuperseded
    | EpisodeClosed
    | EpisodeEnteredInError
    | EpisodeTakenBack
    | EpisodeParted
    | AgeBandStated
    | BirthRecorded
    | PostpartumVisitRecorded
)
