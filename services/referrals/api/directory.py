"""The directory over HTTP: initiatives, agencies, services, and who the caller is."""

from typing import Annotated
from uuid import NAMESPACE_OID, UUID, uuid5

from fastapi import Query

from contracts.initiative import Agency, Initiative, Service
from services.referrals.api.callers import Anybody, AtDesk, DirectoryReader
from services.referrals.api.paging import Listing, as_it_stands
from services.referrals.api.shapes import AgencyNamed, Answer, Language, Page
from services.referrals.application.desk import Desk
from services.referrals.directory import NotInDirectory
from services.referrals.domain.vocabulary import Category
from services.runtime.auth import Principal
from services.runtime.http import lean_router
from services.runtime.http.problem import role_forbids

router = lean_router()


class ServiceQuery(Page):
    """Services for one need, or in one language."""

    category: Category | None = None
    language: Language | None = None


class InitiativeShown(Answer):
    """An initiative as anybody may see it, with the address at which its people sign in."""

    slug: str
    name: str
    place: str
    backbone: str
    languages: list[str]
    agencies: list[AgencyNamed]
    sign_in: str


class Initiatives(Answer):
    """The initiatives that this system serves."""

    items: list[InitiativeShown]


class InitiativeNamed(Answer):
    """An initiative by its name."""

    slug: str
    name: str


class Me(Answer):
    """Who the caller is, and in which roles."""

    subject: str
    name: str | None
    initiative: InitiativeNamed
    agency: AgencyNamed | None
    roles: list[str]
    working_groups: list[str]


class ServiceShown(Answer):
    """A service in HSDS words; `room` while somebody reports it, `usually_answers_days` from 11 answers on."""

    service: str
    name: str
    category: str
    description: str | None
    eligibility_description: str | None
    languages: list[str]
    room: str | None = None
    room_as_of: str | None = None
    usually_answers_days: int | None = None


class AgencyOnSystem(AgencyNamed):
    """An agency, and whether it is asked on the system or by letter."""

    on_system: bool


class ServiceOffered(ServiceShown):
    """A service with the agency that offers it."""

    agency: AgencyOnSystem


class AgencyShown(Answer):
    """An agency with its services."""

    agency: str
    name: str
    type: str
    on_system: bool
    languages: list[str]
    services: list[ServiceShown]


class Agencies(Answer):
    """A part of the agencies of the caller's initiative, in the order of its configuration."""

    items: list[AgencyShown]
    next: str | None


class Services(Answer):
    """A part of the active services of the caller's initiative, in the order of its configuration."""

    items: list[ServiceOffered]
    next: str | None


@router.get("/v1/initiatives")
async def list_initiatives(desk: AtDesk) -> Initiatives:
    """The initiatives that this system serves; needs no account."""
    return Initiatives(items=[_initiative(each) for each in desk.directory.initiatives])


@router.get("/v1/me")
async def get_me(principal: Anybody, desk: AtDesk) -> Me:
    """Who the caller is."""
    initiative = _own(principal, desk)
    agency = principal.agency
    named = AgencyNamed(agency=agency, name=desk.directory.name_of(initiative.slug, agency)) if agency else None
    return Me(
        subject=principal.subject,
        name=principal.name,
        initiative=InitiativeNamed(slug=initiative.slug, name=initiative.name),
        agency=named,
        roles=sorted(principal.roles),
        working_groups=sorted(principal.working_groups),
    )


@router.get("/v1/directory/agencies")
async def list_agencies(principal: DirectoryReader, desk: AtDesk, query: Annotated[Page, Query()]) -> Agencies:
    """The agencies of the caller's initiative, with their services."""
    found = _own(principal, desk).agencies
    listing = _listing(principal, desk, "/v1/directory/agencies", query)
    shown, following = as_it_stands(found, listing.part(), lambda agency: _place(agency.id))
    return Agencies(items=[_agency(each) for each in shown], next=listing.next_url(following))


@router.get("/v1/directory/services")
async def list_services(principal: DirectoryReader, desk: AtDesk, query: Annotated[ServiceQuery, Query()]) -> Services:
    """Active services of the caller's initiative, for a need, in a language."""
    own = _own(principal, desk).slug
    asked = {"category": query.category, "language": query.language}
    found = list(desk.directory.services(own, category=query.category, language=query.language))
    listing = _listing(principal, desk, "/v1/directory/services", query, **asked)
    shown, following = as_it_stands(found, listing.part(), lambda each: _place(each[0].id, each[1].id))
    return Services(items=[_offered(*each) for each in shown], next=listing.next_url(following))


def _listing(principal: Principal, desk: Desk, path: str, page: Page, **filters: object) -> Listing:
    """A list that people of no agency read too: their cursors are the initiative's."""
    reader = principal.agency or f"initiative {principal.initiative}"
    return Listing(desk, reader, path, page, filters)


def _place(*ids: str) -> UUID:
    """Where an agency, or a service of it, stands in the configuration: these have names and no ids of 128 bits."""
    return uuid5(NAMESPACE_OID, " ".join(ids))


def _own(principal: Principal, desk: Desk) -> Initiative:
    """The caller's initiative. Raises 403 for one that the directory does not know."""
    try:
        return desk.directory.initiative(principal.initiative)
    except NotInDirectory:
        raise role_forbids() from None


def _initiative(each: Initiative) -> InitiativeShown:
    return InitiativeShown(
        slug=each.slug,
        name=each.name,
        place=each.place,
        backbone=each.backbone,
        languages=list(each.languages),
        agencies=[AgencyNamed(agency=agency.id, name=agency.name) for agency in each.agencies],
        sign_in=f"/sign-in/go?initiative={each.slug}",
    )


def _agency(agency: Agency) -> AgencyShown:
    return AgencyShown(
        agency=agency.id,
        name=agency.name,
        type=agency.type,
        on_system=agency.on_system,
        languages=list(agency.languages),
        services=[_service(agency, each) for each in agency.services if each.status == "active"],
    )


def _service(agency: Agency, service: Service) -> ServiceShown:
    return ServiceShown(
        service=service.id,
        name=service.name,
        category=service.category,
        description=service.description,
        eligibility_description=service.eligibility_description,
        languages=list(service.languages or agency.languages),
    )


def _offered(agency: Agency, service: Service) -> ServiceOffered:
    by = AgencyOnSystem(agency=agency.id, name=agency.name, on_system=agency.on_system)
    return ServiceOffered(**_service(agency, service).model_dump(), agency=by)
