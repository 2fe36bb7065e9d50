"""The list of recipients that she may ask an intermediary for: treatment records of substance use, three years back.

42 CFR 2.24: to whom, when, and what in a few words, within 30 days of a written request.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from services.referrals.domain.accounting import Entry, EntryKind
from services.referrals.domain.vocabulary import RestrictedClass

YEARS: Final = 3


def recipients(entries: Iterable[Entry], now: datetime) -> list[Entry]:
    """Those of an accounting by which somebody got such a record in the three years before now."""
    since = _years_before(now)
    return [
        entry
        for entry in entries
        if entry.restricted is RestrictedClass.PART_2 and entry.kind is not EntryKind.ERASED and entry.at >= since
    ]


def _years_before(now: datetime) -> datetime:
    try:
        return now.replace(year=now.year - YEARS)
    except ValueError:  # 29 February
        return now.replace(year=now.year - YEARS, day=28)
