"""Owns what the two sides of a referral or handoff asked each other before an answer."""

from collections.abc import Sequence

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit


async def asked(visit: Visit, path: str) -> Sequence[Json]:
    """What the two sides of a referral or handoff asked each other, the oldest first."""
    found = await visit.api.find(f"{path}/questions")
    return list(found["items"]) if found else []


async def waits(visit: Visit, id: str) -> bool:
    """Whether a question about a referral or handoff waits for this agency, of which nothing else is read (R1)."""
    waiting = await visit.api.find_every("/work", kind="question", names="false")
    return any((item.get("subject") or {}).get("id") == id for item in waiting)
