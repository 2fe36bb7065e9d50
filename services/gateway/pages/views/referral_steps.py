"""Owns what can be pressed on the page of a referral: opening it, the steps of both sides, a contact that is of it."""

from typing import Any

from starlette.responses import Response

from services.gateway.pages.api import STALE, ApiProblem, Json
from services.gateway.pages.forms import Form
from services.gateway.pages.views.contact import blamed, contact_of
from services.gateway.pages.views.files import choose_again, with_contact
from services.gateway.pages.views.history import counting
from services.gateway.pages.views.planned_day import too_far
from services.gateway.pages.views.referral import is_shut, look, page
from services.gateway.pages.views.safe_contact import warn
from services.gateway.pages.views.staff import colleagues
from services.gateway.pages.views.trying import not_tried
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

STEPS = {
    *{"accept", "decline", "waitlist", "redirect", "complete", "acknowledge", "draft"},
    *{"cancel", "request-cancellation", "confirm-cancellation"},
    *{"attest", "close", "take-back", "entered-in-error"},
}
VISIT = "visit-"
PROHIBITED = N_("She may not be contacted: say that she does not want it, or that it is not safe")
# A colleague opened it, or a contact began the service: a form that was drawn before contradicts neither.
NO_ANSWERS = frozenset({"received", "in_service"})


async def open_referral(visit: Visit) -> Response:
    """A person opened it: the receiver has received it, or the sender was told (R11)."""
    found = await look(visit)
    step = next((verb for verb in ("receive", "acknowledge") if verb in found["actions"]), None)
    if step is None and is_shut(visit, found):
        return await page(visit, found, opened=True)  # informational: nobody is told, so nothing remembers it
    path = f"/referrals/{found['referral']}"
    if step is not None:
        await visit.api.post(f"{path}/{step}", _body(visit, step), visit.form.key)
    return visit.go(path)


async def step_referral(visit: Visit) -> Response:
    """One step of the side that pressed; a step that misses something shows the page again with what was typed.

    A form that was drawn before somebody answered saves nothing: the page says so above what stands (R12).
    """
    step = str(visit.request.path_params["step"])
    if step not in STEPS:
        raise ApiProblem.not_there()
    found = await look(visit)
    _check(visit, step, found)
    if step == "accept" and visit.form.one("person"):
        known = visit.form.one("person") in await colleagues(visit, found)
        visit.form.needs("person", visit.words.say("Choose who takes it over"), unless=known)
    if visit.form.missing:
        return await page(visit, found, 422)
    try:
        return await _stepped(visit, found, step)
    except ApiProblem as problem:
        if "contact-prohibited" in problem.codes:  # she said so while the form was open
            visit.form.needs("why", visit.words.say(PROHIBITED), unless=False)
            return await page(visit, await look(visit), 422)
        if step == "accept" and too_far(visit, problem):
            return await page(visit, found, 422)
        if problem.status != STALE:
            raise
        return await page(visit, await look(visit), STALE)


async def _stepped(visit: Visit, found: Json, step: str) -> Response:
    """Raises ApiProblem 412 where the form was drawn from what stands no more, unless it is the first answer again."""
    body, versions = _body(visit, step), _versions(visit, found)
    if step == "complete":
        proof = await _proof(visit, found)
        body |= {"appointment": proof.removeprefix(VISIT)} if proof.startswith(VISIT) else {"contact": proof}
        if visit.form.missing:
            return await page(visit, found, 422)
        if found["state"] == "accepted":
            versions = (*versions, found["version"] + 1)  # the contact that shows it may have begun the service
    path = f"/referrals/{found['referral']}"
    if step == "draft":
        return visit.go(f"/drafts/{(await visit.api.post(f'{path}/draft', {}, visit.form.key)).body['referral']}")
    try:
        await visit.api.post(f"{path}/{step}", body, visit.form.key, versions=versions)
    except ApiProblem as problem:
        if step != "complete" or problem.slug != "no-evidence":
            raise
        return await _no_evidence(visit)
    return visit.go(f"{path}?now={step}#notice")


async def _no_evidence(visit: Visit) -> Response:
    """What was named shows nothing that was done; what was described is written down by now, and is one of the list."""
    say = visit.words.say
    visit.form.needs(
        "contact", say("That contact does not show what was done for her. Choose or describe another"), unless=False
    )
    visit.form.key = Form().key  # another contact is another press
    return await page(visit, await look(visit), 422)


def _versions(visit: Visit, found: Json) -> tuple[int, ...]:
    """Which versions the form may be saved on: the one that it was drawn from, and one more that is no answer."""
    drawn = visit.form.version
    moved = drawn and found["version"] == drawn + 1 and found["state"] in NO_ANSWERS
    return (drawn, drawn + 1) if moved else (drawn,)


