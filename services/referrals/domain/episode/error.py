"""Owns what should never have been written down of a pregnancy: all of it, or one dating (R14)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from services.referrals.domain.episode.events import EpisodeEnteredInError
from services.referrals.domain.fact import Happened
from services.referrals.domain.frozen import frozen


@frozen(kw_only=True)
class VoidEpisode:
    """`event` is the one by which the agency opened it, `first` the first opener's, `note` the vault id of why."""

    agency: str
    at: datetime
    event: UUID
    first: UUID
    note: UUID


@frozen(kw_only=True)
class VoidDating:
    """`event` is a dating of the agency's own, `note` the vault id of why."""

    agency: str
    at: datetime
    event: UUID
    note: UUID


def counting(history: Iterable[Happened]) -> Sequence[Happened]:
    """The history without datings that were entered in error: the one before each is in force again."""
    told = list(history)
    gone = {each.fact.event for each in told if isinstance(each.fact, EpisodeEnteredInError) and each.fact.dating}
    return [each for each in told if each.id not in gone] if gone else told
