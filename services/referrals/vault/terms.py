"""Owns the terms on which a receiver holds a copy of what a client agreed to give (rule R1)."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.referrals.domain.frozen import frozen
from services.referrals.domain.vocabulary import RestrictedClass
from services.referrals.vault.open_keys import Holder


class Subject(NamedTuple):
    """The referral or handoff that a copy belongs to; `kind` is `referral` or `handoff`."""

    kind: str
    id: UUID


@frozen
class Terms:
    """What a copy is made of: `fields` of what the sender holds of the client, and the note that she agreed to give.

    `version` is that of the referral or handoff as of which it stands so.
    """

    subject: Subject
    initiative: str
    client_id: UUID
    sender: str
    receiver: str
    fields: frozenset[str]
    note: UUID | None = None
    restricted: RestrictedClass | None = None
    accepted: bool = False
    version: int = 0

    @property
    def source(self) -> Holder:
        """Whose record it is taken from."""
        return Holder(self.initiative, self.sender, self.client_id)

    @property
    def target(self) -> Holder:
        """Under whose key it is sealed."""
        return Holder(self.initiative, self.receiver, self.client_id)


class Ended(NamedTuple):
    """When (UTC) a referral or handoff ended before its receiver accepted, and as of which version of it."""

    at: datetime
    version: int = 0


@frozen
class Changes:
    """How things stand: the terms of the copies that there may be, and what ended before it was accepted."""

    standing: Sequence[Terms] = ()
    ended: Mapping[Subject, Ended] = field(default_factory=dict)


class Step(NamedTuple):
    """How far a follower of the log moves with what it writes."""

    follower: str
    after: int
    to: int


class StepTaken(Exception):
    """Another follower has moved on from this position: nothing was written."""
