"""One client's accounting of disclosures: what of her went or was shown to whom, when, and what allowed it (R1)."""

from services.referrals.domain.accounting.entries import ACCOUNTED, entries
from services.referrals.domain.accounting.entry import Entry, EntryKind

__all__ = ["ACCOUNTED", "Entry", "EntryKind", "entries"]
