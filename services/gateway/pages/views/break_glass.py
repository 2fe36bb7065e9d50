"""Owns the page on which a case manager opens a client's record in an emergency, for three hours, and says why."""

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.views.person import shown
from services.gateway.pages.visit import Visit

LONGEST = 2_000


async def ask(visit: Visit, status: int = 200) -> Response:
    """What it opens, who is told, and the two things that are asked."""
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    return await visit.page("break-glass.html", status, handle=handle, her=her, emergencies=terms.EMERGENCIES)


async def open_record(visit: Visit) -> Response:
    """Opened: on to her page, which says until when."""
    form, say = visit.form, visit.words.say
    form.needs("code", say("Say what kind of emergency it is"))
    form.needs("why", say("Write what happened"))
    form.fits("why", LONGEST, say("Write it shorter: 2,000 letters fit"))
    if form.missing:
        return await ask(visit, 422)
    handle = str(visit.request.path_params["handle"])
    body = {"client": visit.client_of(handle), "code": form.one("code"), "reason": form.one("why")}
    await visit.api.post("/break-glass", body, form.key)
    return visit.go(f"/clients/{handle}")
