"""Responsibility over HTTP: who leads in a pregnancy, taking what nobody leads, leaving what one leads (R19)."""

from datetime import datetime
from typing import Annotated
from uuid import NAMESPACE_OID, UUID

from fastapi import Query
from pydantic import Field

from services.referrals.api.callers import AtDesk, CaseManager, acting
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing, latest_first
from services.referrals.api.shapes import AgencyNamed, Answer, Body, ClientNamed, Instant, Page
from services.referrals.application import episode as episodes
from services.referrals.application import responsibility as leading
from services.referrals.application import watching
from services.referrals.application.episode import LeadSeen
from services.referrals.domain.episode import lead_id, of_lead_id
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.uuids import derived
from services.referrals.domain.vocabulary import Basis, ResponsibilityDomain
from services.referrals.store.commit import WorkRow
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class TakeLead(Body):
    """What nobody leads and this agency would."""

    domain: ResponsibilityDomain


class NothingElse(Body):
    """No field at all."""


class LeadShown(Answer):
    """Who leads a domain, since when and why; `responsibility` is this agency's own reference of it."""

    responsibility: str
    domain: ResponsibilityDomain
    agency: str
    name: str
    since: Instant
    basis: Basis


class Leads(Answer):
    """Who leads, as far as this agency may know: itself, and whom it handed over to or took over from.

    A part of it, who leads since last first.
    """

    items: list[LeadShown]
    next: str | None


class Watched(Answer):
    """An open referral that the agency watches over: to whom, which service, where it stands and when; no more (R8)."""

    referral: UUID
    client: ClientNamed
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]
    to: AgencyNamed
    service: str | None
    state: str
    sent_at: Instant
    waits_for: str | None
    due: Instant | None
    overdue: bool


class WatchList(Answer):
    """What the agency watches over, the first due first."""

    items: list[Watched]


class LeadLeft(Answer):
    """That this agency leads it no more."""

    responsibility: str
    domain: ResponsibilityDomain
    leads: str | None


@router.get("/v1/clients/{client}/responsibility")
async def list_responsibility(
    principal: CaseManager, call: Call, desk: AtDesk, client: str, query: Annotated[Page, Query()]
) -> Leads:
    """Who leads in her pregnancy, as far as this agency may know."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    listing = Listing.of_client(naming, id, "responsibility", query)
    found = await episodes.leads(desk, who, id)
    shown, following = latest_first(found, listing.part(), _lead_place)
    return Leads(items=[lead_shown(naming, each) for each in shown], next=listing.next_url(following))


def lead_shown(naming: Naming, lead: LeadSeen) -> LeadShown:
    """A lead with the agency's name."""
    agency = naming.agency(lead.agency)
    responsibility = naming.out("responsibility", lead_id(lead.episode, lead.domain))
    return LeadShown(
        responsibility=responsibility,
        domain=lead.domain,
        agency=agency.agency,
        name=agency.name,
        since=lead.since,
        basis=lead.basis,
    )


def _lead_place(lead: LeadSeen) -> tuple[datetime, UUID]:
    """Leads have no id of their own: of one client there is one in each domain."""
    return lead.since, derived(NAMESPACE_OID, lead.domain)


@router.post("/v1/clients/{client}/responsibility", status_code=201)
async def take_responsibility(
    principal: CaseManager, call: Call, desk: AtDesk, client: str, body: TakeLead
) -> Reply[LeadShown]:
    """Take a domain that nobody leads. Where somebody does, it is 409, without a name: that is a handoff."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    done = await leading.take(desk, who, id, body.domain)
    location = f"/v1/clients/{naming.out('client', id)}/responsibility"
    return Reply(lead_shown(naming, done.lead), done.status, None, location, done.replayed)


@router.post("/v1/responsibility/{responsibility}/leave")
async def leave_responsibility(
    principal: CaseManager, call: Call, desk: AtDesk, responsibility: str, body: NothingElse
) -> Reply[LeadLeft]:
    """Leave what this agency leads, or may get back: the hub takes over."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("responsibility", responsibility)
    led = of_lead_id(id)
    if led is None:
        raise NotASide
    episode, domain = led
    done = await leading.leave(desk, who, episode, domain)
    left = LeadLeft(responsibility=naming.out("responsibility", id), domain=domain, leads=done.leads)
    return Reply(left, 200, None, None, done.replayed)


@router.get("/v1/watch")
async def list_watch(principal: CaseManager, call: Call, desk: AtDesk) -> WatchList:
    """Open referrals of clients whose coordination this agency leads, sent by those who led before (R19)."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    rows = await watching.watched(desk, who)
    clients = await naming.clients({row.client_id for row in rows})
    return WatchList(items=[_watched(naming, row, clients[row.client_id]) for row in rows])


def _watched(naming: Naming, row: WorkRow, client: ClientNamed) -> Watched:
    return Watched(
        referral=row.id,
        client=client,
        sender=naming.agency(row.from_agency),
        to=naming.agency(row.to_agency),
        service=row.service,
        state=row.state,
        sent_at=row.sent_at,
        waits_for=row.waits_for,
        due=row.due_at,
        overdue=row.due_at is not None and row.due_at < naming.acting.at,
    )
