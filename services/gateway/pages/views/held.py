"""Owns what somebody of the own agency looks after, and how it becomes a colleague's when they leave (R22)."""

from datetime import datetime

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.client import WAITS
from services.gateway.pages.views.staff import members, names, page
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_


async def step(visit: Visit) -> Response:
    """A press on the page of staff."""
    steps = {"held": held, "hand-on": hand_on}
    asked = str(visit.request.path_params["step"])
    if asked not in steps:
        raise ApiProblem.not_there()
    return await steps[asked](visit)


async def held(visit: Visit) -> Response:
    """What somebody who leaves looks after; who it is stands in the body, never in an address."""
    people = {item["subject"] for item in await members(visit)}
    visit.form.needs("from", visit.words.say("Say who leaves"), unless=visit.form.one("from") in people)
    return await page(visit, 422) if visit.form.missing else await _shown(visit)


async def hand_on(visit: Visit) -> Response:
    """Some of it, or all of it, becomes a colleague's."""
    form, say = visit.form, visit.words.say
    people = await names(visit)
    form.needs(
        "to", say("Say who looks after it from now on"), unless=form.one("to") in people.keys() - {form.one("from")}
    )
    form.needs("work", say("Tick what is handed on"), unless=bool(form.one("all") or form.one("work")))
    if form.missing:
        return await _shown(visit, 422)
    work = {} if form.one("all") else {"work": list(form.all("work"))}
    left = await visit.api.post("/staff/hand-on", {"from": form.one("from"), "to": form.one("to"), **work}, form.key)
    now = "some-handed-on" if left.body["items"] else "handed-on"
    return visit.go(f"/staff?now={now}#notice")


async def _shown(visit: Visit, status: int = 200) -> Response:
    person = visit.form.one("from")
    found = (await visit.api.post("/staff/held", {"person": person})).body
    everybody = {item["subject"]: item["name"] or item["subject"] for item in await members(visit)}
    others = {subject: name for subject, name in (await names(visit)).items() if subject != person}
    items = [{"id": item["id"], "title": _title(visit, item), "hint": _hint(visit, item)} for item in found["items"]]
    return await visit.page(
        "held.html", status, person=person, name=everybody.get(person, person), items=items, more=found["more"],
        others=others,
    )  # fmt: skip


def _title(visit: Visit, item: Json) -> str:
    """What it is, and whose where this reader may know."""
    say = visit.words.say
    need = say(terms.CATEGORIES.get(item["category"] or "", "Another need"))
    domain = say(terms.DOMAINS.get(item["domain"] or "", N_("Coordination")))
    what = {
        "referral": say("Referral: %(need)s", need=need),
        "handoff": say("Handoff: %(domain)s", domain=domain),
        "episode": say("You lead: %(domain)s", domain=domain),
        "contact": say("A contact that was promised"),
    }.get(item["kind"], say("Something on the work list"))
    name = (item["client"] or {}).get("name")
    return say("%(name)s. %(what)s", name=name, what=what) if name else what


def _hint(visit: Visit, item: Json) -> str:
    say, parts = visit.words.say, []
    if item["claimed"]:
        parts.append(say("They said that they do it"))
    if waited := WAITS.get(item["waits_for"] or ""):
        parts.append(say(waited))
    if item["due"]:
        parts.append(say("Due %(day)s", day=visit.words.day(datetime.fromisoformat(item["due"]), visit.today)))
    return ". ".join(parts)
