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


class HandoffClientDeclinedV1(Published):
    """She did not want it; who led leads as before."""

    TYPE: ClassVar[str] = "handoff.client_declined.v1"
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


class HandoffWithdrawnV1(Published):
    """The sender wanted it no more, she took back her agreement, or there is no further contact."""

    TYPE: ClassVar[str] = "handoff.withdrawn.v1"
    handoff: UUID
    reason: OpenReason
    reason_owner: ReasonOwner


class HandoffIntroducedV1(Published):
    """The two agencies spoke about her; it was warm where `client_present`."""

    TYPE: ClassVar[str] = "handoff.introduced.v1"
    client_present: bool
    handoff: UUID


class HandoffExpiredV1(Published):
    """Nobody answered the offer in time."""

    TYPE: ClassVar[str] = "handoff.expired.v1"
    handoff: UUID


class HandoffFailedV1(Published):
    """It was accepted and not taken up. The lead goes back (`responsibility.assigned.v1` follows), unless a reason says
    that there is no further contact with her."""

    TYPE: ClassVar[str] = "handoff.failed.v1"
    handoff: UUID
    reason: OpenReason | None = None
    reason_owner: ReasonOwner | None = None


class HandoffTakenBackV1(Published):
    """A step was pressed by mistake: what the event `event` (its `ce_id`) says does not count. Both stay on the log.

    Where it is an acceptance, the lead goes back (`responsibility.assigned.v1` follows on the same key)."""

    TYPE: ClassVar[str] = "handoff.taken_back.v1"
    event: UUID
    handoff: UUID


HandoffEvent: TypeAlias = (
    HandoffProposedV1
    | HandoffClientAgreedV1
    | HandoffOfferedV1
    | HandoffAcceptedV1
    | HandoffDeclinedV1
    | HandoffCompletedV1
    | HandoffClientDeclinedV1
    | HandoffWithdrawnV1
    | HandoffIntroducedV1
    | HandoffExpiredV1
    | HandoffFailedV1
    | HandoffTakenBackV1
)
