"""Owns the buttons that pause and resume outreach: the same on every page, without a reason (R5)."""

from starlette.responses import Response

from services.gateway.pages.visit import Visit


async def pause(visit: Visit) -> Response:
    return await _step(visit, "pause")


async def resume(visit: Visit) -> Response:
    return await _step(visit, "resume")


async def _step(visit: Visit, step: str) -> Response:
    handle = str(visit.request.path_params["handle"])
    await visit.api.post(f"/clients/{visit.client_of(handle)}/{step}", {}, visit.form.key)
    return visit.go(f"/clients/{handle}?now={step}#notice")
