"""What agencies ask of a pregnancy, and what follows from handoffs and from the calendar."""

from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from services.referrals.domain.episode.error import Reopen, VoidDating, VoidEpisode
from services.referrals.domain.episode.events import BirthRecorded
from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import AgeBand, DatingBasis, EpisodeEnd, ResponsibilityDomain


@frozen(kw_only=True)
class OpenEpisode:
    """An agency says that a client is pregnant; `identified_on` and `today` are local dates of the initiative.

    An agency that does not say since when means today, or what it said before.
    """

    agency: str
    at: datetime
    today: date
    identified_on: date | None = None
    age_band: AgeBand | None = None


@frozen(kw_only=True)
class TakeOver:
    """The receiver of an accepted handoff leads from now on, in place of `from_agency`."""

    agency: str
    at: datetime
    domain: ResponsibilityDomain
    from_agency: str
    handoff: UUID


@frozen(kw_only=True)
class GiveBack:
    """A handoff was not taken up: the lead of `from_agency` goes back to `agency`, or to `hub` where that one left."""

    agency: str
    at: datetime
    domain: ResponsibilityDomain
    from_agency: str
    handoff: UUID
    hub: str | None


@frozen(kw_only=True)
class TakeLead:
    """An agency takes a domain that nobody leads; `as_hub`: it is the hub of the initiative."""

    agency: str
    at: datetime
    domain: ResponsibilityDomain
    as_hub: bool


@frozen(kw_only=True)
class LeaveLead:
    """An agency leads no more, and wants no lead back. `hub` takes over, None where none is named."""

    agency: str
    at: datetime
    domain: ResponsibilityDomain
    hub: str | None


@frozen(kw_only=True)
class DateEpisode:
    """When the birth is expected and how that is known.

    `earlier` is the event of the agency's dating that stands, `supersedes` the one meant to be replaced, if any.
    """

    agency: str
    at: datetime
    today: date
    edd: date
    basis: DatingBasis
    earlier: UUID | None = None
    supersedes: UUID | None = None


@frozen(kw_only=True)
class StartPrenatalCare:
    """Her first prenatal visit."""

    agency: str
    at: datetime
    today: date
    on: date


@frozen(kw_only=True)
class LoseEpisode:
    """Nobody of the agency can find her."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class ResumeEpisode:
    """She is found again."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class EndEpisode:
    """How and when it ended lies in the vault under `end`; `birth` is what a live birth tells (R5, R6).

    `on` is a local date that no fact tells. `same`: the end that stands says the same.
    """

    agency: str
    at: datetime
    end: UUID
    on: date
    birth: BirthRecorded | None = None
    same: bool = False


@frozen(kw_only=True)
class RecordPostpartumVisit:
    """She was seen after the birth."""

    agency: str
    at: datetime
    today: date
    on: date


@frozen(kw_only=True)
class CloseEpisode:
    """The agency is through with it."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class EndPostpartum:
    """The calendar: 365 days after the due date in force (R5). Nobody presses it."""

    agency: str
    at: datetime
    today: date


@frozen(kw_only=True)
class CloseForAll:
    """It ends for every agency, as something else did (R20). Nobody presses it."""

    agency: str
    at: datetime
    reason: EpisodeEnd


@frozen(kw_only=True)
class Supersede:
    """Another entry stands in its place: a new pregnancy, or the one that was meant (R5)."""

    agency: str
    at: datetime
    by: UUID


@frozen(kw_only=True)
class StateAgeBand:
    """Her birth date came later, or was corrected (R7)."""

    agency: str
    at: datetime
    age_band: AgeBand


OfOpener: TypeAlias = (
    DateEpisode
    | StartPrenatalCare
    | LoseEpisode
    | ResumeEpisode
    | EndEpisode
    | RecordPostpartumVisit
    | CloseEpisode
    | StateAgeBand
    | VoidEpisode
    | VoidDating
)
OfSystem: TypeAlias = EndPostpartum | CloseForAll | Reopen | Supersede
OfLead: TypeAlias = TakeOver | GiveBack | TakeLead | LeaveLead
EpisodeCommand: TypeAlias = OpenEpisode | OfLead | OfOpener | OfSystem
