"""One entry of a client's accounting of disclosures: what of her was shown to whom, and what allowed it (R1)."""

from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.referrals.domain.break_glass import Emergency
from services.referrals.domain.frozen import frozen
from services.referrals.domain.referral.events import ConsentException
from services.referrals.domain.vocabulary import Category, GivenField, ResponsibilityDomain, RestrictedClass


class EntryKind(StrEnum):
    """What an entry of the accounting is."""

    REFERRAL = "referral"
    HANDOFF = "handoff"
    READ = "read"
    TIMELINE = "timeline"
    LETTER = "letter"
    OPENED = "opened"
    BREAK_GLASS = "break_glass"
    ERASED = "erased"


_EMERGENCIES: Final = frozenset({EntryKind.OPENED, EntryKind.BREAK_GLASS})


@frozen(kw_only=True)
class Entry:
    """One disclosure. `to` learned it, `by` gave it (None: several did); `fields` are what she agreed to give.

    `sources` are those whose entries were shown: they answer for it, and no other agency is told who they are.
    `id` is that of the event, `at` UTC. Of an erasure `to` is who erased what it held: then nobody learned anything.
    `emergency`: for which kind her record was opened.
    """

    id: UUID
    at: datetime
    kind: EntryKind
    to: str
    by: str | None = None
    sources: tuple[str, ...] = ()
    fields: tuple[GivenField, ...] = ()
    consent: UUID | None = None
    exception: ConsentException | None = None
    category: Category | None = None
    domain: ResponsibilityDomain | None = None
    referral: UUID | None = None
    handoff: UUID | None = None
    restricted: RestrictedClass | None = None
    emergency: Emergency | None = None

    def is_of(self, agency: str, *, officer: bool) -> bool:
        """Whether an agency gave or received it: no other agency is told of it, nor of an emergency elsewhere anybody
        but the officer who looks at it (R1)."""
        if self.kind in _EMERGENCIES and not officer:
            return agency == self.to
        return agency in {self.to, self.by, *self.sources}

    def is_between(self, agency: str) -> bool:
        """Whether an agency is one of the two sides, which know each other by it."""
        return agency in {self.to, self.by}
