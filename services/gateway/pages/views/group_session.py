"""Owns the page of a group session: who was expected, who came, written down for all of them at once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views import person
from services.gateway.pages.views.contact import TOO_LONG_AGO, when_of
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

MOST = 60
GONE = ("contact.entered_in_error.", "contact.taken_back.")
ABOUT = ("group_prenatal_care", "childbirth_education", "lactation", "father_engagement", "social-connection")
FIELDS: Mapping[str, tuple[str, str]] = {
    "/at": ("day", N_("Say when it took place; it cannot be in the future")),
    "/on": ("day", N_("Say when it took place; it cannot be in the future")),
    "/members": ("members", N_("Her due date is not one of this group's: look at who is in it")),
    "/cohort": ("due_until", N_("Check the due dates of the group: three months at most")),
    "/duration_min": ("minutes", N_("Say how many minutes it took")),
}


async def group_form(visit: Visit) -> Response:
    return await _page(visit, [])


async def record_group(visit: Visit) -> Response:
    """A step of the form, which keeps who was chosen; or the whole session, asked about where it is there already."""
    form, say = visit.form, visit.words.say
    chosen = list(dict.fromkeys(each for each in (*form.all("member"), *form.all("add")) if each))[:MOST]
    if form.one("do") == "find":
        if any(form.all("add")):  # who was looked for is found: the next search begins anew
            form.values = {name: value for name, value in form.values.items() if name not in {"find", "add"}}
        found = await person.found(visit) if form.one("find") else None
        return await _page(visit, chosen, found)
    body = _session(visit, chosen)
    if form.missing:
        return await _page(visit, chosen, status=422)
    if not form.on("again", "yes") and await _is_there(visit, body):
        form.needs("again", say("It is written down already for this day. Was there another?"), unless=False)
    try:
        # A form that is sent twice ends where it ended first: its session is there by then.
        reply = await (visit.api.again if form.missing else visit.api.post)("/group-sessions", body, form.key)
    except ApiProblem as problem:
        if TOO_LONG_AGO & set(problem.codes):
            form.needs("day", say("This is long before your agency knew of her. Check the year"), unless=False)
        elif problem.slug != "malformed" or not form.blame(problem.pointers, FIELDS, say):
            raise
        reply = None
    if reply is None:
        return await _page(visit, chosen, status=422)
    return visit.go("/group-session?now=recorded#notice")


def _session(visit: Visit, chosen: list[str]) -> dict[str, Any]:
    """The body of the session; what is missing is noted in the form."""
    form, say = visit.form, visit.words.say
    form.needs("members", say("Choose who was expected"), unless=bool(chosen))
    for each in chosen:
        form.needs(
            f"came-{each}", say("Say of each whether she came"), unless=form.one(f"came-{each}") in {"yes", "no"}
        )
    when = when_of(visit)
    form.needs("day", say("Say when it took place; it cannot be in the future"), unless=bool(when))
    members = [{"client": visit.client_of(each), "attended": form.on(f"came-{each}", "yes")} for each in chosen]
    body: dict[str, Any] = {"members": members, **when}
    if form.one("about") in ABOUT:
        body["tags"] = [form.one("about")]
    if form.one("minutes"):
        body["duration_min"] = form.number("minutes")
        form.needs("minutes", say("Say how many minutes it took"), unless=bool(body["duration_min"]))
    days = {name: form.day(name) for name in ("due_from", "due_until")}
    if any(form.one(name) for name in days):
        whole = all(days.values())
        form.needs("due_until", say("Check the due dates of the group: three months at most"), unless=whole)
        body["cohort"] = {name: day.isoformat() for name, day in days.items() if day}
    return body


async def _is_there(visit: Visit, body: Json) -> bool:
    """Whether each of them has a group session of this agency's on that day already."""
    for member in body["members"]:
        timeline = await visit.api.find(f"/clients/{member['client']}/timeline") or {"entries": []}
        if not any(_is_session(visit, entry) for entry in _standing(timeline["entries"])):
            return False
    return True


def _standing(entries: list[Json]) -> list[Json]:
    """Contacts without those that were entered in error or taken back."""
    told = [each for each in entries if str(each["type"]).startswith("contact.")]
    gone = {each["detail"].get("contact") for each in told if str(each["type"]).startswith(GONE)}
    return [each for each in told if each["detail"].get("contact") not in gone]


def _is_session(visit: Visit, entry: Json) -> bool:
    on = visit.words.local(datetime.fromisoformat(entry["at"])).date()
    ours = entry["agency"]["agency"] == visit.who.agency
    return ours and entry["detail"].get("mode") == "group_session" and on == visit.form.day("day")


async def _page(visit: Visit, chosen: list[str], found: list[Json] | None = None, status: int = 200) -> Response:
    members = [await person.shown(visit, handle) for handle in chosen]
    return await visit.page(
        "group-session.html",
        422 if visit.form.missing else status,
        members=members,
        found=found and [each for each in found if each["handle"] not in chosen],
        all_in=bool(found) and all(each["handle"] in chosen for each in found or ()),
        about=ABOUT,
        now=visit.request.query_params.get("now"),
    )
