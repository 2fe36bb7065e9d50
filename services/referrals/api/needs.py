"""Needs over HTTP: what an agency knows that a client lacks."""

from typing import Annotated

from fastapi import Query

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.history import Happened, happened
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing, latest_first
from services.referrals.api.referral_steps import EnteredInError
from services.referrals.api.shapes import Answer, Body, Instant, Page
from services.referrals.application import need as needs
from services.referrals.application.need import NeedSeen
from services.referrals.application.saving import Done
from services.referrals.domain.need import NeedStatus
from services.referrals.domain.vocabulary import Category, Resolution
from services.runtime.http import Call, Reply, lean_router

router = lean_router()


class IdentifyNeed(Body):
    """What she lacks."""

    category: Category


class ResolveNeed(Body):
    """How it ended."""

    how: Resolution


class NeedShown(Answer):
    """A need as its agency sees it; `screening` is what found it. `history` is all that was said."""

    need: str
    client: str
    category: Category
    status: NeedStatus
    identified_at: Instant
    screening: str | None
    how: Resolution | None
    history: list[Happened]
    version: int


class Needs(Answer):
    """A part of what this agency knows of, the latest first."""

    items: list[NeedShown]
    next: str | None


@router.post("/v1/clients/{client}/needs", status_code=201)
async def identify_need(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: IdentifyNeed
) -> Reply[NeedShown]:
    """This agency knows of a need; the one that is open already is answered with 200."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    done = await needs.identify(desk, who, naming.back("client", client), body.category)
    reply = await _shown(naming, done)
    return reply._replace(status=done.answer.status, location=f"/v1/needs/{reply.body.need}")


@router.get("/v1/clients/{client}/needs")
async def list_needs(principal: Staff, call: Call, desk: AtDesk, client: str, query: Annotated[Page, Query()]) -> Needs:
    """What this agency knows that she lacks, or lacked."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    listing = Listing.of_client(naming, id, "needs", query)
    found = await needs.of_client(desk, who, id)
    shown, following = latest_first(found, listing.part(), lambda seen: (seen.state.at, seen.id))
    return Needs(items=[need_shown(naming, each) for each in shown], next=listing.next_url(following))


@router.get("/v1/needs/{need}")
async def get_need(principal: Staff, call: Call, desk: AtDesk, need: str) -> Reply[NeedShown]:
    """A need that this agency knows of."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    seen = await needs.read(desk, who, naming.back("need", need))
    return Reply(need_shown(naming, seen), version=seen.version)


@router.post("/v1/needs/{need}/resolve")
async def resolve_need(principal: Staff, call: Call, desk: AtDesk, need: str, body: ResolveNeed) -> Reply[NeedShown]:
    """She has it no more, or wants no help with it."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return await _shown(naming, await needs.resolve(desk, who, naming.back("need", need), body.how))


@router.post("/v1/needs/{need}/entered-in-error")
async def enter_need_in_error(
    principal: Staff, call: Call, desk: AtDesk, need: str, body: EnteredInError
) -> Reply[NeedShown]:
    """It should never have been written: it stays in the history and counts nowhere."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    return await _shown(naming, await needs.enter_in_error(desk, who, naming.back("need", need), body.reason))


async def _shown(naming: Naming, done: Done[NeedSeen]) -> Reply[NeedShown]:
    seen = done.view or await needs.read(naming.desk, naming.acting, done.answer.ids["need"])
    return Reply(need_shown(naming, seen), version=done.answer.version, replayed=done.view is None)


def need_shown(naming: Naming, seen: NeedSeen) -> NeedShown:
    """A need with everything that was said of it."""
    state = seen.state
    return NeedShown(
        need=naming.out("need", seen.id),
        client=naming.out("client", seen.client),
        category=state.identified.category,
        status=state.status,
        identified_at=state.at,
        screening=naming.maybe("screening", state.identified.screening),
        how=state.how,
        history=[happened(naming, event) for event in seen.history.events],
        version=seen.version,
    )
