"""Owns the forms of a service in the directory: what it is, for whom, where and when."""

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views import opening_hours
from services.gateway.pages.views.directory import may_edit
from services.gateway.pages.views.directory_forms import agency_to_edit
from services.gateway.pages.views.directory_saving import changed, saved, spoken
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

OLDEST = 120
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
    "/counties": ("counties", N_("One of these is no county of the state. Write their names with commas")),
    "/required_documents": ("documents", N_("Write one document a line, in a few words, and 40 at most")),
    "/schedules": ("opens-1", N_("Look at the days and hours again")),
}


async def service_form(visit: Visit) -> Response:
    """A new service of an agency."""
    return await _service_page(visit, await agency_to_edit(visit), None)


async def list_service(visit: Visit) -> Response:
    agency, form = await agency_to_edit(visit), visit.form
    body = _service_body(visit, ()) | {
        "agency": agency["agency"],
        "service": form.one("short"),
        "category": form.one("category"),
    }
    form.needs("short", visit.words.say("Give it a short name, for addresses"))
    form.needs("category", visit.words.say("Say for what need it is"), unless=form.one("category") in terms.CATEGORIES)
    if form.missing or not await saved(visit, "/directory/services", body, SERVICE_FIELDS):
        return await _service_page(visit, agency, None, 422)
    return visit.go(f"/directory/agencies/{agency['agency']}?now=listed#notice")


async def edit_service_form(visit: Visit) -> Response:
    found = await _service(visit)
    return await _service_page(visit, found["agency"], found)


async def edit_service(visit: Visit) -> Response:
    found = await _service(visit)
    body = _service_body(visit, found["schedules"])
    path = f"/directory/services/{found['service']}"
    if visit.form.missing or not await changed(visit, path, body, SERVICE_FIELDS):
        return await _service_page(visit, found["agency"], found, 422)
    return visit.go(f"/directory/agencies/{found['agency']['agency']}?now=edited#notice")


async def _service(visit: Visit) -> Json:
    found = await visit.api.get(f"/directory/services/{visit.request.path_params['service']}")
    if not may_edit(visit, str(found["agency"]["agency"])):
        raise ApiProblem(403, {"type": "/problems/role-forbids"})
    return found


def _service_body(visit: Visit, schedules: Sequence[Json]) -> dict[str, Any]:
    form, say = visit.form, visit.words.say
    form.needs("name", say("Say what the service is called"))
    ages: dict[str, int | None] = {}
    for name in ("minimum_age", "maximum_age"):
        age = form.number(name)
        fits = age is not None and age <= OLDEST
        form.needs(name, say("An age is a number of years, up to 120"), unless=not form.one(name) or fits)
        ages[name] = age if fits else None
    counties = [part.strip() for part in form.one("counties").split(",") if part.strip()]
    return {
        "name": form.one("name"),
        "description": form.one("description") or None,
        "eligibility_description": form.one("eligibility") or None,
        "status": form.one("status", "active"),
        "languages": list(form.all("languages")),
        "counties": counties,
        "schedules": opening_hours.schedules_in(visit, schedules),
        "zips": [part.strip() for part in form.one("zips").split(",") if part.strip()],
        "required_documents": [line.strip() for line in form.one("documents").splitlines() if line.strip()],
        **ages,
    }


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
            "counties": (", ".join(found["counties"]),),
            "zips": (", ".join(found["zips"]),),
            **opening_hours.values_of(found["schedules"], visit.today),
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
        spoken=spoken(visit, found),
        rows=opening_hours.rows_of(visit),
        days=opening_hours.DAYS,
        kept=opening_hours.kept_as_it_is(visit, found["schedules"] if found else ()),
    )


def _text(number: int | None) -> str:
    return "" if number is None else str(number)
