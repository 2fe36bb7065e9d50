"""Published events of a handoff: the lead in a domain is offered to another agency, taken on or not, and taken up."""

from typing import ClassVar, TypeAlias
from uuid import UUID

from contracts.events.event import OpenDomain, OpenHandoffKind, OpenReason, Published
from contracts.vocabulary import ReasonOwner, Slug


class HandoffProposedV1(Published):
    """One agency would like another to lead a domain of an episode."""

    TYPE: ClassVar[str] = "handoff.proposed.v1"
    domain: OpenDomain
    episode: UUID
    from_agency: Slug
    handoff: UUID
    kind: OpenHandoffKind
    to_agency: Slug


class HandoffClientAgreedV1(Published):
    """She agreed to it."""

    TYPE: ClassVar[str] = "handoff.client_agreed.v1"
    handoff: UUID


class HandoffOfferedV1(Published):
    """The receiver was asked."""

    TYPE: ClassVar[str] = "handoff.offered.v1"
    handoff: UUID


class HandoffAcceptedV1(Published):
    """The receiver leads from now on; `responsibility.assigned.v1` follows on the same key."""

    TYPE: ClassVar[str] = "handoff.accepted.v1"
    handoff: UUID


class HandoffDeclinedV1(Published):
    """The receiver could not take it on."""

    TYPE: ClassVar[str] = "handoff.declined.v1"
    handoff: UUID
    reason: OpenReason
    reason_owner: ReasonOwner


class HandoffCompletedV1(Published):
    """The receiver met her; `evidence` is the contact, absent where that contact is restricted."""

    TYPE: ClassVar[str] = "handoff.completed.v1"
    evidence: UUID | None = None
    handoff: UUID


HandoffEvent: TypeAlias = (
    HandoffProposedV1
    | HandoffClientAgreedV1
    | HandoffOfferedV1
    | HandoffAcceptedV1
    | HandoffDeclinedV1
    | HandoffCompletedV1
)
