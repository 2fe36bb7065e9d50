"""Owns a client's needs: what she lacks, how it ended, with what she was asked, and the referral that is offered."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.contact import moment_of
from services.gateway.pages.views.person import shown
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

PRAPARE = "prapare"
PRAPARE_ASKS = (
    *("housing-instability", "food-insecurity", "utility-insecurity", "material-hardship"),
    *("transportation-insecurity", "health-insurance-coverage-status", "employment-status", "educational-attainment"),
    *("financial-insecurity", "social-connection", "stress", "incarceration-status", "veteran-status"),
    "intimate-partner-violence",
)
"""What PRAPARE asks about, in the order of its form; the last is its safety questions."""

HIGHEST: Mapping[str, int] = {"epds": 30, "phq_2": 6, "phq_9": 27}
SCREENING_FIELDS: Mapping[str, tuple[str, str]] = {
    "/at": ("day", N_("Say when it took place; it cannot be in the future")),
    "/result": ("result", N_("Say what came of it")),
    "/domains": ("prapare", N_("Say what came of each question that you asked")),
    "/score": ("score", N_("There is no such score")),
}
TOO_LONG_AGO = "screening-too-long-ago"
STEPS = frozenset({"resolve", "entered-in-error"})


async def needs(visit: Visit) -> Response:
    """What she needs, as this agency knows it."""
    return await _needs_page(visit)


async def identify_need(visit: Visit) -> Response:
    """A need that she or somebody who knows her told."""
    handle = str(visit.request.path_params["handle"])
    reference = visit.client_of(handle)
    visit.form.needs("category", visit.words.say("Say what she needs"), unless=visit.form.one("category") in _asked())
    if visit.form.missing:
        return await _needs_page(visit, 422)
    await visit.api.post(f"/clients/{reference}/needs", {"category": visit.form.one("category")}, visit.form.key)
    return visit.go(f"/clients/{handle}/needs?now=need#notice")


async def step_need(visit: Visit) -> Response:
    """A need has ended, or should never have been written."""
    handle, step = (str(visit.request.path_params[name]) for name in ("handle", "step"))
    form, say = visit.form, visit.words.say
    need = visit.client_of(form.one("need"))
    if step not in STEPS:
        raise ApiProblem.not_there()
    if step == "resolve":
        form.needs("how", say("Say how it ended"), unless=form.one("how") in terms.RESOLUTIONS)
        body = {"how": form.one("how")}
    else:
        form.needs("reason", say("Say why it should not be there"))
        body = {"reason": form.one("reason")}
    if form.missing:
        return await _needs_page(visit, 422)
    await visit.api.post(f"/needs/{need}/{step}", body, form.key)
    return visit.go(f"/clients/{handle}/needs?now={step}#notice")


async def enter_screening_in_error(visit: Visit) -> Response:
    """A screening that should never have been written, and what it found with it (R14)."""
    handle = str(visit.request.path_params["handle"])
    screening = visit.client_of(visit.form.one("screening"))
    visit.form.needs("reason", visit.words.say("Say why it should not be there"))
    if visit.form.missing:
        return await _needs_page(visit, 422)
    body = {"reason": visit.form.one("reason")}
    await visit.api.post(f"/screenings/{screening}/entered-in-error", body, visit.form.key)
    return visit.go(f"/clients/{handle}/needs?now=entered-in-error#notice")


async def screening_form(visit: Visit) -> Response:
    return await _screening_page(visit)


async def record_screening(visit: Visit) -> Response:
    """With what she was asked and what came of it; a need that it found is offered for referral on the next page."""
    handle = str(visit.request.path_params["handle"])
    reference = visit.client_of(handle)
    body = _screening(visit)
    if visit.form.missing:
        return await _screening_page(visit, 422)
    try:
        reply = await visit.api.post(f"/clients/{reference}/screenings", body, visit.form.key)
    except ApiProblem as problem:
        if TOO_LONG_AGO in problem.codes:
            text = visit.words.say("This is long before your agency knew of her. Check the year")
            visit.form.needs("day", text, unless=False)
            return await _screening_page(visit, 422)
        fields, say = SCREENING_FIELDS, visit.words.say
        if problem.slug != "malformed" or not visit.form.blame(problem.pointers, fields, say):
            raise
        return await _screening_page(visit, 422)
    now = "screening" if reply.body["needs"] else "nothing-found"
    return visit.go(f"/clients/{handle}/needs?now={now}#notice")


def open_needs(visit: Visit, found: list[Json]) -> list[Json]:
    """Those that are open, each with the handle by which a form names it."""
    return [sealed(visit, each) for each in found if each["status"] == "identified"]


def sealed(visit: Visit, need: Json) -> Json:
    """A need with its handle of this sign-in: no reference stands in an address."""
    return {**need, "handle": visit.handles.of(need["need"])}


def _screening(visit: Visit) -> dict[str, Any]:
    """The body of a screening; what is missing is noted in the form."""
    form, say = visit.form, visit.words.say
    used = form.one("instrument")
    form.needs("instrument", say("Say with what you asked"), unless=used in terms.INSTRUMENTS)
    body: dict[str, Any] = {"instrument": used}
    if used == PRAPARE:
        told = {each: form.one(f"prapare-{each}") for each in PRAPARE_ASKS}
        domains = [{"category": each, "result": result} for each, result in told.items() if result in terms.RESULTS]
        form.needs("prapare", say("Say what came of each question that you asked"), unless=bool(domains))
        body["domains"] = domains
    else:
        form.needs("result", say("Say what came of it"), unless=form.one("result") in terms.RESULTS)
        body["result"] = form.one("result")
    if form.one("score"):
        score = form.number("score")
        fits = score is not None and score <= HIGHEST.get(used, -1)
        form.needs("score", say("There is no such score"), unless=fits)
        body["score"] = score if fits else None
    at = moment_of(visit)
    form.needs("day", say("Say when it took place; it cannot be in the future"), unless=at is not None)
    if at is not None:
        body["at"] = at.isoformat()
    return body


def _asked() -> frozenset[str]:
    return frozenset(terms.CATEGORIES) - {"unmapped"}


async def _needs_page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    found = [sealed(visit, each) for each in await visit.api.find_every(f"/clients/{her['client']}/needs")]
    asked = await visit.api.find_every(f"/clients/{her['client']}/screenings")
    return await visit.page(
        "needs.html",
        status,
        her=her,
        handle=handle,
        open=[each for each in found if each["status"] == "identified"],
        ended=[each for each in found if each["status"] != "identified"],
        screenings=[
            {**each, "handle": visit.handles.of(each["screening"])} for each in asked if not each["entered_in_error"]
        ],
        categories={code: text for code, text in terms.CATEGORIES.items() if code in _asked()},
        instruments={**terms.INSTRUMENTS, **terms.PRAPARE_SAFETY},
        now=visit.request.query_params.get("now"),
    )


async def _screening_page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    return await visit.page("screening.html", status, her=her, handle=handle, asks=PRAPARE_ASKS)
