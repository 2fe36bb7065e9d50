"""Owns what can be pressed about visits: booking one for a referral, moving it, and saying what came of it."""

from datetime import datetime, time
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import STALE, ApiProblem, Json
from services.gateway.pages.local import moment
from services.gateway.pages.views.referral import page
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

STEPS = frozenset({"reschedule", "attend", "no-show", "cancel", "take-back", "entered-in-error"})


async def appointment(visit: Visit) -> Response:
    """A visit is shown on the page of its referral."""
    found = await _visit(visit)
    return visit.go(f"/referrals/{found['referral']}#visits")


async def book(visit: Visit) -> Response:
    """A visit for a referral that was taken on."""
    referral = str(visit.request.path_params["referral"])
    due_at = _due(visit, "book-")
    if due_at is not None:
        try:
            path = f"/referrals/{referral}/appointments"
            await visit.api.post(path, {"due_at": due_at.isoformat()}, visit.form.key)
        except ApiProblem as problem:
            if not _blamed(visit, problem, "book-"):
                raise
    if visit.form.missing:
        return await _again(visit, referral, 422)
    return visit.go(f"/referrals/{referral}?now=visit-booked#notice")


async def step(visit: Visit) -> Response:
    """One step of a visit; what is missing, or was overtaken, shows the page of its referral again (R12)."""
    verb = str(visit.request.path_params["step"])
    if verb not in STEPS:
        raise ApiProblem.not_there()
    found = await _visit(visit)
    before = f"{found['appointment']}-"
    body = _body(visit, verb, before)
    if visit.form.missing:
        return await _again(visit, found["referral"], 422)
    path = f"/appointments/{found['appointment']}/{verb}"
    try:
        await visit.api.post(path, body, visit.form.key, versions=(visit.form.version,))
    except ApiProblem as problem:
        if problem.status == STALE:
            return await _again(visit, found["referral"], STALE)
        if not _blamed(visit, problem, before):
            raise
        return await _again(visit, found["referral"], 422)
    return visit.go(f"/referrals/{found['referral']}?now=visit-{verb}#notice")


async def _visit(visit: Visit) -> Json:
    return await visit.api.get(f"/appointments/{visit.request.path_params['appointment']}")


async def _again(visit: Visit, referral: str, status: int) -> Response:
    return await page(visit, await visit.api.get(f"/referrals/{referral}", names="false"), status)


def _body(visit: Visit, verb: str, before: str) -> dict[str, Any]:
    form, say = visit.form, visit.words.say
    if verb == "entered-in-error":
        form.needs(f"{before}error", say("Say what was wrong"), unless=bool(form.one("error")))
        return {"reason": form.one("error")}
    if verb not in {"reschedule", "cancel"}:
        return {}
    body: dict[str, Any] = {"by": form.one("by")}
    if verb == "reschedule" and (due_at := _due(visit, before)) is not None:
        body["due_at"] = due_at.isoformat()
    wished = say("Say who asked for another time") if verb == "reschedule" else say("Say who cancels it")
    field = f"{before}{'moved' if verb == 'reschedule' else 'off'}"
    form.needs(field, wished, unless=form.one("by") in terms.WISHES)
    return body


def _due(visit: Visit, before: str) -> datetime | None:
    """Day and time of the form, in the initiative's zone; what is missing is noted under the ids of its fields."""
    form, say = visit.form, visit.words.say
    day, clock = form.day("day"), None
    try:
        clock = time.fromisoformat(form.one("clock")).replace(tzinfo=None)
    except ValueError:
        form.needs(f"{before}clock", say("Give the visit a time"), unless=False)
    form.needs(f"{before}day", say("Give the visit a day"), unless=day is not None)
    if day is None or clock is None:
        return None
    at = moment(day, clock, visit.words.zone)
    skipped = say("This time does not exist: clocks go forward that night. Give another time")
    form.needs(f"{before}clock", skipped, unless=at is not None)
    return at


def _blamed(visit: Visit, problem: ApiProblem, before: str) -> bool:
    fields = {"/due_at": (f"{before}day", N_("Give the visit a day and time that lie ahead, within the next 2 years"))}
    return problem.slug == "malformed" and visit.form.blame(problem.pointers, fields, visit.words.say)
