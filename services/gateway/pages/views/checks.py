"""Owns the page of a capacity check: "have you room?", asked without a client, answered, and sent to a yes (R2)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.room import room_told
from services.gateway.pages.visit import Visit

ANSWERS = frozenset({"yes", "no"})
MOST_ASKED = 20


async def check(visit: Visit) -> Response:
    """What was asked, and what came of it."""
    return await _page(visit, await _found(visit))


async def answer(visit: Visit) -> Response:
    """The asked agency says whether there is room, by one press."""
    form, say = visit.form, visit.words.say
    id, said = str(visit.request.path_params["check"]), form.one("answer")
    form.needs("answer", say("Say yes or no"), unless=said in ANSWERS)
    body: dict[str, Any] = {"service": form.one("service"), "answer": said}
    if said == "yes" and form.one("from"):
        form.needs("from", say("Give the day from which there is room"), unless=form.day("from") is not None)
        body["from_on"] = form.one("from")
    if not form.missing:
        try:
            await visit.api.post(f"/capacity-checks/{id}/answers", body, form.key)
        except ApiProblem as problem:
            if problem.slug == "malformed":
                form.needs("from", say("Give the day from which there is room"), unless=False)
            elif problem.slug != "check-already-answered":
                raise
            else:
                return await _page(visit, await _found(visit), problem.status, stale=True)
    if form.missing:
        return await _page(visit, await _found(visit), 422)
    return visit.go(f"/checks/{id}?now=answered#notice")


async def close(visit: Visit) -> Response:
    """Whoever asked needs no answer any more."""
    id = str(visit.request.path_params["check"])
    await visit.api.post(f"/capacity-checks/{id}/close", {}, visit.form.key)
    return visit.go(f"/checks/{id}?now=closed#notice")


def asked_in(visit: Visit) -> str | None:
    """The check of which this form came, which is closed by sending it (R2)."""
    try:
        return str(UUID(visit.form.one("asked_in")))
    except ValueError:
        return None


async def ask_who_could_help(visit: Visit) -> None:
    """From the send page, and nothing typed there is lost: those whose room is not known are asked, else all."""
    form = visit.form
    offered = await visit.api.every("/directory/services", category=form.one("need"))
    others = [each for each in offered if each["agency"]["agency"] != visit.who.agency and each["agency"]["on_system"]]
    targets = [each for each in others if room_told(visit, each).unknown] or others
    if targets:
        body = {"category": form.one("need"), "to": [each["service"] for each in targets[:MOST_ASKED]]}
        await visit.api.post("/capacity-checks", body, f"{form.key}-ask")
    form.values = {**form.values, "do": ("asked" if targets else "services",)}


async def _found(visit: Visit) -> Json:
    return await visit.api.get(f"/capacity-checks/{visit.request.path_params['check']}")


async def _page(visit: Visit, found: Json, status: int = 200, *, stale: bool = False) -> Response:
    found["questions"].sort(key=lambda each: not each["suggested"])
    yes = [each for each in found["questions"] if each["answer"] == "yes"]
    return await visit.page(
        "check.html",
        status,
        found=found,
        now=visit.request.query_params.get("now", ""),
        due=datetime.fromisoformat(found["due"]),
        yes=yes,
        said_no=any(each["answer"] == "no" for each in found["questions"]),
        open=[each for each in found["questions"] if each["state"] == "asked"],
        states=terms.CHECK_STATES,
        shapes=terms.CHECK_SHAPES,
        why=terms.CHECK_RULES.get(found["rule"] or "", ""),
        need=terms.CATEGORIES.get(found["category"], found["category"]),
        fresh=visit.form.key,
        stale=stale,
    )
