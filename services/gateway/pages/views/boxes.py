"""Owns the boxes: referrals that came or went, by state, need and lateness, or of a client whose name is typed."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json, cursor_of
from services.gateway.pages.views.work import BOXES, SELDOM, SHOWN, SHOWS, names_seen, unopened
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

MOST = 50
SEARCH_FIELDS = {"/text": ("text", N_("Check what to look for: up to 200 letters"))}


async def inbox(visit: Visit) -> Response:
    """Referrals to us."""
    return await _box(visit, "inbox")


async def outbox(visit: Visit) -> Response:
    """Referrals from us."""
    return await _box(visit, "outbox")


async def narrow_inbox(visit: Visit) -> Response:
    """Those of them that somebody looks for."""
    return await _narrowed(visit, "inbox")


async def narrow_outbox(visit: Visit) -> Response:
    """The same."""
    return await _narrowed(visit, "outbox")


async def _box(visit: Visit, chosen: str) -> Response:
    """What is asked for in the address holds no name: state, need, lateness."""
    asked = visit.request.query_params
    narrow = {"state": asked.get("state", ""), "need": asked.get("need", ""), "late": asked.get("late", "")}
    visit.form.values = {name: (value,) for name, value in narrow.items() if value}
    query: dict[str, str | int | None] = {"box": chosen, "limit": SHOWN, "cursor": asked.get("from"), **_query(visit)}
    found = await visit.api.get("/referrals", **query)
    return await _page(visit, chosen, found, more=urlencode(_kept(visit)))


async def _narrowed(visit: Visit, chosen: str) -> Response:
    if not visit.form.one("text"):
        kept = urlencode(_kept(visit))
        return visit.go(f"/work/{chosen}?{kept}" if kept else f"/work/{chosen}")
    query = _query(visit)
    body: dict[str, Any] = {"box": chosen, "text": visit.form.one("text"), "overdue": "overdue" in query}
    body |= {"status": [query["status"]]} if "status" in query else {}
    body |= {"category": query["category"]} if "category" in query else {}
    try:
        reply = await visit.api.post(f"/referrals/search?limit={MOST}", body)
    except ApiProblem as problem:
        if not visit.form.blame(problem.pointers, SEARCH_FIELDS, visit.words.say):
            raise
        return await _page(visit, chosen, {"items": []}, 422)
    return await _page(visit, chosen, {"items": reply.body["items"]})


def _query(visit: Visit) -> dict[str, str]:
    """What the API takes of the form; what no state and no need has is left out."""
    form = visit.form
    state, need = form.one("state"), form.one("need")
    query = {"status": state} if state in terms.STATES else {}
    query |= {"category": need} if need in terms.CATEGORIES else {}
    return query | ({"overdue": "true"} if form.on("late", "yes") else {})


def _kept(visit: Visit) -> dict[str, str]:
    return {name: visit.form.one(name) for name in ("state", "need", "late") if visit.form.one(name)}


async def _page(visit: Visit, chosen: str, found: Json, status: int = 200, *, more: str = "") -> Response:
    return await visit.page(
        "box.html",
        status,
        items=found["items"],
        names_seen=names_seen(visit, found["items"]),
        unopened=unopened(visit, found["items"]),
        shows=SHOWS,
        seldom=SELDOM,
        show=None,
        boxes=BOXES,
        box=chosen,
        narrowed=bool(_kept(visit) or visit.form.one("text")),
        more=more,
        next=cursor_of(found),
    )
