"""Owns the page of who leads: what this agency leads and may leave, and what nobody leads and it may take (R19)."""

from collections.abc import Mapping

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem
from services.gateway.pages.views.person import shown
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

TAKING: Mapping[str, str] = {
    "domain-led": N_("Somebody leads this already: ask whom you work with for a handoff"),
    "episode-not-open": N_("Open the pregnancy on her page first"),
}


async def lead(visit: Visit) -> Response:
    return await _page(visit)


async def take_lead(visit: Visit) -> Response:
    """Lead what nobody leads. Whether somebody does is told only to who asks for it, and without a name."""
    handle = str(visit.request.path_params["handle"])
    form, say = visit.form, visit.words.say
    form.needs("domain", say("Say what you would lead"), unless=form.one("domain") in terms.DOMAINS)
    if form.missing:
        return await _page(visit, 422)
    body = {"domain": form.one("domain")}
    try:
        await visit.api.post(f"/clients/{visit.client_of(handle)}/responsibility", body, form.key)
    except ApiProblem as problem:
        if problem.slug not in TAKING:
            raise
        form.needs("domain", say(TAKING[problem.slug]), unless=False)
        return await _page(visit, 422)
    return visit.go(f"/clients/{handle}/lead?now=taken#notice")


async def leave_lead(visit: Visit) -> Response:
    """Lead it no more: the hub does."""
    handle = str(visit.request.path_params["handle"])
    mine = visit.form.one("responsibility")
    found = await visit.api.every(f"/clients/{visit.client_of(handle)}/responsibility")
    if mine not in {each["responsibility"] for each in found}:
        raise ApiProblem.not_there()
    await visit.api.post(f"/responsibility/{mine}/leave", {}, visit.form.key)
    return visit.go(f"/clients/{handle}/lead?now=left#notice")


async def _page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    found = await visit.api.every(f"/clients/{her['client']}/responsibility")
    hub = visit.initiative.hub if visit.initiative else None
    return await visit.page(
        "lead.html",
        status,
        her=her,
        handle=handle,
        leads=found,
        others={domain: word for domain, word in terms.DOMAINS.items() if domain not in {e["domain"] for e in found}},
        hub=await _name(visit, hub),
        we_are_hub=hub == visit.who.agency,
        now=visit.request.query_params.get("now") if status == 200 else None,  # noqa: PLR2004 - a good page
    )


async def _name(visit: Visit, hub: str | None) -> str | None:
    listed = await visit.api.every("/directory/agencies") if hub else []
    return next((each["name"] for each in listed if each["agency"] == hub), None)
