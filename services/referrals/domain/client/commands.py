"""What agencies ask about a client as a person."""

from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.referrals.domain.client.events import DemographicsStated
from services.referrals.domain.client.reasons import ErasureReason, HoldReason
from services.referrals.domain.frozen import frozen


@frozen(kw_only=True)
class RegisterClient:
    """An agency registers a client under her random id."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class StateDemographics:
    """What she says of herself, or what was seen or imported."""

    agency: str
    at: datetime
    stated: DemographicsStated


@frozen(kw_only=True)
class PauseOutreach:
    """Nobody reaches out to her until it is resumed."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class ResumeOutreach:
    """She may be reached out to again."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class StopContact:
    """Nobody contacts her any more: the agency alone, or (`everything`) all. `same`: what stands says the same."""

    agency: str
    at: datetime
    cause: UUID
    everything: bool
    same: bool = False


@frozen(kw_only=True)
class CorrectStop:
    """That was a mistake."""

    agency: str
    at: datetime


@frozen(kw_only=True)
class LinkClient:
    """For this agency she is `other`, whom it knows of its own."""

    agency: str
    at: datetime
    other: UUID


@frozen(kw_only=True)
class UnlinkClient:
    """The two are not the same woman after all."""

    agency: str
    at: datetime
    other: UUID


@frozen(kw_only=True)
class NameClient:
    """The other end of a link; follows from it."""

    agency: str
    at: datetime
    by: UUID


@frozen(kw_only=True)
class UnnameClient:
    """The other end of a link that is undone; follows from it."""

    agency: str
    at: datetime
    by: UUID


@frozen(kw_only=True)
class EraseDetails:
    """What the agency holds of her is erased; `anew`: something was written of her since that happened last."""

    agency: str
    at: datetime
    reason: ErasureReason
    anew: bool = False


@frozen(kw_only=True)
class PlaceHold:
    """Nothing that the agency holds of her may be erased; `anew`: something was written of her since it was."""

    agency: str
    at: datetime
    reason: HoldReason
    anew: bool = False


@frozen(kw_only=True)
class ReleaseHold:
    """It may be erased again."""

    agency: str
    at: datetime


ClientCommand: TypeAlias = (
    RegisterClient
    | StateDemographics
    | PauseOutreach
    | ResumeOutreach
    | StopContact
    | CorrectStop
    | LinkClient
    | UnlinkClient
    | NameClient
    | UnnameClient
    | EraseDetails
    | PlaceHold
    | ReleaseHold
)
