"""Owns how a page asks with a code that somebody holds who has no account: who guesses is turned away."""

from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.visit import Visit

NOT_FOUND = 404


async def by_code(visit: Visit, path: str, body: Json) -> Json:
    """What the API says. Raises ApiProblem, 429 for an address that tried too often."""
    tries, client = visit.site.tries, visit.request.client
    address = client.host if client else ""
    if tries.is_closed(address, visit.now):
        raise ApiProblem(429, {"type": "/problems/too-many-wrong-codes"})
    try:
        return await visit.api.by_code(path, body, tries.own)
    except ApiProblem as problem:
        if problem.status == NOT_FOUND:
            tries.wrong(address, visit.now)
        raise
