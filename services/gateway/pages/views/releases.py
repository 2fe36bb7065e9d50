"""Owns the page of releases: which there are, and for the backbone building, approving and withdrawing them."""

from datetime import date
from functools import partial
from http import HTTPStatus

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.views.release_list import PUBLISHED, first_of, releases_of
from services.gateway.pages.visit import Visit

REASON = (3, 500)


async def releases(visit: Visit) -> Response:
    """Every release that this person may see, and which come next."""
    return await _page(visit)


async def build_release(visit: Visit) -> Response:
    """A draft of one period; where that takes longer, a page that asks again until it is done. Raises ApiProblem."""
    found = await visit.api.post("/releases", {"period": visit.form.one("period")}, visit.form.key)
    if found.status == HTTPStatus.ACCEPTED:
        return await visit.page("release-building.html", HTTPStatus.ACCEPTED, name=found.body["name"])
    return visit.go("/releases")


async def step_release(visit: Visit) -> Response:
    """Approves a draft of somebody else, or withdraws a release and says why. Raises ApiProblem."""
    release, step = visit.request.path_params["release"], str(visit.request.path_params["step"])
    if step not in {"approve", "withdraw"}:
        raise ApiProblem.not_there()
    body = {}
    if step == "withdraw":
        reason = visit.form.one("reason").strip()
        visit.form.needs("reason", visit.words.say("Say why"), unless=REASON[0] <= len(reason) <= REASON[1])
        if visit.form.missing:
            return await _page(visit, 422)
        body = {"reason": reason}
    await visit.api.post(f"/releases/{release}/{step}", body, visit.form.key)
    return visit.go("/releases")


async def back_to_releases(visit: Visit) -> Response:
    return visit.go("/releases")


async def _page(visit: Visit, status: int = 200) -> Response:
    found = await releases_of(visit)
    return await visit.page(
        "releases.html",
        status,
        items=found.items,
        published=sum(each["state"] == PUBLISHED for each in found.items),
        coming=found.coming,
        first=first_of(visit, found),
        stands=partial(found.stands, today=visit.today),
        buildable=found.buildable,
        whole=[each["name"] for each in found.buildable if date.fromisoformat(each["due_on"]) <= visit.today],
        next_built=min(found.coming, key=lambda each: str(each["due_on"]), default=None),
    )
