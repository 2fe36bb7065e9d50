"""The ways that measures follow: when what happened on a referral, on a handoff, and with a client."""

from __future__ import annotations

from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID


class Moment(NamedTuple):
    """When something happened (aware), and its place in the event store among what happened at the same time."""

    at: datetime
    position: int


class Ending(NamedTuple):
    """How a referral or handoff ended: the event's name, its reason, whose decision that was, and who said it."""

    said: Moment
    how: str
    reason: str | None = None
    owner: str | None = None
    source: str | None = None


class ReferralPath(NamedTuple):
    """The moments of one referral that measures ask for; what it was about is known once `sent` is.

    `parent` was redirected to it; it was sent again in the place of `supersedes`. `shown` is each time that a service
    was stated, with the contact or visit that was named for it; `connected` the first of those that is shown still.
    """

    sent: Moment | None = None
    category: str | None = None
    mode: str | None = None
    channel: str | None = None
    from_agency: str | None = None
    to_agency: str | None = None
    need: UUID | None = None
    parent: UUID | None = None
    supersedes: UUID | None = None
    answered: Moment | None = None
    accepted: Moment | None = None
    shown: frozenset[tuple[Moment, UUID | None]] = frozenset()
    connected: Moment | None = None
    end: Ending | None = None
    withdrawn: Moment | None = None
    acknowledged: Moment | None = None

    @property
    def ended(self) -> Moment | None:
        """When it ended, None while it is open."""
        return self.end.said if self.end else None


class HandoffPath(NamedTuple):
    """The moments of one handoff that measures ask for; between whom and of what is known once it was proposed.

    `shown` is each time that it was completed, with the contact that was named for it; `completed` the first of those
    that is shown still.
    """

    proposed: Moment | None = None
    from_agency: str | None = None
    to_agency: str | None = None
    domain: str | None = None
    kind: str | None = None
    episode: UUID | None = None
    offered: Moment | None = None
    accepted: Moment | None = None
    warm: Moment | None = None
    shown: frozenset[tuple[Moment, UUID | None]] = frozenset()
    completed: Moment | None = None
    end: Ending | None = None


class Plan(NamedTuple):
    """A time that a visit was given, and when that was said: the later word stands."""

    said: Moment
    due_at: datetime


class CalledOff(NamedTuple):
    """When a visit was cancelled, how many whole hours before its time, and on whose wish."""

    said: Moment
    notice_hours: int
    by: str


class AppointmentPath(NamedTuple):
    """What measures ask of one visit: for which referral, for when, and what came of it."""

    referral: UUID | None = None
    plan: Plan | None = None
    attended: Moment | None = None
    missed: Moment | None = None
    cancelled: CalledOff | None = None


class Contact(NamedTuple):
    """A contact or an attempt as it was said last; `met`: it was completed, and she was met or answered (rule R17).

    It belongs to what it names: a referral, need, pregnancy or handoff; `tags` are what it was about.
    """

    moment: Moment
    agency: str
    met: bool = True
    outcome: str = "completed"
    mode: str = "phone"
    tags: tuple[str, ...] = ()
    referral: UUID | None = None
    need: UUID | None = None
    episode: UUID | None = None
    handoff: UUID | None = None

    @property
    def served(self) -> bool:
        """Whether it is evidence of a service (R17): a contact, or goods or funds that were handed over."""
        return self.met or (self.outcome == "completed" and self.mode in _HANDED_OVER)


_HANDED_OVER: Final = frozenset({"goods_delivery", "funds_transfer"})


def said_last(known: Contact | None, said: Contact) -> Contact:
    """What stands of a contact of which both were said, whichever came first."""
    return said if known is None or said.moment.position > known.moment.position else known
