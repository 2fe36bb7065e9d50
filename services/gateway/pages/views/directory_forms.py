"""Owns the forms of the directory: an agency, a service, and an agency's part in the initiative (R22)."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import STALE, ApiProblem, Json
from services.gateway.pages.views.directory import agency_page, may_edit
from services.gateway.pages.views.person import PERSON_LANGUAGES
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

STEPS = frozenset({"activate", "pause", "leave"})
AGENCY_FIELDS: Mapping[str, tuple[str, str]] = {
    "/agency": ("short", N_("A short name has small letters, digits and hyphens")),
    "/name": ("name", N_("Say what the agency is called")),
    "/type": ("type", N_("Say what kind of agency it is")),
    "/languages": ("languages", N_("Choose the languages")),
    "/description": ("description", N_("Write less, in one line")),
    "/website": ("website", N_("Write a web address, like https://example.org")),
}
SERVICE_FIELDS: Mapping[str, tuple[str, str]] = {
    "/service": ("short", N_("A short name has small letters, digits and hyphens")),
    "/name": ("name", N_("Say what the service is called")),
    "/category": ("category", N_("Say for what need it is")),
    "/description": ("description", N_("Write less, in one line")),
    "/eligibility_description": ("eligibility", N_("Write less, in one line")),
    "/status": ("status", N_("Say whether it is open")),
    "/languages": ("languages", N_("Choose the languages")),
    "/minimum_age": ("minimum_age", N_("An age is a number of years, up to 120")),
    "/maximum_age": ("maximum_age", N_("The highest age is not under the lowest")),
    "/zips": ("zips", N_("Write ZIP codes, or their first 3 or 4 digits, with commas")),
    "/required_documents": ("documents", N_("Write one document a line")),
}
SLUGS = {
    "agency-already-listed": ("short", N_("Another agency has this short name")),
    "service-already-listed": ("short", N_("Another service has this short name")),
}


async def agency_form(visit: Visit) -> Response:
    """A new agency, for the backbone."""
    if not visit.may("backbone"):
        raise ApiProblem(403, {"type": "/problems/role-forbids"})
    return await _agency_page(visit, None)


async def list_agency(visit: Visit) -> Response:
    if not visit.may("backbone"):
        raise ApiProblem(403, {"type": "/problems/role-forbids"})
    body = _agency_body(visit) | {"agency": visit.form.one("short"), "active": visit.form.on("active", "yes")}
    visit.form.needs("short", visit.words.say("Give it a short name, for addresses"))
    if visit.form.missing or not await _saved(visit, "/directory/agencies", body, AGENCY_FIELDS):
        return await _agency_page(visit, None, 422)
    return visit.go(f"/directory/agencies/{body['agency']}?now=listed#notice")


async def edit_agency_form(visit: Visit) -> Response:
    return await _agency_page(visit, await _agency(visit))


async def edit_agency(visit: Visit) -> Response:
    found = await _agency(visit)
    path = f"/directory/agencies/{found['agency']}"
    body = _agency_body(visit)
    if visit.form.missing or not await _changed(visit, path, body, AGENCY_FIELDS):
        return await _agency_page(visit, found, 422)
    return visit.go(f"{path}?now=edited#notice")


async def step_agency(visit: Visit) -> Response:
    """It begins, pauses, begins again or leaves."""
    id, step = (str(visit.request.path_params[name]) for name in ("agency", "step"))
    if step not in STEPS:
        raise ApiProblem(404, {"type": "/problems/not-found"})
    path = f"/directory/agencies/{id}"
    try:
        await visit.api.post(f"{path}/{step}", {}, visit.form.key, versions=(visit.form.version,))
    except ApiProblem as problem:
        if problem.status != STALE:
            raise
        return await agency_page(visit, id, STALE)
    return visit.go(f"{path}?now={step}#notice")


async def service_form(visit: Visit) -> Response:
    """A new service of an agency."""
    return await _service_page(visit, await _agency(visit), None)


async def list_service(visit: Visit) -> Response:
    agency, form = await _agency(visit), visit.form
    body = _service_body(visit) | {
        "agency": agency["agency"],
        "service": form.one("short"),
        "category": form.one("category"),
    }
    form.needs("short", visit.words.say("Give it a short name, for addresses"))
    form.needs("category", visit.words.say("Say for what need it is"), unless=form.one("category") in terms.CATEGORIES)
    if form.missing or not await _saved(visit, "/directory/services", body, SERVICE_FIELDS):
        return await _service_page(visit, agency, None, 422)
    return visit.go(f"/directory/agencies/{agency['agency']}?now=listed#notice")


async def edit_service_form(visit: Visit) -> Response:
    found = await _service(visit)
    return await _service_page(visit, found["agency"], found)


async def edit_service(visit: Visit) -> Response:
    found = await _service(visit)
    body = _service_body(visit)
    path = f"/directory/services/{found['service']}"
    if visit.form.missing or not await _changed(visit, path, body, SERVICE_FIELDS):
        return await _service_page(visit, found["agency"], found, 422)
    return visit.go(f"/directory/agencies/{found['agency']['agency']}?now=edited#notice")


async def _agency(visit: Visit) -> Json:
    id = str(visit.request.path_params["agency"])
    if not may_edit(visit, id):
        raise ApiProblem(403, {"type": "/problems/role-forbids"})
    return await visit.api.get(f"/directory/agencies/{id}")


async def _service(visit: Visit) -> Json:
    found = await visit.api.get(f"/directory/services/{visit.request.path_params['service']}")
    if not may_edit(visit, str(found["agency"]["agency"])):
        raise ApiProblem(403, {"type": "/problems/role-forbids"})
    return found


async def _saved(visit: Visit, path: str, body: Json, fields: Mapping[str, tuple[str, str]]) -> bool:
    try:
        await visit.api.post(path, body, visit.form.key)
    except ApiProblem as problem:
        if not _blamed(visit, problem, fields):
            raise
        return False
    return True


async def _changed(visit: Visit, path: str, body: Json, fields: Mapping[str, tuple[str, str]]) -> bool:
    try:
        await visit.api.change(path, body, visit.form.version)
    except ApiProblem as problem:
        if not _blamed(visit, problem, fields):
            raise
        return False
    return True


def _blamed(visit: Visit, problem: ApiProblem, fields: Mapping[str, tuple[str, str]]) -> bool:
    if problem.slug in SLUGS:
        field, text = SLUGS[problem.slug]
        visit.form.needs(field, visit.words.say(text), unless=False)
        return True
    if problem.status == STALE:
        text = N_("Somebody changed it since you opened the page. Look at it anew, then save once more.")
        visit.form.needs("name", visit.words.say(text), unless=False)
        return True
    return problem.slug == "malformed" and visit.form.blame(problem.pointers, fields, visit.words.say)


def _agency_body(visit: Visit) -> dict[str, Any]:
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
    }


def _service_body(visit: Visit) -> dict[str, Any]:
    form, say = visit.form, visit.words.say
    form.needs("name", say("Say what the service is called"))
    ages: dict[str, int | None] = {}
    for name in ("minimum_age", "maximum_age"):
        typed = form.one(name)
        form.needs(name, say("An age is a number of years, up to 120"), unless=not typed or typed.isdecimal())
        ages[name] = int(typed) if typed.isdecimal() else None
    return {
        "name": form.one("name"),
        "description": form.one("description") or None,
        "eligibility_description": form.one("eligibility") or None,
        "status": form.one("status", "active"),
        "languages": list(form.all("languages")),
        "zips": [part.strip() for part in form.one("zips").split(",") if part.strip()],
        "required_documents": [line.strip() for line in form.one("documents").splitlines() if line.strip()],
        **ages,
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
        }
    return await visit.page(
        "agency-form.html", status, found=found, types=terms.AGENCY_TYPES, spoken=_spoken(visit, found)
    )


async def _service_page(visit: Visit, agency: Json, found: Json | None, status: int = 200) -> Response:
    if found is not None and not visit.form.asked("name"):
        visit.form.values = {
            "name": (found["name"],),
            "description": (found["description"] or "",),
            "eligibility": (found["eligibility_description"] or "",),
            "status": (found["status"],),
            "languages": tuple(found["languages"]),
            "minimum_age": (_text(found["minimum_age"]),),
            "maximum_age": (_text(found["maximum_age"]),),
            "zips": (", ".join(found["zips"]),),
            "documents": ("\n".join(found["required_documents"]),),
        }
    needs = {code: visit.words.say(words) for code, words in terms.CATEGORIES.items()}
    return await visit.page(
        "service-form.html",
        status,
        found=found,
        agency=agency,
        needs=dict(sorted(needs.items(), key=lambda item: item[1].casefold())),
        statuses=terms.SERVICE_STATUSES,
        spoken=_spoken(visit, found),
    )


def _spoken(visit: Visit, found: Json | None) -> dict[str, str]:
    """Languages to choose from: what people here speak, and those that the entry has."""
    codes = [*PERSON_LANGUAGES, *(found["languages"] if found else ())]
    return {code: visit.words.language_name(code) for code in dict.fromkeys(codes)}


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
