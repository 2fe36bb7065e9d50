"""Owns the page of an agency's staff: who they are, and whose claims become whose when somebody leaves (R22).

Also who of them may take on what was sent to the agency.
"""

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.visit import WORKS_WITH_CLIENTS, Visit


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


async def colleagues(visit: Visit, found: Json) -> dict[str, str]:
    """Who of the own agency may take on a referral or handoff, but for whoever looks, by their sign-ins' subjects."""
    if "accept" not in found["actions"]:
        return {}
    return {subject: name for subject, name in (await names(visit)).items() if subject != visit.who.subject}


async def names(visit: Visit) -> dict[str, str]:
    """The names of the own agency's staff who work with clients."""
    found = await visit.api.find("/staff")
    listed = (each for each in (found or {"items": []})["items"] if WORKS_WITH_CLIENTS & set(each["roles"]))
    return {each["subject"]: each["name"] or each["subject"] for each in listed}
