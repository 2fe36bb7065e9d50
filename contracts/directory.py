"""Owns the shape of an agency and of a service in Open Referral HSDS 3.0 words, as an initiative's files have them."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.schedule import Schedule
from contracts.vocabulary import Category, ServiceStatus

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Code = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
Words = Annotated[str, Field(min_length=1, max_length=600)]
Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
Website = Annotated[str, Field(pattern=r"^https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[!-~]*)?$", max_length=200)]
"""Where an agency is on the web: over http or https, so that a link to it opens a page and runs nothing."""
ZipPart = Annotated[str, Field(pattern=r"^[0-9]{3,5}$")]
"""A ZIP code or its first digits."""

SPOKEN = r"^[!-~¡-ɏ’](?:[ -~¡-ɏ’]*[!-~¡-ɏ’])?$"
"""One line that can be printed and said."""

OLDEST = 120


class Model(BaseModel):
    """Base of everything read from an initiative's files: frozen, and a key that it does not know is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Phone(Model):
    """A number at which an agency is reached (HSDS 3.0 `phone`); `description` says when it is answered."""

    description: Annotated[str, Field(pattern=SPOKEN, max_length=120)] | None = None
    number: Annotated[str, Field(pattern=r"^[0-9+(][0-9 ()+.x-]{5,30}[0-9]$")]
    type: Literal["voice", "fax"] = "voice"


class Address(Model):
    """Where an agency is, and is written to (HSDS 3.0 `address`)."""

    address_1: Annotated[str, Field(pattern=SPOKEN, max_length=120)]
    city: Annotated[str, Field(pattern=SPOKEN, max_length=80)]
    postal_code: Annotated[str, Field(pattern=r"^[0-9]{5}(-[0-9]{4})?$")]
    state_province: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "CA"


Phones = Annotated[tuple[Phone, ...], Field(max_length=10)]
Addresses = Annotated[tuple[Address, ...], Field(max_length=5)]


class Service(Model):
    """One service in HSDS words (Open Referral HSDS 3.0 `service`); `category` is a Gravity or perinatal code.

    `counties` and `zips` are its HSDS service areas; without any it serves the whole initiative. Ages are whole years.
    """

    id: Slug
    name: Words
    category: Category
    description: Words | None = None
    eligibility_description: Words | None = None
    status: ServiceStatus = ServiceStatus.ACTIVE
    languages: tuple[Language, ...] = ()
    minimum_age: int | None = Field(default=None, ge=0, le=OLDEST)
    maximum_age: int | None = Field(default=None, ge=0, le=OLDEST)
    counties: tuple[Words, ...] = ()
    zips: tuple[ZipPart, ...] = ()
    required_documents: tuple[Words, ...] = ()
    schedules: tuple[Schedule, ...] = ()

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        if self.minimum_age is not None and self.maximum_age is not None and self.maximum_age < self.minimum_age:
            raise ValueError("maximum_age is under minimum_age")
        return self


class Agency(Model):
    """An organisation taking part (HSDS 3.0 `organization`); `on_system` false means that it is reached by letter."""

    id: Slug
    name: Words
    type: Code
    on_system: bool = True
    languages: tuple[Language, ...] = ("en",)
    description: Words | None = None
    website: Website | None = None
    phones: Phones = ()
    addresses: Addresses = ()
    services: tuple[Service, ...] = ()
