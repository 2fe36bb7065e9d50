"""Words of the directory: texts that anybody who takes part may read, about agencies and never about a client."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import StringConstraints

from services.referrals.domain.uuids import derived

AgencyType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Paragraph = Annotated[str, StringConstraints(min_length=1, max_length=600)]
ZipPart = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,5}$")]

_DIRECTORY: Final = UUID("6f0a4f0e-5c43-5d5e-9a5c-2f3c6f1b7d10")


def agency_stream(initiative: str, agency: str) -> UUID:
    """The stream of an agency's entry: an id of its own in each initiative."""
    return derived(_DIRECTORY, f"{initiative}|agency|{agency}")


def service_stream(initiative: str, service: str) -> UUID:
    """The stream of a service's entry."""
    return derived(_DIRECTORY, f"{initiative}|service|{service}")


def capacity_stream(initiative: str, service: str) -> UUID:
    """The stream of what is said of a service's room."""
    return derived(_DIRECTORY, f"{initiative}|capacity|{service}")
