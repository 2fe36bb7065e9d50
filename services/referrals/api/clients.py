"""Clients over HTTP: register, search one's own, the summary, and who she is as this agency stated it."""

from dataclasses import replace
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field

from services.referrals.api.break_glass import OpenInEmergency, open_in_emergency
from services.referrals.api.callers import Agency, AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.outreach import Outreach, outreach_of
from services.referrals.api.paging import Listing
from services.referrals.api.problems import not_later
from services.referrals.api.shapes import AgencyNamed, Answer, Body, ClientNamed, IdentityGiven, Instant, Page, Text
from services.referrals.application import across, client_search, person, stopping, timeline
from services.referrals.application import client as clients
from services.referrals.application.acting import Acting
from services.referrals.application.behind_glass import open_now
from services.referrals.store.commit import WorkRow
from services.referrals.vault.identity import Address, Identity, Name
from services.runtime.http import Call, Reply, fresh, lean_router

router = lean_router()


class ClientRef(Answer):
    """A client by this agency's own reference."""

    client: str


class Search(Body):
    """Words of a name, a phone or its last four digits, or the agency's own number."""

    text: Text


class ClientsFound(Answer):
    """A part of the agency's own clients that match every word, those of one part sorted by name.

    `next` is asked with the same body.
    """

    items: list[ClientNamed]
    next: str | None


class SentAgain(Answer):
    """A referral that closed by mistake, and can be sent again: for what, and to whom it went."""

    referral: UUID
    category: str | None
    to: AgencyNamed


class StopShown(Answer):
    """Why contact ends, as the caller's own agency wrote it down: no other agency reads it (R20)."""

    cause: stopping.Cause
    all_agencies: bool
    note: str | None


class CameWith(Answer):
    """A referral or handoff by which she came to the caller's agency."""

    kind: Literal["referral", "handoff"]
    id: UUID
    category: str | None
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]


class ClientShown(Answer):
    """A client in a line: the name that the agency holds, since when it knows her, whether to reach out to her.

    `stop_recorded`: it was this agency that wrote down that contact ends, `stop` why; `same`: clients whom this agency
    takes for her (R21). `send_again`: where it was a mistake that contact ends, what it had sent and can send again
    (R20). `came_with`: how she came to an agency that did not register her. `erased`: when what the caller's agency
    held of her was erased; a name has been written since. `emergencies`: for what the caller opened her record, and
    `break_glass_until`, until when they see it. `guarded`: she may be in danger, so that her phone and her address are
    opened where they are needed and stand on no page before. `gives_medical_care`: the caller's agency does.
    """

    client: str
    name: str | None
    since: Instant
    registered_here: bool
    erased: Instant | None
    outreach: Outreach
    stop_recorded: bool
    stop: StopShown | None
    same: list[str]
    send_again: list[SentAgain]
    came_with: list[CameWith]
    break_glass_until: Instant | None
    emergencies: list[OpenInEmergency]
    gives_medical_care: bool
    guarded: bool


class NameShown(Answer):
    """One name that she uses."""

    given: str | None = None
    family: str | None = None


class AddressShown(Answer):
    """Where she can be written to."""

    line: str | None = None
    city: str | None = None
    zip: str | None = None


class IdentityShown(Answer):
    """Who she is, as the caller's own agency stated it, or as it came with what it accepted."""

    client: str
    names: list[NameShown]
    birth_date: date | None
    phones: list[str]
    address: AddressShown | None
    language: str | None
    medi_cal_cin: str | None
    mrn: str | None


@router.post("/v1/clients", status_code=201)
async def register_client(principal: Agency, call: Call, desk: AtDesk, body: IdentityGiven) -> Reply[ClientRef]:
    """Register a client by who she is. The answer is the same whether anybody else knows her.

    The same number again answers 200 with the reference that exists; under another name, 409 number-in-use.
    """
    who = acting(principal, call, desk)
    done = await clients.register(desk, who, identity_of(who, body, ""))
    answer = done.answer
    reference = Naming(desk, who).answered("client", answer)
    location = f"/v1/clients/{reference}"
    return Reply(ClientRef(client=reference), answer.status, answer.version, location, replayed=done.view is None)


