"""How agencies and services are named, where they stand, and what they say of their room."""

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")]
"""Id of an agency or service: at most 64 lower-case letters, digits and hyphens."""


class Standing(StrEnum):
    """Whether an agency takes part (R22): a paused one answers what is open and receives nothing new."""

    INVITED = "invited"
    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class ServiceStatus(StrEnum):
    """Open Referral HSDS 3.0 `service.status`."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class Room(StrEnum):
    """Whether a service has room for somebody new, as its agency last said."""

    OPEN = "open"
    WAITLIST = "waitlist"
    FULL = "full"
    NOT_KNOWN = "not_known"


class Origin(StrEnum):
    """Where what the directory says of an entry comes from: an edit stands over the initiative's configuration."""

    CONFIGURATION = "configuration"
    EDITED = "edited"
    IMPORTED = "imported"
