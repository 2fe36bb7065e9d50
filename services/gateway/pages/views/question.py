"""Owns what the two sides of a referral or handoff asked each other before an answer."""

from collections.abc import Sequence

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit


async def asked(visit: Visit, path: str) -> Sequence[Json]:
    """What the two sides of a referral or handoff asked each other, the oldest first."""
    found = await visit.api.find(f"{path}/questions")
    return list(found["items"]) if found else []
