"""Owns the page on which it is planned how a client may be contacted, and what other pages show of it."""

from collections.abc import Mapping
from datetime import datetime

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.contact import moment_of
from services.gateway.pages.views.person import shown
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

MODES = ("phone", "text_two_way", "text_one_way", "video", "mail", "home_visit", "office_visit", "community_visit")
"""By which somebody tries to reach her, in the order of the form."""
FIELDS: Mapping[str, tuple[str, str]] = {
    "/modes": ("modes", N_("Say how she may be contacted, or that she may not be")),
    "/words": ("words", N_("Shorten the words: one line that everybody reads")),
    "/reason": ("plan_reason", N_("Shorten the reason")),
}


async def reach(visit: Visit, client: str) -> Json | None:
    """What was planned for her; None where nothing was, or where she is not known yet."""
    found = ((await visit.api.find(f"/clients/{client}/contact-plan")) or {}).get("safe_contact")
    return found if found and found["planned_at"] else None


async def warn(visit: Visit, client: str, body: Json, before: str = "", *, ahead: datetime | None = None) -> None:
    """Notes that a contact is outside her plan, unless the form says to do it all the same (R13).

    Such an attempt never counts; ways by which nobody tries to reach her, as a ride, no plan speaks of. `ahead` is
    when a contact that is promised will be; without it the form says when it was.
    """
    if visit.form.missing or visit.form.on("outside", "yes"):
        return
    plan, at = await reach(visit, client), ahead or moment_of(visit)
    if plan is None or at is None or at < datetime.fromisoformat(plan["planned_at"]):
        return
    if plan["contact_prohibited"] or (body["mode"] in MODES and body["mode"] not in plan["modes"]):
        visit.form.needs(f"{before}outside", _outside(visit, plan, promise=ahead is not None), unless=False)


def _outside(visit: Visit, plan: Json, *, promise: bool) -> str:
    say = visit.words.say
    if plan["contact_prohibited"]:
        if promise:
            return say("Her plan says that nobody may contact her. Promise it all the same?")
        return say("Her plan says that nobody may contact her. Record it all the same?")
    ways = visit.words.listed([say(terms.CONTACT_MODES[mode]) for mode in plan["modes"]])
    if promise:
        return say("Her plan says: %(ways)s, and no other way. Promise it all the same?", ways=ways)
    return say("Her plan says: %(ways)s, and no other way. Record it all the same?", ways=ways)


async def safe_contact_form(visit: Visit) -> Response:
    return await _page(visit)


async def plan_safe_contact(visit: Visit) -> Response:
    """How she may be contacted from now on; it takes the place of what was planned before."""
    handle = str(visit.request.path_params["handle"])
    client = visit.client_of(handle)
    form, say = visit.form, visit.words.say
    prohibited, modes = form.on("may", "no"), [mode for mode in form.all("modes") if mode in MODES]
    form.needs("modes", say("Say how she may be contacted, or that she may not be"), unless=prohibited or bool(modes))
    if form.missing:
        return await _page(visit, 422)
    body = {"modes": [] if prohibited else modes, "contact_prohibited": prohibited,
            "words": form.one("words") or None, "reason": form.one("plan_reason") or None}  # fmt: skip
    try:
        await visit.api.post(f"/clients/{client}/safe-contact-plan", body, form.key)
    except ApiProblem as problem:
        if not form.blame(problem.pointers, FIELDS, say):
            raise
        return await _page(visit, 422)
    return visit.go(f"/clients/{handle}?now=safe-contact#notice")


async def _page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    plan = await reach(visit, her["client"])
    return await visit.page("safe-contact.html", status, handle=handle, her=her, plan=plan, modes=MODES)