@router.post("/v1/clients/search")
async def search_clients(
    principal: Staff, call: Call, desk: AtDesk, body: Search, query: Annotated[Page, Query()]
) -> ClientsFound:
    """The agency's own clients that match every word; in the body, so that no name stands in an address."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    listing = replace(Listing.of(naming, "/v1/clients/search", query), typed=body.text)
    found, following = await client_search.search(desk, who, body.text, listing.part())
    items = {id: name.text() if name else None for id, name in found.items()}
    return ClientsFound(
        items=[ClientNamed(client=naming.out("client", id), name=name) for id, name in items.items()],
        next=listing.next_url(following),
    )


@router.get("/v1/clients/{client}")
async def get_client(principal: Staff, call: Call, desk: AtDesk, client: str) -> Reply[ClientShown]:
    """Since when the agency knows her, and whether it registered her itself."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    seen = await fresh(call, lambda: clients.known_client(desk, who, id))
    named = (await naming.clients([seen.id]))[seen.id]
    why = await stopping.recorded(desk, seen)
    glasses = await open_now(desk, who, [id, *seen.same]) if "case_manager" in principal.roles else []
    closed = await stopping.to_send_again(desk, who, id) if seen.stop_corrected and not seen.stopped else []
    shown = ClientShown(
        client=naming.out("client", id),
        name=named.name,
        since=seen.since,
        registered_here=seen.own,
        erased=seen.erased,
        outreach=outreach_of(seen),
        stop_recorded=seen.stop_recorded,
        stop=StopShown(cause=why.cause, all_agencies=why.everything, note=why.note) if why else None,
        same=sorted(naming.out("client", other) for other in seen.same),
        send_again=[
            SentAgain(referral=row.id, category=row.category, to=naming.agency(row.to_agency)) for row in closed
        ],
        came_with=[_came_with(naming, row) for row in seen.brought],
        break_glass_until=max((glass.until for glass in glasses), default=None),
        emergencies=open_in_emergency(glasses),
        gives_medical_care=across.gives_medical_care(desk, who),
        guarded=await timeline.is_guarded(desk, who, [id, *seen.same]),
    )
    return Reply(shown, version=seen.version)


@router.get("/v1/clients/{client}/identity")
async def get_identity(principal: Staff, call: Call, desk: AtDesk, client: str) -> IdentityShown:
    """Who she is in this agency's own record: as it stated it, else as it came with what it accepted (R1).

    404 where the agency has neither registered nor accepted her, 410 where it was erased.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    record = await clients.identity(desk, who, id)
    fields, address = record.held.fields, record.held.fields.get("address")
    born = fields.get("birth_date")
    return IdentityShown(
        client=naming.out("client", id),
        names=[NameShown(given=name.get("given"), family=name.get("family")) for name in fields.get("name", ())],
        birth_date=date.fromisoformat(born) if born else None,
        phones=fields.get("phones", []),
        address=AddressShown.model_validate(address) if address else None,
        language=fields.get("language"),
        medi_cal_cin=fields.get("medi_cal_cin"),
        mrn=record.mrn.open() if record.mrn else None,
    )


@router.put("/v1/clients/{client}/identity")
async def correct_identity(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: IdentityGiven
) -> Reply[ClientRef]:
    """State anew who she is, whole: moved, a new name, a new phone. What stood is overwritten in the vault."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    done = await person.correct_identity(desk, who, id, identity_of(who, body, ""))
    return Reply(ClientRef(client=naming.out("client", id)), version=done.seen.version, replayed=done.replayed)


def identity_of(who: Acting, given: IdentityGiven, pointer: str) -> Identity:
    """What was typed as the vault takes it. Raises 422 for a birth date in the future."""
    if given.birth_date is not None and given.birth_date > who.today:
        raise not_later(f"{pointer}/birth_date")
    address = given.address
    return Identity(
        names=tuple(Name(given=name.given, family=name.family) for name in given.names),
        birth_date=given.birth_date,
        phones=given.phones,
        address=Address(line=address.line, city=address.city, zip=address.zip) if address else None,
        language=given.language,
        medi_cal_cin=given.medi_cal_cin,
        mrn=given.mrn,
    )


def _came_with(naming: Naming, row: WorkRow) -> CameWith:
    kind: Literal["referral", "handoff"] = "handoff" if row.kind == "handoff" else "referral"
    return CameWith(kind=kind, id=row.id, category=row.category, sender=naming.agency(row.from_agency))
