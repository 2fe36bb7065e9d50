"""Owns the page of the watch: open referrals of others that go with the coordination that this agency leads (R19)."""

from datetime import datetime

from starlette.responses import Response

from services.gateway.pages.api import Json
from services.gateway.pages.views.client import WAITS
from services.gateway.pages.visit import Visit


async def watched(visit: Visit) -> list[Json]:
    """What coordination watches; nothing for who may not know."""
    found = await visit.api.find("/watch") if visit.may("case_manager") else None
    return list((found or {}).get("items", []))


async def watch(visit: Visit) -> Response:
    """To whom, which service, where it stands and until when, and no more (R8)."""
    items = [
        {
            **item,
            "handle": visit.handles.of(item["client"]["client"]),
            "due": datetime.fromisoformat(item["due"]) if item["due"] else None,
        }
        for item in await watched(visit)
    ]
    return await visit.page("watch.html", items=items, waits=WAITS)
