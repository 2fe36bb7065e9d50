"""Owns the page of an agency's staff: who they are, and whose claims become whose when somebody leaves (R22)."""

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit


async def staff(visit: Visit) -> Response:
    return await _page(visit)


async def hand_over(visit: Visit) -> Response:
    """All that somebody has said they do becomes a colleague's, in one step."""
    form, say = visit.form, visit.words.say
    items = await _found(visit)
    known = {item["subject"] for item in items}
    form.needs("from", say("Say whose work is handed over"), unless=form.one("from") in known)
    form.needs("to", say("Say who does it from now on"), unless=form.one("to") in known - {form.one("from")})
    if form.missing:
        return await _page(visit, 422)
    await visit.api.post("/claims/hand-over", {"from": form.one("from"), "to": form.one("to")}, form.key)
    return visit.go("/staff?now=handed-over#notice")


async def _found(visit: Visit) -> list[Json]:
    return list((await visit.api.get("/staff"))["items"])


async def _page(visit: Visit, status: int = 200) -> Response:
    items = [
        {**item, "name": item["name"] or item["subject"], "told": ", ".join(_roles(visit, item))}
        for item in await _found(visit)
    ]
    return await visit.page(
        "staff.html",
        status,
        items=items,
        people={item["subject"]: item["name"] for item in items},
        manages=visit.may("agency_admin"),
        now=visit.request.query_params.get("now", ""),
    )


def _roles(visit: Visit, item: Json) -> list[str]:
    return [visit.words.say(terms.ROLES.get(role, role)) for role in item["roles"]]
