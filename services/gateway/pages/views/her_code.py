"""Owns the page on which staff give a client a code for her own pages: on paper, or read aloud."""

from datetime import datetime

from starlette.responses import Response

from services.gateway.pages.visit import HERS, Visit


async def give_code(visit: Visit) -> Response:
    """The code, once: whoever loads the page again with the same press sees the same one."""
    handle = str(visit.request.path_params["handle"])
    path = f"/clients/{visit.client_of(handle)}/access-codes"
    found = (await visit.api.post(path, {}, visit.form.key)).body
    settings = visit.site.settings
    return await visit.page(
        "her-code-given.html",
        handle=handle,
        code=found["code"],
        until=datetime.fromisoformat(found["expires_at"]),
        address=f"{settings.public_url.partition('://')[2]}{HERS}",
    )
