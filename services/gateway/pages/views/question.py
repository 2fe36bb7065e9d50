"""Owns questions on the page of a referral or handoff: asking the other side before an answer, and answering it."""

from collections.abc import Sequence

from starlette.responses import Response

from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit


async def asked(visit: Visit, path: str) -> Sequence[Json]:
    """What the two sides of a referral or handoff asked each other, the oldest first."""
    found = await visit.api.find(f"{path}/questions")
    return list(found["items"]) if found else []


async def ask(visit: Visit) -> Response:
    """Ask them something first; with nothing typed, the page as it stands."""
    path = _path(visit)
    if not visit.form.one("question"):
        return visit.go(f"{path}#questions")
    await visit.api.post(f"{path}/questions", {"text": visit.form.one("question")}, visit.form.key)
    return visit.go(f"{path}?now=asked#notice")


async def answer(visit: Visit) -> Response:
    """Answer what the other side asked."""
    path = _path(visit)
    if not visit.form.one("reply"):
        return visit.go(f"{path}#questions")
    body = {"text": visit.form.one("reply")}
    await visit.api.post(f"/questions/{visit.form.one('asked')}/answer", body, visit.form.key)
    return visit.go(f"{path}?now=replied#notice")


def _path(visit: Visit) -> str:
    """Where the referral or handoff stands, here and in the API alike."""
    ((kind, id),) = visit.request.path_params.items()
    return f"/{kind}s/{id}"
