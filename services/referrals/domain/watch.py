"""The watch over an open referral: with the lead of coordination it goes to another agency (R19)."""

from typing import ClassVar, TypeAlias
from uuid import UUID

from services.referrals.domain.fact import Fact
from services.referrals.domain.vocabulary import Slug


class WatchMoved(Fact):
    """`by` sees from now on that somebody answers, by `handoff`; the referral's sender stays its sender.

    It stands in the stream of the referral, stored and never published; no fold of the domain sees it, and neither side
    is told of it there: the sender knows it from the handoff, the receiver is not told who leads.
    """

    TYPE: ClassVar[str] = "watch.moved.v1"
    by: Slug
    handoff: UUID


WatchFact: TypeAlias = WatchMoved
