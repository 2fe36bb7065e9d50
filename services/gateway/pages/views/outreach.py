"""Owns the buttons that pause and resume outreach (R5), and that say that contact ends (R20)."""

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.views.client import client_page
from services.gateway.pages.visit import Visit


async def pause(visit: Visit) -> Response:
    return await _step(visit, "pause")


async def resume(visit: Visit) -> Response:
    return await _step(visit, "resume")


async def stop(visit: Visit) -> Response:
    """No further contact: why goes to the agency's own vault, whoever else learns that contact ends (R20)."""
    handle = str(visit.request.path_params["handle"])
    reference = visit.client_of(handle)
    form = visit.form
    cause = form.one("cause")
    form.needs("cause", visit.words.say("Say why"), unless=cause in terms.STOP_CAUSES)
    if form.missing:
        return await client_page(visit, 422)
    body = {"note": form.one("stop_note")} if form.one("stop_note") else {}
    everything = {} if cause == "deceased" else {"all_agencies": form.on("all_agencies", "yes")}
    await visit.api.post(f"/clients/{reference}/{cause}", {**body, **everything}, form.key)
    return visit.go(f"/clients/{handle}?now=stop#notice")


async def contact_again(visit: Visit) -> Response:
    """That was a mistake of this agency's."""
    return await _step(visit, "contact-again")


async def _step(visit: Visit, step: str) -> Response:
    handle = str(visit.request.path_params["handle"])
    await visit.api.post(f"/clients/{visit.client_of(handle)}/{step}", {}, visit.form.key)
    return visit.go(f"/clients/{handle}?now={step}#notice")
