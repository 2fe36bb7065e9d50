"""The table of a support contact's states (F4): what may follow from where. Its agency alone takes any step."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from services.referrals.domain.frozen import frozen


class ContactStatus(StrEnum):
    """Where a contact stands (machine F4)."""

    PLANNED = "planned"
    COMPLETED = "completed"
    ATTEMPTED = "attempted"
    MISSED = "missed"
    CANCELLED = "cancelled"
    TAKEN_BACK = "taken_back"
    ENTERED_IN_ERROR = "entered_in_error"


class ContactVerb(StrEnum):
    """A step, named as in its address."""

    RECORD = "record"
    AMEND = "amend"
    CANCEL = "cancel"
    ENTERED_IN_ERROR = "entered-in-error"


@frozen
class Edge:
    """From which states a step may be taken (None: nothing is there yet), and to which it may lead."""

    sources: frozenset[ContactStatus | None]
    targets: frozenset[ContactStatus]


_SAID = frozenset({ContactStatus.COMPLETED, ContactStatus.ATTEMPTED, ContactStatus.MISSED, ContactStatus.CANCELLED})

EDGES: Mapping[ContactVerb, Edge] = MappingProxyType(
    {
        ContactVerb.RECORD: Edge(frozenset({None, ContactStatus.PLANNED}), _SAID),
        ContactVerb.AMEND: Edge(frozenset(_SAID), _SAID),
        ContactVerb.CANCEL: Edge(frozenset({ContactStatus.PLANNED}), frozenset({ContactStatus.CANCELLED})),
        ContactVerb.ENTERED_IN_ERROR: Edge(
            frozenset({ContactStatus.PLANNED, *_SAID}), frozenset({ContactStatus.ENTERED_IN_ERROR})
        ),
    }
)
"""A plan that was called off stands as `cancelled` too, and can only be entered in error."""
