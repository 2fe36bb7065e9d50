"""The directory over HTTP: initiatives, agencies, services, and who the caller is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import NAMESPACE_OID, UUID

from fastapi import Query

from contracts.initiative import Initiative
from services.referrals.api.callers import Anybody, AtDesk, DirectoryReader
from services.referrals.api.directory_bodies import AgencyQuery, ServiceQuery, ServiceSearch
from services.referrals.api.directory_shapes import (
    Agencies,
    AgencyInFull,
    ServiceOffered,
    Services,
    agency_of,
    offered_of,
)
from services.referrals.api.paging import Listing, as_it_stands
from services.referrals.api.shapes import AgencyNamed, Answer, Page
from services.referrals.application.desk import Desk
from services.referrals.application.finding import Fit, Sought, best_first, find, unfit
from services.referrals.directory import NotInDirectory
from services.referrals.domain.directory.agency import verbs
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.uuids import derived
from services.referrals.domain.vocabulary import Standing
from services.runtime.auth import Principal
from services.runtime.http import Call, Reply, lean_router
from services.runtime.http.freshness import fresh
from services.runtime.http.problem import role_forbids

router = lean_router()


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
async def list_agencies(principal: DirectoryReader, desk: AtDesk, query: Annotated[AgencyQuery, Query()]) -> Agencies:
    """The agencies that take part in the caller's initiative, active or paused, with their services; or those of one
    standing. Who is invited or has left is told to the backbone and to itself alone.
    """
    own, today = _own(principal, desk), _today(principal, desk)
    entries = desk.directory.entries(own.slug)
    wanted = {Standing.ACTIVE, Standing.PAUSED} if query.standing is None else {query.standing}
    told = [each for each in entries.agencies() if _tells(principal, each.id, entries.standing)]
    found = [each for each in told if entries.standing(each.id) in wanted]
    listing = _listing(principal, desk, "/v1/directory/agencies", query, standing=query.standing)
    shown, following = as_it_stands(found, listing.part(), lambda agency: _place(agency.id))
    return Agencies(
        items=[agency_of(desk.directory, own.slug, each, today, whole=False) for each in shown],
        next=listing.next_url(following),
    )


@router.get("/v1/directory/agencies/{agency}")
async def get_agency(principal: DirectoryReader, call: Call, desk: AtDesk, agency: str) -> Reply[AgencyInFull]:
    """An agency of the caller's initiative, with all its services, closed ones too."""
    own, today = _own(principal, desk), _today(principal, desk)
    standing = desk.directory.entries(own.slug).standing

    async def read() -> AgencyInFull:
        found = desk.directory.entries(own.slug).agency(agency)
        if found is None or not _tells(principal, agency, standing):
            raise NotASide
        may = actions(principal, agency, standing)
        return AgencyInFull(**dict(agency_of(desk.directory, own.slug, found, today, whole=True)), actions=may)

    shown = await fresh(call, read)
    return Reply(shown, version=shown.version)


@router.get("/v1/directory/services")
async def list_services(principal: DirectoryReader, desk: AtDesk, query: Annotated[ServiceQuery, Query()]) -> Services:
    """Services of the caller's initiative that take somebody new, for a need, in a language, with room."""
    sought = Sought(category=query.category, language=query.language, has_room=query.has_room)
    asked = {"category": query.category, "language": query.language, "has_room": query.has_room or None}
    return _found(principal, desk, _listing(principal, desk, "/v1/directory/services", query, **asked), sought)


@router.post("/v1/directory/services/search")
async def search_services(
    principal: DirectoryReader, desk: AtDesk, body: ServiceSearch, query: Annotated[Page, Query()]
) -> Services:
    """The same by words and by where she lives: in the body, so that neither stands in an address."""
    sought = Sought(**{name: value for name, value in dict(body).items() if name != "fit"})
    her = Fit(**dict(body.fit)) if body.fit is not None else None
    listing = _listing(principal, desk, "/v1/directory/services/search", query)
    return _found(principal, desk, replace(listing, typed=body.model_dump_json()), sought, her)


@router.get("/v1/directory/services/{service}")
async def get_service(principal: DirectoryReader, call: Call, desk: AtDesk, service: str) -> Reply[ServiceOffered]:
    """A service of the caller's initiative, whether it takes somebody new or not."""
    own, today = _own(principal, desk), _today(principal, desk)

    async def read() -> ServiceOffered:
        entry = desk.directory.entries(own.slug).entry(service)
        if entry is None or not _tells(principal, entry.agency.id, desk.directory.entries(own.slug).standing):
            raise NotASide
        return offered_of(desk.directory, own.slug, entry, today)

    shown = await fresh(call, read)
    return Reply(shown, version=shown.version)


def actions(principal: Principal, agency: str, standing: Callable[[str], Standing]) -> list[str]:
    """What this caller may do with an agency's part in the initiative (R22)."""
    own = "agency_admin" in principal.roles and principal.agency == agency
    if not own and "backbone" not in principal.roles:
        return []
    return [verb.value for verb in verbs(standing(agency))]


def _found(principal: Principal, desk: Desk, listing: Listing, sought: Sought, her: Fit | None = None) -> Services:
    own, today = _own(principal, desk).slug, _today(principal, desk)
    found = list(find(desk.directory, own, today, sought))
    if her is not None:
        found = best_first(desk.directory, own, found, her)
    shown, following = as_it_stands(found, listing.part(), lambda each: _place(each.agency.id, each.service.id))
    items = [offered_of(desk.directory, own, each, today) for each in shown]
    if her is not None:
        missed = [unfit(desk.directory, own, each, her) for each in shown]
        items = [item.model_copy(update={"unfit": each}) for item, each in zip(items, missed, strict=True)]
    return Services(items=items, next=listing.next_url(following))


def _tells(principal: Principal, agency: str, standing: Callable[[str], Standing]) -> bool:
    taking_part = standing(agency) in {Standing.ACTIVE, Standing.PAUSED}
    return taking_part or principal.agency == agency or "backbone" in principal.roles


def _today(principal: Principal, desk: Desk) -> date:
    return desk.directory.local_date(_own(principal, desk).slug, desk.clock.now())


def _listing(principal: Principal, desk: Desk, path: str, page: Page, **filters: object) -> Listing:
    """A list that people of no agency read too: their cursors are the initiative's."""
    reader = principal.agency or f"initiative {principal.initiative}"
    return Listing(desk, reader, path, page, filters)


def _place(*ids: str) -> UUID:
    """Where an agency, or a service of it, stands in the configuration: these have names and no ids of 128 bits."""
    return derived(NAMESPACE_OID, " ".join(ids))


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
        backbone=each.backbone.name,
        languages=list(each.languages),
        agencies=[AgencyNamed(agency=agency.id, name=agency.name) for agency in each.agencies],
        sign_in=f"/sign-in/go?initiative={each.slug}",
    )
