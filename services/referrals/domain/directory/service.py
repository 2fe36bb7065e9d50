"""A service as the directory has it, in Open Referral HSDS 3.0 words."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, ClassVar, TypeAlias, assert_never

from pydantic import Field

from contracts.schedule import Schedule
from services.referrals.domain.directory.words import Line, Paragraph, ZipPart
from services.referrals.domain.fact import Fact, ForeignFact, Happened, Language, Value
from services.referrals.domain.frozen import frozen
from services.referrals.domain.refusal import Conflict, NotASide, Unfit, WrongState
from services.referrals.domain.vocabulary import Category, Origin, ServiceStatus, Slug

Age = Annotated[int, Field(ge=0, le=120)]


class ServiceProfile(Value):
    """What the directory says of a service (HSDS 3.0 `service`, `schedule`, `service_area`, `required_document`).

    Ages are whole years; `counties` and `zips` (codes, or their first digits) say where it serves, everywhere if none.
    """

    name: Line
    category: Category
    description: Paragraph | None = None
    eligibility_description: Paragraph | None = None
    status: ServiceStatus = ServiceStatus.ACTIVE
    languages: tuple[Language, ...] = ()
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    counties: tuple[Line, ...] = ()
    zips: tuple[ZipPart, ...] = ()
    required_documents: tuple[Line, ...] = ()
    schedules: tuple[Schedule, ...] = ()


# Commands


@frozen(kw_only=True)
class ListService:
    """A service comes into the directory; one that is there already stands, unless this says the very same."""

    agency: str
    service: str
    profile: ServiceProfile
    origin: Origin


@frozen(kw_only=True)
class EditService:
    """The directory says something else of a service from now on."""

    profile: ServiceProfile
    origin: Origin = Origin.EDITED


ServiceCommand: TypeAlias = ListService | EditService

# Events


class ServiceStated(Fact):
    """The whole of what the directory says of a service from now on: the latest one stands."""

    TYPE: ClassVar[str] = "service.stated.v1"
    agency: Slug
    service: Slug
    profile: ServiceProfile
    origin: Origin


ServiceFact: TypeAlias = ServiceStated

# State


@frozen
class ListedService:
    """A service in the directory; `at` is when this was said (UTC)."""

    stated: ServiceStated
    at: datetime


def decide(command: ServiceCommand, state: ListedService | None) -> tuple[ServiceFact, ...]:
    """What a command comes to; the same again is nothing (R12). Raises Conflict, Unfit, NotASide."""
    _fits(command.profile)
    match command:
        case ListService():
            if state is None:
                stated = ServiceStated(
                    agency=command.agency, service=command.service, profile=command.profile, origin=command.origin
                )
                return (stated,)
            if (state.stated.agency, state.stated.profile) == (command.agency, command.profile):
                return ()
            raise Conflict(state.stated.profile.status, "service-already-listed")
        case EditService():
            if state is None:
                raise NotASide
            before = state.stated
            if before.profile == command.profile:
                return ()
            if before.profile.category is not command.profile.category:
                # Open referrals name it for this need, and its restricted class is theirs (R6).
                raise WrongState(before.profile.status, "service-category-fixed")
            return (before.model_copy(update={"profile": command.profile, "origin": command.origin}),)
        case _:
            assert_never(command)


def fold(history: Iterable[Happened]) -> ListedService | None:
    """The service that a stream tells of, None for an empty one. Raises ForeignFact."""
    state: ListedService | None = None
    for happened in history:
        if not isinstance(happened.fact, ServiceFact):
            raise ForeignFact(happened.fact)
        state = ListedService(happened.fact, happened.at)
    return state


def _fits(profile: ServiceProfile) -> None:
    oldest, youngest = profile.maximum_age, profile.minimum_age
    if oldest is not None and youngest is not None and oldest < youngest:
        raise Unfit("ages-out-of-order")
