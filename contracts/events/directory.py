"""Published events of the directory: the whole of an entry each time, so that the latest by its id says all of it.

The only words that leave are the names of agencies and services, and where an agency is reached, which anybody may
know; no entry is about a client.
Descriptions, documents and schedules stay in the store.
"""

from datetime import date
from typing import Annotated, ClassVar, TypeAlias

from pydantic import Field, StringConstraints

from contracts.directory import Address, Phone
from contracts.events.event import OpenCategory, OpenRoom, OpenServiceStatus, OpenStanding, Published
from contracts.vocabulary import Slug

EntryName = Annotated[str, StringConstraints(min_length=1, max_length=200)]
"""What an agency or a service calls itself."""

AgencyType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$")]
ZipPart = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,5}$")]
Age = Annotated[int, Field(ge=0, le=120)]


class AgencyStatedV1(Published):
    """What the directory says of an agency from now on."""

    TYPE: ClassVar[str] = "agency.stated.v1"
    addresses: tuple[Address, ...] = ()
    agency: Slug
    languages: tuple[LanguageTag, ...]
    name: EntryName
    on_system: bool
    phones: tuple[Phone, ...] = ()
    standing: OpenStanding
    type: AgencyType


class ServiceStatedV1(Published):
    """What the directory says of a service from now on, in HSDS 3.0 words; without `zips` it serves everywhere."""

    TYPE: ClassVar[str] = "service.stated.v1"
    agency: Slug
    category: OpenCategory
    languages: tuple[LanguageTag, ...]
    maximum_age: Age | None = None
    minimum_age: Age | None = None
    name: EntryName
    service: Slug
    status: OpenServiceStatus
    zips: tuple[ZipPart, ...]


class CapacityStatedV1(Published):
    """What an agency said of a service's room `on` a local date; `from_on` is the day from which there is some."""

    TYPE: ClassVar[str] = "capacity.stated.v1"
    agency: Slug
    from_on: date | None = None
    on: date
    room: OpenRoom
    service: Slug
    waitlist_length: int | None = None


DirectoryEvent: TypeAlias = AgencyStatedV1 | ServiceStatedV1 | CapacityStatedV1
