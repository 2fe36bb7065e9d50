"""Support contacts over HTTP: recording one, planned or not, reading it, amending it, calling it off."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query

from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.contact_shapes import (
    ContactRef,
    ContactShown,
    RecordContact,
    contact_ref,
    contact_shown,
    happening,
)
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing, latest_first
from services.referrals.api.referral_steps import EnteredInError, Nothing
from services.referrals.api.shapes import Answer, Body, Page
from services.referrals.application import contact as contacts
from services.referrals.application.contact import ContactSeen
from services.referrals.application.saving import Done
from services.referrals.domain.contact import Contact, Voided
from services.referrals.domain.vocabulary import ContactOutcome
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class CancelContact(Body):
    """Who called it off."""

    outcome: Literal[ContactOutcome.CANCELLED_BY_CLIENT, ContactOutcome.CANCELLED_BY_AGENCY]


class Contacts(Answer):
    """A part of what this agency planned or recorded with one client, the latest first."""

    items: list[ContactShown]
    next: str | None


@router.get("/v1/clients/{client}/contacts")
async def list_contacts(
    principal: Agency, call: Call, desk: AtDesk, client: str, query: Annotated[Page, Query()]
) -> Contacts:
    """The contacts of this agency's own with her, the latest first; no other agency's (R8)."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    listing = Listing.of_client(naming, id, "contacts", query)
    found = await contacts.of_client(desk, who, id)
    shown, following = latest_first(found, listing.part(), lambda seen: (_when(seen), seen.id))
    return Contacts(items=[contact_shown(naming, each) for each in shown], next=listing.next_url(following))


@router.post("/v1/clients/{client}/contacts", status_code=201)
async def record_contact(
    principal: Agency, call: Call, desk: AtDesk, client: str, body: RecordContact
) -> Reply[ContactRef]:
    """Record a contact or an attempt. One that serves her starts the referral, or completes the handoff, it names."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    done = await contacts.record(desk, who, id, await happening(naming, who, id, body))
    seen = done.view or await contacts.read(desk, who, done.answer.ids["contact"])
    shown = contact_ref(naming, seen, done.answer.version)
    location = f"/v1/contacts/{shown.contact}"
    return Reply(shown, version=done.answer.version, location=location, replayed=done.view is None)


@router.get("/v1/contacts/{contact}")
async def get_contact(principal: Agency, call: Call, desk: AtDesk, contact: str) -> Reply[ContactShown]:
    """A contact that this agency planned or recorded."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await contacts.read(desk, who, naming.back("contact", contact))
    return Reply(contact_shown(naming, seen), version=seen.version)


@router.post("/v1/contacts/{contact}/record")
async def record_planned_contact(
    principal: Agency, call: Call, desk: AtDesk, contact: str, body: RecordContact
) -> Reply[ContactShown]:
    """Say what came of a planned contact; what it belongs to is as it was planned, where it is not said."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    before = await contacts.read(desk, who, naming.back("contact", contact))
    said = await happening(naming, who, before.client, body)
    return await _shown(naming, await contacts.record_planned(desk, who, before.id, said))


@router.post("/v1/contacts/{contact}/amend")
async def amend_contact(
    principal: Agency, call: Call, desk: AtDesk, contact: str, body: RecordContact
) -> Reply[ContactShown]:
    """Say anew, and whole, what a contact was; it took place when it did, where that is not said."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    before = await contacts.read(desk, who, naming.back("contact", contact))
    said = await happening(naming, who, before.client, body)
    return await _shown(
        naming, await contacts.amend(desk, who, before.id, said, keep_time=body.at is None and body.on is None)
    )


@router.post("/v1/contacts/{contact}/cancel")
async def cancel_contact(
    principal: Agency, call: Call, desk: AtDesk, contact: str, body: CancelContact
) -> Reply[ContactShown]:
    """A planned contact will not take place."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return await _shown(naming, await contacts.call_off(desk, who, naming.back("contact", contact), body.outcome))


@router.post("/v1/contacts/{contact}/take-back")
async def take_back_contact(
    principal: Agency, call: Call, desk: AtDesk, contact: str, body: Nothing
) -> Reply[ContactShown]:
    """The last step on it was pressed by mistake: it stands as before, for 15 minutes."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return await _shown(naming, await contacts.take_back(desk, who, naming.back("contact", contact)))


@router.post("/v1/contacts/{contact}/entered-in-error")
async def enter_contact_in_error(
    principal: Agency, call: Call, desk: AtDesk, contact: str, body: EnteredInError
) -> Reply[ContactShown]:
    """It should never have been written: it stays in the history and counts nowhere."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    done = await contacts.enter_in_error(desk, who, naming.back("contact", contact), body.reason)
    return await _shown(naming, done)


def _when(seen: ContactSeen) -> datetime:
    """When it took place; where it did not, what it was promised for."""
    state = seen.state.was if isinstance(seen.state, Voided) else seen.state
    return state.at if isinstance(state, Contact) else state.plan.planned_for


async def _shown(naming: Naming, done: Done[ContactSeen]) -> Reply[ContactShown]:
    seen = done.view or await contacts.read(naming.desk, naming.acting, done.answer.ids["contact"])
    return Reply(contact_shown(naming, seen), version=done.answer.version, replayed=done.view is None)
