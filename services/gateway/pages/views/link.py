"""Owns the button that takes two references of one agency apart again (R21)."""

from starlette.responses import Response

from services.gateway.pages.visit import Visit


async def unlink(visit: Visit) -> Response:
    """They are two clients after all."""
    handle = str(visit.request.path_params["handle"])
    hers, other = visit.client_of(handle), visit.client_of(visit.form.one("other"))
    summary = await visit.api.get(f"/clients/{hers}")
    own, came = (hers, other) if summary["registered_here"] else (other, hers)
    await visit.api.post(f"/clients/{came}/unlink", {"own_client": own}, visit.form.key)
    return visit.go(f"/clients/{handle}?now=unlinked#notice")
