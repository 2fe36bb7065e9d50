"""Owns the strip on every page of a client whose record the reader opened in an emergency: until when."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from services.gateway.pages.api import ApiProblem

if TYPE_CHECKING:
    from services.gateway.pages.visit import Visit

HER_PAGES = "/clients/"


async def until(visit: "Visit", context: Mapping[str, Any]) -> datetime | None:
    """In local time; None where nothing is open. `context` may hold her already, else she is asked for."""
    handle = visit.request.path_params.get("handle")
    if handle is None or not visit.request.url.path.startswith(HER_PAGES) or not visit.may("case_manager"):
        return None
    her = context.get("her")
    try:
        known = her if isinstance(her, Mapping) and "break_glass_until" in her else None
        found = known or await visit.api.find(f"/clients/{visit.client_of(handle)}")
    except ApiProblem:
        return None
    told = (found or {}).get("break_glass_until")
    return visit.words.local(datetime.fromisoformat(told)) if told else None
