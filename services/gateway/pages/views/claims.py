"""Owns "I do it" on the work list: claimed, given back, taken over; and the page of who does what."""

from datetime import datetime

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.views.client import WAITS
from services.gateway.pages.views.work import Part, listed
from services.gateway.pages.visit import Visit

STEPS = frozenset({"claim", "release", "take-over"})


async def step_claim(visit: Visit) -> Response:
    """A press beside one item: back to the same part of the list, which says in that place what came of it."""
    step, work = (str(visit.request.path_params[name]) for name in ("step", "work"))
    if step not in STEPS:
        raise ApiProblem.not_there()
    part = Part.of({name: visit.form.one(name) for name in ("show", "from", "before")})
    try:
        await visit.api.post(f"/work/{work}/{step}", {}, visit.form.key)
    except ApiProblem as problem:
        if problem.slug != "work-already-claimed":
            raise
        return await listed(visit, part, problem.status, refused=work)
    return visit.go(f"{part.address()}#i-{work}")


async def back_to_work(visit: Visit) -> Response:
    """Somebody loads the address of a press."""
    return visit.go("/work")


async def claims(visit: Visit) -> Response:
    """Who does what, for whoever looks after the agency's work."""
    found = await visit.api.get("/claims")
    items = [{**item, "until": datetime.fromisoformat(item["claim"]["until"])} for item in found["items"]]
    return await visit.page("claims.html", items=items, waits=WAITS)