async def contact_for_referral(visit: Visit) -> Response:
    """A support contact that belongs to this referral; the first that reached her connects it."""
    found = await look(visit)
    body = contact_of(visit)
    if found["client"]:
        await warn(visit, found["client"]["client"], body)
    if visit.form.missing or not found["client"]:
        await choose_again(visit)
        return await page(visit, found, 422)
    client = found["client"]["client"]
    try:
        reply = await visit.api.post(
            f"/clients/{client}/contacts", {**body, "referral": found["referral"]}, visit.form.key
        )
    except ApiProblem as problem:
        if not blamed(visit, problem):
            raise
        await choose_again(visit)
        return await page(visit, found, 422)
    told = await with_contact(visit, client, str(reply.body["contact"]))
    return told or visit.go(f"/referrals/{found['referral']}?now=contact#notice")


async def back_to_it(visit: Visit) -> Response:
    """Somebody loads the address of a step, or follows a link back to it: on to the page that it belongs to."""
    return visit.go(visit.request.url.path.rpartition("/")[0])


def _check(visit: Visit, step: str, found: Json) -> None:
    say, form = visit.words.say, visit.form
    match step:
        case "accept":
            if form.one("on") and form.day("on") is None:
                form.needs("on", say("Give the first contact a date"), unless=False)
        case "decline":
            form.needs("reason", say("Say why, so that the sender can look further"))
        case "redirect":
            form.needs("elsewhere", say("Choose who could help"), unless="/" in form.one("elsewhere"))
            form.needs("because", say("Say why, so that the sender can look further"))
        case "cancel" | "request-cancellation":
            form.needs("reason", say("Say why, so that they know"))
        case "close":
            form.needs("why", say("Say why, so that the sender can look further"))
            if form.one("why") != "unable_to_reach":
                return
            if found.get("contact_prohibited"):
                form.needs("why", say(PROHIBITED), unless=False)
            elif lacking := not_tried(visit, found.get("outreach")):
                form.needs("why", say("She was not tried for enough yet: %(tried)s", tried=lacking), unless=False)
        case "attest":
            form.needs("decision", say("Say what you found"))
        case "entered-in-error":
            form.needs("error", say("Say what was wrong"))
        case "complete":
            form.needs("outcome", say("Say how it ended for her"))


def _body(visit: Visit, step: str) -> dict[str, Any]:
    form = visit.form
    match step:
        case "accept":
            day = form.day("on")
            own = {"own_client": visit.client_of(form.one("own_client"))} if form.one("own_client") else {}
            person = {"person": form.one("person")} if form.one("person") else {}
            number = {"identifier": form.one("identifier")} if form.one("identifier") else {}
            return ({"on": day.isoformat()} if day else {}) | own | person | number
        case "decline" | "cancel" | "request-cancellation":
            return {"reason": form.one("reason")}
        case "close":
            return {"reason": form.one("why")}
        case "attest":
            return {"decision": form.one("decision")}
        case "entered-in-error":
            return {"reason": form.one("error")}
        case "redirect":
            agency, _, service = form.one("elsewhere").partition("/")
            return {"to": {"agency": agency, "service": service}, "reason": form.one("because")}
        case "complete":
            return {"outcome": form.one("outcome")}
        case "acknowledge":
            return {"channel": "page"}
    return {}


async def _proof(visit: Visit, found: Json) -> str:
    """The contact that shows it: one that is written down already, or the one that the form describes."""
    chosen = visit.form.one("contact")
    if chosen not in {"", "new"}:
        return chosen
    body = contact_of(visit, "c-")
    if found["client"]:
        await warn(visit, found["client"]["client"], body, "c-")
    if visit.form.missing or not found["client"]:
        return ""
    if found["version"] not in _versions(visit, found):
        # Nothing is written down for a form that is out of date, unless it was that very form which ended it.
        return _ended_by(found)
    path = f"/clients/{found['client']['client']}/contacts"
    try:
        reply = await visit.api.post(path, {**body, "referral": found["referral"]}, f"{visit.form.key}-contact")
    except ApiProblem as problem:
        if not blamed(visit, problem, "c-"):
            raise
        return ""
    return str(reply.body["contact"])


def _ended_by(found: Json) -> str:
    """The contact by which it was completed. Raises ApiProblem 412 where it was not, or by nobody here."""
    for entry in counting(found["history"]):
        if str(entry["type"]).startswith("referral.completed.") and (
            shown := (entry.get("detail") or {}).get("evidence")
        ):
            return str(shown)
        if str(entry["type"]).startswith("referral.completed.") and (
            came := (entry.get("detail") or {}).get("appointment")
        ):
            return f"{VISIT}{came}"
    raise ApiProblem(STALE, {"type": "/problems/precondition-failed"})
