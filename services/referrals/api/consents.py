"""Consents over HTTP: what she agreed to or refused, as this agency recorded it."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Query

from services.referrals.api.births import not_before_birth
from services.referrals.api.callers import AtDesk, Staff, StaffOrHerself, acting
from services.referrals.api.consent_shapes import (
    ConsentRef,
    Consents,
    ConsentShown,
    RecordConsent,
    RevokeConsent,
    consent_shown,
)
from services.referrals.api.herself import is_herself
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing, latest_first
from services.referrals.api.problems import not_later, unfit, unknown
from services.referrals.api.referral_steps import EnteredInError, Nothing
from services.referrals.api.shapes import ConsentNow, Page
from services.referrals.application import agreeing
from services.referrals.application import consent as consents
from services.referrals.application.acting import Acting
from services.referrals.application.client import known_client
from services.referrals.application.consent import ConsentSeen, Said
from services.referrals.application.desk import Desk
from services.referrals.application.saving import Done
from services.referrals.directory import NotInDirectory
from services.referrals.domain.consent import is_long_ago
from services.referrals.domain.refusal import NotASide
from services.referrals.domain.vocabulary import (
    Category,
)
from services.runtime.http import Call, Reply, lean_router
from services.runtime.http.problem import FieldError, malformed

router = lean_router()

STAFF = frozenset({"staff", "case_manager"})
"""Who asks for an agency; whoever comes without such a role is herself, or nobody."""


@router.post("/v1/clients/{client}/consents", status_code=201)
async def record_consent(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: RecordConsent
) -> Reply[ConsentRef]:
    """Record what she said."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    said = await _said(desk, who, id, body)
    done = await agreeing.record(desk, who, id, said)
    version = done.answer.version
    shown = ConsentRef(
        consent=naming.answered("consent", done.answer), client=naming.out("client", id), version=version
    )
    return Reply(shown, version=version, location=f"/v1/consents/{shown.consent}", replayed=done.view is None)


@router.post("/v1/consents/{consent}/change")
async def change_consent(
    principal: Staff, call: Call, desk: AtDesk, consent: str, body: RecordConsent
) -> Reply[ConsentRef]:
    """She says it otherwise from now on: the whole of what she says.

    A referral that rests on it, that it covers no more and that nobody has accepted is cancelled.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("consent", consent)
    seen = await consents.read(desk, who, id)
    return _stepped(naming, await agreeing.change(desk, who, id, await _said(desk, who, seen.client, body)))


@router.post("/v1/consents/{consent}/revoke")
async def revoke_consent(
    principal: StaffOrHerself, call: Call, desk: AtDesk, consent: str, body: RevokeConsent
) -> Reply[ConsentRef]:
    """She takes back her agreement.

    A receiver that has not accepted loses what it was given, and its referral is cancelled. One that accepted keeps
    what it needs as its own record of serving her, and receives nothing new. She herself takes back what she said at
    any agency.
    """
    who = acting(principal, call, desk)
    if body.on is not None and body.on > who.today:
        raise not_later("/on")
    naming = Naming(desk, who)
    id = naming.back("consent", consent)
    if principal.roles.isdisjoint(STAFF):
        there = await consents.as_recorder(desk, who, naming.back("client", principal.subject), id)
        return _stepped(naming, await agreeing.revoke(desk, there, id, None, None))
    return _stepped(naming, await agreeing.revoke(desk, who, id, body.how, body.on))


@router.post("/v1/consents/{consent}/acknowledge")
async def acknowledge_consent(
    principal: Staff, call: Call, desk: AtDesk, consent: str, body: Nothing
) -> Reply[ConsentRef]:
    """The agency has read that it ran out: it waits no more. What was sent while it held goes on."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return _stepped(naming, await agreeing.acknowledge(desk, who, naming.back("consent", consent)))


@router.post("/v1/consents/{consent}/entered-in-error")
async def enter_consent_in_error(
    principal: Staff, call: Call, desk: AtDesk, consent: str, body: EnteredInError
) -> Reply[ConsentRef]:
    """She never said it: it covers nothing, and a referral on it that nobody has accepted is cancelled."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return _stepped(naming, await agreeing.enter_in_error(desk, who, naming.back("consent", consent), body.reason))


@router.get("/v1/consents/{consent}")
async def get_consent(principal: Staff, call: Call, desk: AtDesk, consent: str) -> Reply[ConsentShown]:
    """A consent that this agency recorded."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await consents.read(desk, who, naming.back("consent", consent))
    return Reply(consent_shown(naming, seen), version=seen.version)


@router.get("/v1/clients/{client}/consents")
async def list_consents(
    principal: StaffOrHerself, call: Call, desk: AtDesk, client: str, query: Annotated[Page, Query()]
) -> Consents:
    """What this agency recorded of what she said; for herself, what any did."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    herself = is_herself(naming, principal, id)
    if principal.roles.isdisjoint(STAFF) and not herself:
        raise NotASide
    listing = replace(Listing.of_client(naming, id, "consents", query), typed="herself" if herself else "")
    found = await (consents.of_herself if herself else consents.of_client)(desk, who, id)
    shown, following = latest_first(found, listing.part(), lambda seen: (seen.state.at, seen.id))
    return Consents(items=[consent_shown(naming, each) for each in shown], next=listing.next_url(following))


def said_of(who: Acting, now: ConsentNow, recipient: str, category: Category | None) -> Said:
    """What she says now, for this receiver and need. Raises 422 for an impossible day, and for a yes to nothing."""
    if now.on > who.today:
        raise not_later("/consent/on")
    if is_long_ago(now.on, who.today):
        raise unfit("consent-too-long-ago", "/consent")
    if now.agreed and not now.fields:
        raise unfit("consent-names-no-field", "/consent")
    return Said(agreed=now.agreed, how=now.how, on=now.on, fields=now.fields, recipient=recipient, category=category)


async def _said(desk: Desk, who: Acting, client: UUID, body: RecordConsent) -> Said:
    """Raises 422 for a day that cannot be meant, and for an agency that nobody knows."""
    if body.on > who.today:
        raise not_later("/on")
    if is_long_ago(body.on, who.today):
        raise unfit("consent-too-long-ago")
    await not_before_birth(desk, who, client, body.on, "/on")
    named = [("/recipient", body.recipient)] if body.recipient is not None else []
    named += [(f"/recipients/{place}", agency) for place, agency in enumerate(body.recipients)]
    if named:
        await known_client(desk, who, client)
    for pointer, agency in named:
        if agency == who.agency:
            raise malformed([FieldError(pointer, "own-agency", "Your own agency needs no consent to have its own.")])
        try:
            desk.directory.agency(who.initiative, agency)
        except NotInDirectory:
            raise unknown(pointer, "agency") from None
    return Said(
        agreed=body.agreed,
        how=body.how,
        on=body.on,
        fields=body.fields,
        recipient=body.recipient,
        recipients=body.recipients,
        category=body.category,
        purpose=body.purpose,
        expires=body.expires,
        form=body.form,
        form_version=body.form_version,
        authority=body.authority,
        shared=[kind for kind, yes in body.categories.items() if yes],
        withheld=[kind for kind, yes in body.categories.items() if not yes],
        measurement=body.measurement,
    )


def _stepped(naming: Naming, done: Done[ConsentSeen]) -> Reply[ConsentRef]:
    answer = done.answer
    shown = ConsentRef(
        consent=naming.answered("consent", answer), client=naming.answered("client", answer), version=answer.version
    )
    return Reply(shown, version=answer.version, replayed=done.view is None)
