"""Owns the list of this agency's own contacts with a client: each leads to its page, where it is set right."""

from collections.abc import Mapping
from datetime import datetime

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

NOT_YET = frozenset({"planned"})
LOOKED_AT = 50
VOID: Mapping[str, str] = {"entered_in_error": N_("(entered in error)"), "taken_back": N_("(taken back)")}


async def contacts_with(visit: Visit, client: str) -> list[Json]:
    """What this agency recorded with her, the latest first; what is promised stands elsewhere on her page."""
    found = await visit.api.find(f"/clients/{client}/contacts", limit=LOOKED_AT) or {"items": []}
    return [_line(visit, each) for each in found["items"] if each["at"] is not None and each["status"] not in NOT_YET]


def just_written(visit: Visit) -> str | None:
    """The page of the contact that was written down a moment ago."""
    handle = visit.request.query_params.get("contact", "")
    reference = visit.handles.back(handle) if handle else None
    return f"/contacts/{handle}" if reference is not None else None


def _line(visit: Visit, found: Json) -> Json:
    outcome = found["outcome"]
    return {
        "path": f"/contacts/{visit.handles.of(found['contact'])}",
        "at": datetime.fromisoformat(found["at"]),
        "mode": terms.CONTACT_MODES[found["mode"]],
        "outcome": terms.CONTACT_OUTCOMES[outcome] if outcome and outcome != "completed" else None,
        "void": VOID.get(found["status"]),
    }
