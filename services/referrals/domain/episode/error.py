"""Owns what does not count of a pregnancy: what should never have been written down, and an end taken back (R14)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from uuid import UUID

from services.referrals.domain.episode.events import EpisodeEnteredInError, EpisodeTakenBack
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
    """`event` is a dating of the agency's own, `note` the vault id of why, `before` earlier ones that were wrong, too.

    `back` is the due date that is in force again, None where the agency stated no other; `ended_on` when the pregnancy
    ended, where the agency wrote that down.
    """

    agency: str
    at: datetime
    event: UUID
    note: UUID
    before: tuple[UUID, ...] = ()
    back: date | None = None
    ended_on: date | None = None


@frozen(kw_only=True)
class Reopen:
    """What it ended for was a mistake (R20): `event` is that end. Nobody presses it."""

    agency: str
    at: datetime
    event: UUID


def counting(history: Iterable[Happened]) -> Sequence[Happened]:
    """The history without datings that were entered in error, so that the one before each is in force again, and
    without what was taken back."""
    told = list(history)
    gone = {
        each.fact.event
        for each in told
        if isinstance(each.fact, EpisodeTakenBack)
        or (isinstance(each.fact, EpisodeEnteredInError) and each.fact.dating)
    }
    return [each for each in told if each.id not in gone] if gone else told
