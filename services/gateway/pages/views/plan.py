"""Owns the plan of contacts with a client: what was promised, saying what came of it, and calling it off."""

from collections.abc import Mapping
from datetime import datetime, time

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.local import moment
from services.gateway.pages.views.contact import blamed, contact_of
from services.gateway.pages.views.files import choose_again, with_contact
from services.gateway.pages.views.noted import note_of
from services.gateway.pages.views.person import shown
from services.gateway.pages.views.safe_contact import reach, warn
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

PLAN_FIELDS: Mapping[str, tuple[str, str]] = {
    "/planned_for": ("day", N_("Say for which day; it has to lie ahead")),
    "/mode": ("mode", N_("Say how you will be in contact")),
    "/note": ("plan_note", N_("Shorten the note")),
}
OF_PROMISED = "c-"
"""Before the ids of what is said of a contact that was promised."""
CALLED_OFF: Mapping[str, str] = {
    "cancelled_by_client": N_("She called it off"),
    "cancelled_by_agency": N_("We called it off"),
}


async def promised(visit: Visit, client: str) -> list[Json]:
    """What this agency promised her, each with the handle by which a form names it."""
    found = (await visit.api.find(f"/clients/{client}/contact-plan")) or {"items": []}
    return [{**each, "handle": visit.handles.of(each["contact"])} for each in found["items"]]


async def plan(visit: Visit) -> Response:
    return await _page(visit)


async def plan_contact(visit: Visit) -> Response:
    """A contact is promised for a day, at noon where no time is said."""
    handle = str(visit.request.path_params["handle"])
    reference = visit.client_of(handle)
    form, say = visit.form, visit.words.say
    form.needs("mode", say("Say how you will be in contact"), unless=form.one("mode") in terms.CONTACT_MODES)
    at = _ahead(visit)
    form.needs("day", say("Say for which day; it has to lie ahead"), unless=at is not None)
    await warn(visit, reference, {"mode": form.one("mode")}, ahead=at)
    if form.missing or at is None:
        return await _page(visit, 422)
    body = {"mode": form.one("mode"), "planned_for": at.isoformat()}
    if form.one("plan_note"):
        body["note"] = form.one("plan_note")
    try:
        await visit.api.post(f"/clients/{reference}/contact-plan", body, form.key)
    except ApiProblem as problem:
        if problem.slug != "malformed" or not form.blame(problem.pointers, PLAN_FIELDS, say):
            raise
        return await _page(visit, 422)
    return visit.go(f"/clients/{handle}/plan?now=planned#notice")


async def record_planned(visit: Visit) -> Response:
    """What came of a contact that was promised, with a file where one was chosen."""
    handle = str(visit.request.path_params["handle"])
    client, contact = visit.client_of(handle), visit.client_of(visit.form.one("contact"))
    body = contact_of(visit)
    await warn(visit, client, body, OF_PROMISED)
    if visit.form.missing:
        await choose_again(visit)
        return await _page(visit, 422)
    try:
        await visit.api.post(f"/contacts/{contact}/record", body, visit.form.key)
    except ApiProblem as problem:
        if not blamed(visit, problem):
            raise
        await choose_again(visit)
        return await _page(visit, 422)
    told = await with_contact(visit, client, contact)
    return told or visit.go(f"/clients/{handle}/plan?now=contact#notice")


async def call_off(visit: Visit) -> Response:
    """What was promised will not take place."""
    handle = str(visit.request.path_params["handle"])
    contact = visit.client_of(visit.form.one("contact"))
    outcome = visit.form.one("outcome")
    if outcome not in CALLED_OFF:
        visit.form.needs("outcome", visit.words.say("Say who called it off"), unless=False)
        return await _page(visit, 422)
    await visit.api.post(f"/contacts/{contact}/cancel", {"outcome": outcome}, visit.form.key)
    return visit.go(f"/clients/{handle}/plan?now=called-off#notice")


def _ahead(visit: Visit) -> datetime | None:
    """Day and time of the form as an aware time that lies ahead."""
    day = visit.form.day("day")
    try:
        clock = time.fromisoformat(visit.form.one("clock", "12:00"))
    except ValueError:
        return None
    at = moment(day, clock, visit.words.zone) if day is not None else None
    return at if at is not None and at > visit.now else None


async def _page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    return await visit.page(
        "plan.html",
        status,
        her=her,
        handle=handle,
        reach=await reach(visit, her["client"]),
        promised=[
            {**each, "said": await note_of(visit, each.get("note"))} for each in await promised(visit, her["client"])
        ],
        called_off=CALLED_OFF,
        now=visit.request.query_params.get("now"),
    )
