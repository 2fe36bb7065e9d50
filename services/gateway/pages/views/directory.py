"""Owns the directory: who could help and has room, an agency's own services, and its room said with one press."""

from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import STALE, ApiProblem, Json
from services.gateway.pages.views import fitting, opening_hours
from services.gateway.pages.views.room import room_told
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

ROOMS = {"open": N_("We have room"), "waitlist": N_("Waiting list"), "full": N_("We are full")}
SHOWN = 20
FINDS = {
    "/text": ("text", N_("Write less, in one line")),
    "/fit/zip": ("zip", N_("A ZIP code has 5 digits")),
    "/fit/age": ("age", N_("Write her age as a number of years")),
}


async def directory(visit: Visit) -> Response:
    """Everybody who could help, with the own services on top."""
    return await _page(visit)


async def find_services(visit: Visit) -> Response:
    """Those who fit what was asked for; what was typed goes in no address."""
    return await _page(visit)


async def state_room(visit: Visit) -> Response:
    """An agency says whether one of its services has room: one press, or a form with more to say."""
    service = str(visit.request.path_params["service"])
    form, say = visit.form, visit.words.say
    body: dict[str, Any] = {"room": form.one("room")}
    form.needs("room", say("Say whether there is room"), unless=form.one("room") in (*ROOMS, "not_known"))
    if form.one("from"):
        form.needs("from", say("Give the day from which there is room"), unless=form.day("from") is not None)
        body["from_on"] = form.one("from")
    if form.one("waiting") and form.on("room", "waitlist"):
        body["waitlist_length"] = form.number("waiting")
        form.needs("waiting", say("Write how many wait as a number"), unless=body["waitlist_length"] is not None)
    if not form.missing:
        try:
            await visit.api.replace(f"/directory/services/{service}/capacity", body, form.version, form.key)
        except ApiProblem as problem:
            fields = {
                "/from_on": ("from", N_("Give the day from which there is room")),
                "/waitlist_length": ("waiting", N_("Write how many wait as a number")),
            }
            if problem.slug != "malformed" or not form.blame(problem.pointers, fields, say):
                raise
    if form.missing:
        return await _page(visit, 422, told=service)
    return visit.go("/directory?now=room#notice")


async def back_to_directory(visit: Visit) -> Response:
    """Somebody loads the address of a press."""
    return visit.go("/directory")


async def agency(visit: Visit) -> Response:
    """One agency with all its services, and what its administrator or the backbone may do."""
    return await agency_page(visit, str(visit.request.path_params["agency"]))


async def agency_page(visit: Visit, id: str, status: int = 200) -> Response:
    found = await visit.api.get(f"/directory/agencies/{id}")
    return await visit.page(
        "agency.html",
        status,
        found=found,
        now=visit.request.query_params.get("now", ""),
        edits=may_edit(visit, id),
        room_of=lambda service: room_told(visit, service),
        open_words=lambda service: opening_hours.told(visit, service),
        standings=terms.STANDINGS,
        standing_shapes=terms.STANDING_SHAPES,
        statuses=terms.SERVICE_STATUSES,
        categories=terms.CATEGORIES,
        fresh=visit.form.key,
        stale=status == STALE,
    )


def may_edit(visit: Visit, agency: str) -> bool:
    """Whether this person looks after the entry of an agency."""
    return visit.may("backbone") or (visit.may("agency_admin") and visit.who.agency == agency)


async def _page(visit: Visit, status: int = 200, told: str = "") -> Response:
    form, say = visit.form, visit.words.say
    body, fit = _sought(visit)
    asked = bool(body or fit) and not told
    services: list[Json] = []
    try:
        services = await fitting.offered(visit, fit if asked else {}, body if asked else {})
    except ApiProblem as problem:
        if problem.slug != "malformed" or not form.blame(problem.pointers, FINDS, say):
            raise
        status = 422
    status = 422 if form.missing else status
    own = await _own(visit)
    needs = {code: say(words) for code, words in terms.CATEGORIES.items()}
    listed = [each for each in services if not each.get("unfit")]
    return await visit.page(
        "directory.html",
        status,
        own=own,
        others=listed,
        unfit=services if asked and not listed else [],
        nobody=fitting.nobody(visit, services, fit) if asked else None,
        without=await _without(visit, body, fit) if asked and not services and not form.missing else [],
        lacks=lambda each: fitting.lacks(visit, each, fit),
        spoken=terms.SPOKEN,
        shown=SHOWN,
        asked=asked,
        told=told,
        now=visit.request.query_params.get("now", ""),
        needs=dict(sorted(needs.items(), key=lambda item: item[1].casefold())),
        rooms=ROOMS,
        room_of=lambda service: room_told(visit, service),
        agencies=await _agencies(visit),
        standings=terms.STANDINGS,
        standing_shapes=terms.STANDING_SHAPES,
        fresh=form.key,
    )


def _sought(visit: Visit) -> tuple[Json, Json]:
    """What a service has to be, and what of her it may fit or not."""
    form = visit.form
    body: Json = {name: form.one(name) for name in ("text", "category") if form.one(name)}
    fit: Json = {name: form.one(name) for name in ("zip", "language") if form.one(name)}
    if form.one("age"):
        age = form.number("age")
        form.needs("age", visit.words.say("Write her age as a number of years"), unless=age is not None)
        fit |= {} if age is None else {"age": age}
    return body | ({"has_room": True} if form.on("has_room", "yes") else {}), fit


async def _without(visit: Visit, body: Json, fit: Json) -> list[str]:
    """Which of what was asked for nobody meets: that there is somebody without it, one sentence each."""
    said = {"has_room": N_("Without asking for room: %(number)s."), "text": N_("Without those words: %(number)s.")}
    found = []
    for name in (name for name in said if name in body):
        there = await fitting.offered(visit, fit, {each: value for each, value in body.items() if each != name})
        found += [visit.words.say(said[name], number=visit.words.number(len(there)))] if there else []
    return found


async def _own(visit: Visit) -> list[Json]:
    """The services of the person's own agency that are open."""
    if visit.who.agency is None:
        return []
    found = await visit.api.find(f"/directory/agencies/{visit.who.agency}")
    return [each for each in found["services"] if each["status"] == "active"] if found else []


async def _agencies(visit: Visit) -> list[Json]:
    """Every agency that there ever was, for the backbone alone."""
    if not visit.may("backbone"):
        return []
    found = await visit.api.every("/directory/agencies")
    for standing in ("invited", "left"):
        found += await visit.api.every("/directory/agencies", standing=standing)
    return found
