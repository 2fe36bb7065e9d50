"""Owns the forms of an agency in the directory, and its part in the initiative (R22)."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import STALE, ApiProblem, Json
from services.gateway.pages.views.directory import agency_page, may_edit
from services.gateway.pages.views.directory_reached import reached, shown_again
from services.gateway.pages.views.directory_saving import changed, saved, spoken
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

STEPS = frozenset({"activate", "pause", "leave"})
AGENCY_FIELDS: Mapping[str, tuple[str, str]] = {
    "/agency": ("short", N_("A short name has small letters, digits and hyphens")),
    "/name": ("name", N_("Say what the agency is called")),
    "/type": ("type", N_("Say what kind of agency it is")),
    "/languages": ("languages", N_("Choose the languages")),
    "/description": ("description", N_("Write less, in one line")),
    "/phones": ("phone", N_("Write the number as it is dialled, like 559 555 0142")),
    "/addresses": ("street", N_("Write the street, the city, the state as two letters and the ZIP code")),
    "/website": ("website", N_("Write a web address, like https://example.org")),
}


async def agency_form(visit: Visit) -> Response:
    """A new agency, for the backbone."""
    if not visit.may("backbone"):
        raise ApiProblem(403, {"type": "/problems/role-forbids"})
    return await _agency_page(visit, None)


async def list_agency(visit: Visit) -> Response:
    if not visit.may("backbone"):
        raise ApiProblem(403, {"type": "/problems/role-forbids"})
    body = _agency_body(visit, None) | {"agency": visit.form.one("short"), "active": visit.form.on("active", "yes")}
    visit.form.needs("short", visit.words.say("Give it a short name, for addresses"))
    if visit.form.missing or not await saved(visit, "/directory/agencies", body, AGENCY_FIELDS):
        return await _agency_page(visit, None, 422)
    return visit.go(f"/directory/agencies/{body['agency']}?now=listed#notice")


async def edit_agency_form(visit: Visit) -> Response:
    return await _agency_page(visit, await agency_to_edit(visit))


async def edit_agency(visit: Visit) -> Response:
    found = await agency_to_edit(visit)
    path = f"/directory/agencies/{found['agency']}"
    body = _agency_body(visit, found)
    if visit.form.missing or not await changed(visit, path, body, AGENCY_FIELDS):
        return await _agency_page(visit, found, 422)
    return visit.go(f"{path}?now=edited#notice")


async def step_agency(visit: Visit) -> Response:
    """It begins, pauses, begins again or leaves."""
    id, step = (str(visit.request.path_params[name]) for name in ("agency", "step"))
    if step not in STEPS:
        raise ApiProblem.not_there()
    path = f"/directory/agencies/{id}"
    try:
        await visit.api.post(f"{path}/{step}", {}, visit.form.key, versions=(visit.form.version,))
    except ApiProblem as problem:
        if problem.status != STALE:
            raise
        return await agency_page(visit, id, STALE)
    return visit.go(f"{path}?now={step}#notice")


async def agency_to_edit(visit: Visit) -> Json:
    """The agency of the address, for whoever looks after its entry. Raises ApiProblem 403 for anybody else."""
    id = str(visit.request.path_params["agency"])
    if not may_edit(visit, id):
        raise ApiProblem(403, {"type": "/problems/role-forbids"})
    return await visit.api.get(f"/directory/agencies/{id}")


def _agency_body(visit: Visit, found: Json | None) -> dict[str, Any]:
    form, say = visit.form, visit.words.say
    form.needs("name", say("Say what the agency is called"))
    form.needs("type", say("Say what kind of agency it is"), unless=form.one("type") in terms.AGENCY_TYPES)
    site = form.one("website")
    return {
        "name": form.one("name"),
        "type": form.one("type"),
        "on_system": form.on("on_system", "yes"),
        "languages": list(form.all("languages")),
        "description": form.one("description") or None,
        "website": f"https://{site}" if site and ":" not in site else site or None,
        **reached(form, found),
    }


async def _agency_page(visit: Visit, found: Json | None, status: int = 200) -> Response:
    if found is not None and not visit.form.asked("name"):
        visit.form.values = {
            "name": (found["name"],),
            "type": (found["type"],),
            "on_system": ("yes",) if found["on_system"] else (),
            "languages": tuple(found["languages"]),
            "description": (found["description"] or "",),
            "website": (found["website"] or "",),
            **shown_again(found),
        }
    return await visit.page(
        "agency-form.html", status, found=found, types=terms.AGENCY_TYPES, spoken=spoken(visit, found)
    )
