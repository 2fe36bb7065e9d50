"""What can happen to a handoff. Its class `restricted` is fixed when it is proposed and repeated in each fact (R6)."""

from datetime import date
from typing import ClassVar, TypeAlias
from uuid import UUID

from services.referrals.domain.fact import CodedReason, Fact, Person
from services.referrals.domain.taking_back import TakenBack
from services.referrals.domain.vocabulary import (
    GivenField,
    HandoffKind,
    Reason,
    ReasonOwner,
    ResponsibilityDomain,
    RestrictedClass,
    Slug,
)


class HandoffProposed(Fact):
    """An agency would like another to lead a domain of an episode; nothing of hers has left yet.

    `watch` are open referrals that the receiver would watch over with it (R19).
    """

    TYPE: ClassVar[str] = "handoff.proposed.v1"
    from_agency: Slug
    to_agency: Slug
    domain: ResponsibilityDomain
    kind: HandoffKind
    episode: UUID
    reason_code: CodedReason | None = None
    note: UUID | None = None
    watch: tuple[UUID, ...] = ()
    restricted: RestrictedClass | None = None


class HandoffClientAgreed(Fact):
    """She agreed to it; `consent` holds to whom and to which fields."""

    TYPE: ClassVar[str] = "handoff.client_agreed.v1"
    consent: UUID
    restricted: RestrictedClass | None = None


class HandoffOffered(Fact):
    """The receiver was asked; `given` is the accounting of what it may read (R1)."""

    TYPE: ClassVar[str] = "handoff.offered.v1"
    given: tuple[GivenField, ...]
    restricted: RestrictedClass | None = None


class HandoffAccepted(Fact):
    """The receiver leads from now on: `person` of its staff, first contact planned for the local date `on`."""

    TYPE: ClassVar[str] = "handoff.accepted.v1"
    person: Person
    on: date | None = None
    restricted: RestrictedClass | None = None


class HandoffDeclined(Fact):
    """The receiver could not take it on; the sender leads as before."""

    TYPE: ClassVar[str] = "handoff.declined.v1"
    reason: Reason
    reason_owner: ReasonOwner
    restricted: RestrictedClass | None = None


class HandoffCompleted(Fact):
    """The receiver met her; `evidence` is the contact, `evidence_restricted` whether that one is restricted (R6)."""

    TYPE: ClassVar[str] = "handoff.completed.v1"
    evidence: UUID
    evidence_restricted: bool = False
    restricted: RestrictedClass | None = None


class HandoffClientDeclined(Fact):
    """She did not want it; the sender leads as before."""

    TYPE: ClassVar[str] = "handoff.client_declined.v1"
    restricted: RestrictedClass | None = None


class HandoffWithdrawn(Fact):
    """The sender wanted it no more, or there is no further contact; who led leads as before."""

    TYPE: ClassVar[str] = "handoff.withdrawn.v1"
    reason: Reason
    reason_owner: ReasonOwner
    restricted: RestrictedClass | None = None


class HandoffIntroduced(Fact):
    """The two agencies spoke about her, with her or without; no step, but the only thing that makes it warm."""

    TYPE: ClassVar[str] = "handoff.introduced.v1"
    client_present: bool
    restricted: RestrictedClass | None = None


class HandoffExpired(Fact):
    """Nobody answered the offer in time; the sender leads as before."""

    TYPE: ClassVar[str] = "handoff.expired.v1"
    restricted: RestrictedClass | None = None


class HandoffFailed(Fact):
    """It was accepted and not taken up: the lead goes back, but where the reason is that contact with her has ended."""

    TYPE: ClassVar[str] = "handoff.failed.v1"
    reason: Reason | None = None
    reason_owner: ReasonOwner | None = None
    restricted: RestrictedClass | None = None


class HandoffAcknowledged(Fact):
    """The sender knows that nobody took it up, so that it leads. Stored only, hence without a class (R6)."""

    TYPE: ClassVar[str] = "handoff.acknowledged.v1"


class HandoffTakenBack(TakenBack):
    """A step of either side was pressed by mistake (R14)."""

    TYPE: ClassVar[str] = "handoff.taken_back.v1"


HandoffFact: TypeAlias = (
    HandoffProposed
    | HandoffClientAgreed
    | HandoffClientDeclined
    | HandoffOffered
    | HandoffWithdrawn
    | HandoffIntroduced
    | HandoffAccepted
    | HandoffDeclined
    | HandoffCompleted
    | HandoffExpired
    | HandoffFailed
    | HandoffAcknowledged
    | HandoffTakenBack
)
