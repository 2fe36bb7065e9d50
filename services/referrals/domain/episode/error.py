"""Owns what is asked of a pregnancy that should never have been written down (R14)."""

from datetime import datetime
from uuid import UUID

from services.referrals.domain.frozen import frozen


@frozen(kw_only=True)
class VoidEpisode:
    """`event` is the one by which the agency opened it, `first` the first opener's, `note` the vault id of why."""

    agency: str
    at: datetime
    event: UUID
    first: UUID
    note: UUID
