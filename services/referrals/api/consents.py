"""Consents over HTTP: what she agreed to or refused, as this agency recorded it."""

from datetime import date
from typing import Annotated

from fastapi import Query
from pydantic import Field

from services.referrals.api.births import not_before_birth
from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing, latest_first
from services.referrals.api.problems import not_later, unfit, unknown
from services.referrals.api.shapes import Answer, Body, ConsentNow, Day, Instant, Page, Slug
from services.referrals.application import consent as consents
from services.referrals.application.acting import Acting
from services.referrals.application.client import known_client
from services.referrals.application.consent import ConsentSeen, Said
from services.referrals.directory import NotInDirectory
from services.referrals.domain.vocabulary import Category, GivenField, How, Purpose
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class RecordConsent(Body):
    """What she said: yes or no, how, on which local date; a yes names fields, and a receiver or a need."""

    agreed: bool
    how: How
    on: Day
    fields: Annotated[tuple[GivenField, ...], Field(max_length=len(GivenField))] = ()
    recipient: Slug | None = None
    category: Category | None = None
    purpose: Purpose = Purpose.COORDINATION
    expires: Day | None = None


class ConsentRef(Answer):
    """A consent by this agency's own reference."""

    consent: str
    client: str
    version: int


class ConsentShown(Answer):
    """A consent as it stands."""

    consent: str
    client: str
    agreed: bool
    how: How
    on: date
    fields: list[GivenField]
    recipient: str | None
    category: Category | None
    purpose: Purpose
    expires: date | None
    recorded_at: Instant
    version: int


class Consents(Answer):
    """A part of what this agency recorded, the latest first."""

    items: list[ConsentShown]
    next: str | None


@router.post("/v1/clients/{client}/consents", status_code=201)
async def record_consent(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: RecordConsent
) -> Reply[ConsentRef]:
    """Record what she said."""
    who = acting(principal, call, desk)
    if body.on > who.today:
        raise not_later("/on")
    naming = Naming(desk, who)
    id = naming.back("client", client)
    await not_before_birth(desk, who, id, body.on, "/on")
    if body.recipient is not None:
        await known_client(desk, who, id)
        try:
            desk.directory.agency(who.initiative, body.recipient)
        except NotInDirectory:
            raise unknown("/recipient", "agency") from None
    said = Said(
        agreed=body.agreed,
        how=body.how,
        on=body.on,
        fields=body.fields,
        recipient=body.recipient,
        category=body.category,
        purpose=body.purpose,
        expires=body.expires,
    )
    done = await consents.record(desk, who, id, said)
    version = done.answer.version
    shown = ConsentRef(consent=naming.answered("consent", done.answer), client=client, version=version)
    return Reply(shown, version=version, location=f"/v1/consents/{shown.consent}", replayed=done.view is None)


@router.get("/v1/consents/{consent}")
async def get_consent(principal: Staff, call: Call, desk: AtDesk, consent: str) -> Reply[ConsentShown]:
    """A consent that this agency recorded."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await consents.read(desk, who, naming.back("consent", consent))
    return Reply(_shown(naming, seen), version=seen.version)


@router.get("/v1/clients/{client}/consents")
async def list_consents(
    principal: Staff, call: Call, desk: AtDesk, client: str, query: Annotated[Page, Query()]
) -> Consents:
    """What this agency recorded of what she said."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    listing = Listing.of(naming, f"/v1/clients/{client}/consents", query)
    found = await consents.of_client(desk, who, naming.back("client", client))
    shown, following = latest_first(found, listing.part(), lambda seen: (seen.state.at, seen.id))
    return Consents(items=[_shown(naming, each) for each in shown], next=listing.next_url(following))


def said_of(who: Acting, now: ConsentNow, recipient: str, category: Category | None) -> Said:
    """What she says now, for this receiver and need. Raises 422 for a date in the future, and a yes to nothing."""
    if now.on > who.today:
        raise not_later("/consent/on")
    if now.agreed and not now.fields:
        raise unfit("consent-names-no-field", "/consent")
    return Said(agreed=now.agreed, how=now.how, on=now.on, fields=now.fields, recipient=recipient, category=category)


def _shown(naming: Naming, seen: ConsentSeen) -> ConsentShown:
    said = seen.state.recorded
    return ConsentShown(
        consent=naming.out("consent", seen.id),
        client=naming.out("client", seen.client),
        agreed=said.agreed,
        how=said.how,
        on=said.on,
        fields=list(said.fields),
        recipient=said.recipient,
        category=said.category,
        purpose=said.purpose,
        expires=said.expires,
        recorded_at=seen.state.at,
        version=seen.version,
    )
