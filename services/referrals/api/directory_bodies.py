"""What may be sent to the directory over HTTP, in Open Referral HSDS 3.0 words."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from contracts.directory import Addresses, Phones, Website
from contracts.schedule import Schedule
from services.referrals.api.one_line import SEEN, SEEN_FORM
from services.referrals.api.shapes import Body, Day, Language, Page, Slug, Text
from services.referrals.domain.directory.service import Age
from services.referrals.domain.vocabulary import Category, Room, ServiceStatus, Standing

Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600), SEEN, SEEN_FORM]
"""Some sentences, without lines."""

AgencyType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Zip = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
ZipPart = Annotated[str, StringConstraints(pattern=r"^[0-9]{3,5}$")]
Languages = Annotated[tuple[Language, ...], Field(max_length=40)]
Lines = Annotated[tuple[Text, ...], Field(max_length=40)]
Counties = Annotated[tuple[Text, ...], Field(max_length=60)]
"""Counties by name, each of the initiative's own list."""
ZipParts = Annotated[tuple[ZipPart, ...], Field(max_length=400)]
Schedules = Annotated[tuple[Schedule, ...], Field(max_length=40)]


def _left_out() -> Any:
    """A field that a change may leave out, which is not the same as null: what is left out stays as it is."""
    return Field(default_factory=lambda: None)  # unlike a default, no part of the schema


class AgencyQuery(Page):
    """Agencies of one standing; without it those that take part."""

    standing: Standing | None = None


class ServiceQuery(Page):
    """Services for one need, in one language, or that say that they have room."""

    category: Category | None = None
    language: Language | None = None
    has_room: bool = False


class FitOf(Body):
    """What of her puts those first that are for her: her age in whole years, her language, where she lives."""

    age: Age | None = None
    language: Language | None = None
    zip: Zip | None = None


class ServiceSearch(Body):
    """What is looked for: words of any text of the entry, where she lives, the need, the language, room alone.

    `fit` leaves nothing out: it says which come first, and each of them says in what it is `unfit` for her.
    """

    text: Text | None = None
    zip: Zip | None = None
    category: Category | None = None
    language: Language | None = None
    has_room: bool = False
    fit: FitOf | None = None


class AgencyListed(Body):
    """An agency that comes into the directory: invited until it says that it takes part (R22)."""

    agency: Slug
    name: Text
    type: AgencyType
    on_system: bool = True
    languages: Languages = ()
    description: Paragraph | None = None
    website: Website | None = None
    phones: Phones = ()
    addresses: Addresses = ()
    active: bool = False


class AgencyChange(Body):
    """What is different from now on; what is left out stays."""

    name: Text = _left_out()
    type: AgencyType = _left_out()
    on_system: bool = _left_out()
    languages: Languages = _left_out()
    description: Paragraph | None = None
    website: Website | None = None
    phones: Phones = _left_out()
    addresses: Addresses = _left_out()


class ServiceListed(Body):
    """A service that comes into the directory; `agency` is the caller's own where it is not said."""

    service: Slug
    agency: Slug | None = None
    name: Text
    category: Category
    description: Paragraph | None = None
    eligibility_description: Paragraph | None = None
    status: ServiceStatus = ServiceStatus.ACTIVE
    languages: Languages = ()
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    counties: Counties = ()
    zips: ZipParts = ()
    required_documents: Lines = ()
    schedules: Schedules = ()


class ServiceChange(Body):
    """What is different from now on; what is left out stays. The need that it is for stays always."""

    name: Text = _left_out()
    description: Paragraph | None = None
    eligibility_description: Paragraph | None = None
    status: ServiceStatus = _left_out()
    languages: Languages = _left_out()
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    counties: Counties = _left_out()
    zips: ZipParts = _left_out()
    required_documents: Lines = _left_out()
    schedules: Schedules = _left_out()


class CapacityGiven(Body):
    """Whether there is room, from which local date there will be some, and how many wait."""

    room: Room
    from_on: Day | None = None
    waitlist_length: Annotated[int, Field(ge=0, le=10_000)] | None = None
