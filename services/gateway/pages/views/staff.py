"""Owns the page of an agency's staff: who they are, and for how much each is there (R22).

Also who of them may take on what was sent to the agency.
"""

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.navigation import WORKS_WITH_CLIENTS
from services.gateway.pages.visit import Visit


async def staff(visit: Visit) -> Response:
    return await page(visit)


async def members(visit: Visit) -> list[Json]:
    """Everybody of the own agency who ever signed in."""
    return list((await visit.api.get("/staff"))["items"])


async def page(visit: Visit, status: int = 200) -> Response:
    """The page, after a form with what is wrong with it."""
    items = [
        {**item, "name": item["name"] or item["subject"], "told": ", ".join(_roles(visit, item))}
        for item in await members(visit)
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
