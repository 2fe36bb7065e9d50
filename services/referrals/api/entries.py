"""What is said of an entry of the directory, over HTTP: by its own agency's administrator, or by the backbone."""

from typing import Any

from services.referrals.api.callers import AtDesk, Backbone, CapacityTeller, DirectoryEditor, listing
from services.referrals.api.directory_bodies import (
    AgencyChange,
    AgencyListed,
    CapacityGiven,
    ServiceChange,
    ServiceListed,
)
from services.referrals.api.directory_shapes import EntryRef
from services.referrals.api.opening import where_and_when
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.shapes import Body
from services.referrals.application import directory as entries
from services.referrals.application import leaving
from services.referrals.application.acting import BACKBONE, Acting
from services.referrals.application.desk import Desk
from services.referrals.application.directory import Saved, Stating
from services.referrals.domain.directory import (
    AgencyProfile,
    AgencyVerb,
    ListAgency,
    ListService,
    ServiceProfile,
)
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import Origin, Standing
from services.runtime.http import Call, Reply, lean_router
from services.runtime.http.problem import FieldError, malformed, role_forbids

router = lean_router()


@router.post("/v1/directory/agencies", status_code=201)
async def list_agency(principal: Backbone, call: Call, desk: AtDesk, body: AgencyListed) -> Reply[EntryRef]:
    """The backbone takes an agency into the directory: invited, or active at once (R22)."""
    who = listing(principal, call, desk)
    if who.agency != BACKBONE:
        raise role_forbids()
    _not_reserved(body.agency)
    command = ListAgency(
        agency=body.agency,
        profile=AgencyProfile(**_said(body, AgencyProfile)),
        standing=Standing.ACTIVE if body.active else Standing.INVITED,
        origin=Origin.EDITED,
    )
    return _reply(await entries.list_agency(desk, who, command), body.agency)


@router.patch("/v1/directory/agencies/{agency}")
async def edit_agency(
    principal: DirectoryEditor, call: Call, desk: AtDesk, agency: str, body: AgencyChange
) -> Reply[EntryRef]:
    """Something else is said of an agency from now on."""
    who = listing(principal, call, desk)
    _own(who, desk, agency)
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    return _reply(await entries.edit_agency(desk, who, agency, changes), agency)


@router.post("/v1/directory/agencies/{agency}/activate")
async def activate_agency(
    principal: DirectoryEditor, call: Call, desk: AtDesk, agency: str, body: Nothing
) -> Reply[EntryRef]:
    """It takes part from now on, or again (R22)."""
    return await _moved(listing(principal, call, desk), desk, agency, AgencyVerb.ACTIVATE)


@router.post("/v1/directory/agencies/{agency}/pause")
async def pause_agency(
    principal: DirectoryEditor, call: Call, desk: AtDesk, agency: str, body: Nothing
) -> Reply[EntryRef]:
    """It receives nothing new, and answers what is open (R22)."""
    return await _moved(listing(principal, call, desk), desk, agency, AgencyVerb.PAUSE)


@router.post("/v1/directory/agencies/{agency}/leave")
async def leave_agency(
    principal: DirectoryEditor, call: Call, desk: AtDesk, agency: str, body: Nothing
) -> Reply[EntryRef]:
    """It leaves: what waits there goes back to its senders, and its leads to the hub. It does not come back (R22)."""
    who = listing(principal, call, desk, even_left=True)
    _own(who, desk, agency)
    return _reply(await leaving.leave(desk, who, agency), agency)


@router.post("/v1/directory/services", status_code=201)
async def list_service(principal: DirectoryEditor, call: Call, desk: AtDesk, body: ServiceListed) -> Reply[EntryRef]:
    """A service comes into the directory."""
    who = listing(principal, call, desk)
    agency = body.agency or who.agency
    if agency == BACKBONE:
        raise malformed([FieldError("/agency", "missing", "Say whose service it is.")])
    _own(who, desk, agency, known="/agency")
    command = ListService(
        agency=agency,
        service=body.service,
        profile=ServiceProfile(**_said(body, ServiceProfile) | where_and_when(desk, who, body)),
        origin=Origin.EDITED,
    )
    return _reply(await entries.list_service(desk, who, command), agency, body.service)


@router.patch("/v1/directory/services/{service}")
async def edit_service(
    principal: DirectoryEditor, call: Call, desk: AtDesk, service: str, body: ServiceChange
) -> Reply[EntryRef]:
    """Something else is said of a service from now on."""
    who = listing(principal, call, desk)
    agency = _of_own(who, desk, service)
    stands = desk.directory.entries(who.initiative).entry(service)
    changes = {name: getattr(body, name) for name in body.model_fields_set}
    changes |= where_and_when(desk, who, body, stands.service.schedules if stands else ())
    return _reply(await entries.edit_service(desk, who, service, changes), agency, service)


@router.put("/v1/directory/services/{service}/capacity")
async def state_capacity(
    principal: CapacityTeller, call: Call, desk: AtDesk, service: str, body: CapacityGiven
) -> Reply[EntryRef]:
    """Whether a service has room, said today by its own agency."""
    who = listing(principal, call, desk)
    agency = _of_own(who, desk, service)
    said = Stating(room=body.room, from_on=body.from_on, waitlist_length=body.waitlist_length)
    return _reply(await entries.state_capacity(desk, who, service, said), agency, service)


async def _moved(who: Acting, desk: Desk, agency: str, verb: AgencyVerb) -> Reply[EntryRef]:
    _own(who, desk, agency)
    return _reply(await entries.change_standing(desk, who, agency, verb), agency)


def _own(who: Acting, desk: Desk, agency: str, *, known: str | None = None) -> None:
    """Raises 404 for an agency that is not there (422 where it stands in the body), 403 for one of others."""
    if desk.directory.entries(who.initiative).agency(agency) is None:
        if known is not None:
            raise malformed([FieldError(known, "unknown_agency", "The directory has no such agency.")])
        raise NotASide
    if who.agency not in {BACKBONE, agency}:
        raise role_forbids()


def _of_own(who: Acting, desk: Desk, service: str) -> str:
    """The agency of a service that the caller may speak of. Raises 404 and 403 likewise."""
    entry = desk.directory.entries(who.initiative).entry(service)
    if entry is None:
        raise NotASide
    _own(who, desk, entry.agency.id)
    return entry.agency.id


def _not_reserved(agency: str) -> None:
    if agency == BACKBONE:
        raise malformed([FieldError("/agency", "reserved", "No agency may be called so.")])


def _said(body: Body, profile: type[AgencyProfile | ServiceProfile]) -> dict[str, Any]:
    return {name: getattr(body, name) for name in profile.model_fields}


def _reply(saved: Saved, agency: str, service: str | None = None) -> Reply[EntryRef]:
    shown = EntryRef(agency=agency, service=service, version=saved.version)
    place = f"services/{service}" if service else f"agencies/{agency}"
    return Reply(
        shown,
        status=saved.status,
        version=saved.version,
        location=f"/v1/directory/{place}" if saved.status == entries.CREATED else None,
        replayed=saved.replayed,
    )
