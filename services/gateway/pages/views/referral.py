"""Owns the page of one referral: where it is, whose turn it is, what happened, and what this side may do now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.contact import CONTACT_FIELDS, contact_of, evidence
from services.gateway.pages.views.history import entries
from services.gateway.pages.views.person import full_name
from services.gateway.pages.visit import Visit

# Where the receiver knows her: before it accepts, she has no page there.
HERS = frozenset({"accepted", "in_service", "completed", "not_completed", "cancel_requested"})
STEPS = {"accept", "decline", "complete", "acknowledge", "receive"}
# What was done, as the notice of the page that follows.
DONE = frozenset({"sent", "accept", "decline", "complete", "acknowledge", "contact"})
CONFLICT = 409


@dataclass(frozen=True)
class Stage:
    """One stop of the loop: done, now, exit or (empty) not yet."""

    name: str
    mark: str
    at: datetime | None


async def referral(visit: Visit) -> Response:
    found = await visit.api.get(f"/referrals/{visit.request.path_params['referral']}")
    return await _page(visit, found)


async def open_referral(visit: Visit) -> Response:
    """Somebody opened it from the work list: the receiver has received it, or the sender was told (R11)."""
    id = visit.request.path_params["referral"]
    actions = (await visit.api.get(f"/referrals/{id}"))["actions"]
    step = next((verb for verb in ("receive", "acknowledge") if verb in actions), None)
    if step is not None:
        await visit.api.post(f"/referrals/{id}/{step}", _body(visit, step), visit.form.key)
    return visit.go(f"/referrals/{id}")


async def step_referral(visit: Visit) -> Response:
    """One step of the side that pressed; a step that misses something shows the page again with what was typed."""
    id, step = visit.request.path_params["referral"], str(visit.request.path_params["step"])
    if step not in STEPS:
        raise ApiProblem(404, {"type": "/problems/not-found"})
    found = await visit.api.get(f"/referrals/{id}")
    _check(visit, step)
    if visit.form.missing:
        return await _page(visit, found, 422)
    body = _body(visit, step)
    if step == "complete":
        body["contact"] = await _proof(visit, found)
        if visit.form.missing:
            return await _page(visit, found, 422)
    await visit.api.post(f"/referrals/{id}/{step}", body, visit.form.key)
    return visit.go(f"/referrals/{id}?now={step}#notice" if step in DONE else f"/referrals/{id}")


async def contact_for_referral(visit: Visit) -> Response:
    """A support contact that belongs to this referral; the first that reached her connects it."""
    id = visit.request.path_params["referral"]
    found = await visit.api.get(f"/referrals/{id}")
    body = contact_of(visit)
    if visit.form.missing or not found["client"]:
        return await _page(visit, found, 422)
    try:
        path = f"/clients/{found['client']['client']}/contacts"
        await visit.api.post(path, {**body, "referral": id}, visit.form.key)
    except ApiProblem as problem:
        if not visit.form.blame(problem.pointers, CONTACT_FIELDS):
            raise
        return await _page(visit, found, 422)
    return visit.go(f"/referrals/{id}?now=contact#notice")


def _check(visit: Visit, step: str) -> None:
    say, form = visit.words.say, visit.form
    match step:
        case "accept":
            if form.one("on") and form.day("on") is None:
                form.needs("on", say("Give the first contact a date"), unless=False)
        case "decline":
            form.needs("reason", say("Say why, so that the sender can look further"))
        case "complete":
            form.needs("outcome", say("Say how it ended for her"))


def _body(visit: Visit, step: str) -> dict[str, Any]:
    form = visit.form
    match step:
        case "accept":
            day = form.day("on")
            return {"on": day.isoformat()} if day else {}
        case "decline":
            return {"reason": form.one("reason")}
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
    if visit.form.missing or not found["client"]:
        return ""
    path = f"/clients/{found['client']['client']}/contacts"
    reply = await visit.api.post(path, {**body, "referral": found["referral"]}, f"{visit.form.key}-contact")
    return str(reply.body["contact"])


async def _page(visit: Visit, found: Json, status: int = 200) -> Response:
    ours = found["to"]["agency"] == visit.who.agency
    given = await visit.api.find(f"/referrals/{found['referral']}/given") if ours else None
    history = entries(visit, found["history"], found)
    client = found.get("client")
    return await visit.page(
        "referral.html",
        status,
        found=found,
        ours=ours,
        given=given,
        handle=visit.handles.of(client["client"]) if client and (not ours or found["state"] in HERS) else None,
        name=(client or {}).get("name") or full_name(((given or {}).get("fields") or {}).get("name")),
        stages=_stages(visit, found),
        ended=found["state"] in terms.ENDED,
        history=history,
        proofs=evidence(found["history"]),
        now=visit.request.query_params.get("now") if status == 200 else None,  # noqa: PLR2004 - a good page
        facts=_facts(visit, found),
    )


def _stages(visit: Visit, found: Json) -> list[Stage]:
    """The stops on top of the thread; one that ended otherwise has its end instead of the stops that it missed."""
    times = _times(found["history"])
    state, say = str(found["state"]), visit.words.say
    told = found["facts"]["closed"]["yes"]
    stops = [("sent", say("Sent")), ("received", say("Received")), ("accepted", say("Accepted"))]
    stops += [("service_started", say("In service")), ("completed", say("Completed"))]
    if state in terms.ENDED and state != "completed":
        stops = [stop for stop in stops if stop[0] in times] + [(state, say(terms.STATES[state]))]
    current = {"sent": "sent", "in_service": "service_started"}.get(state, state)
    stages = []
    for code, name in stops:
        mark = "done" if code in times else ""
        if code == current and not told:
            mark = "exit now" if state in terms.ENDED and state != "completed" else "now"
        elif code == state and state in terms.ENDED and state != "completed":
            mark = "exit"
        stages.append(Stage(name, mark, times.get(code)))
    last = _moment(found["facts"]["closed"].get("at"))
    return [*stages, Stage(say("Sender told"), "done" if told else "", last)]


def _times(history: list[Json]) -> Mapping[str, datetime]:
    times: dict[str, datetime] = {}
    for entry in history:
        name = str(entry["type"]).split(".")[1]
        at = datetime.fromisoformat(entry["at"])
        if str(entry["type"]).startswith("referral.") and (name not in times or at < times[name]):
            times[name] = at
    return times


def _facts(visit: Visit, found: Json) -> list[tuple[bool, str, str]]:
    say, words, facts = visit.words.say, visit.words, found["facts"]
    sent = _moment(found["sent_at"]) or visit.now
    lines = []
    names = {
        "responded": (say("Responded: yes"), say("Responded: not yet")),
        "connected": (say("Connected: yes"), say("Connected: not yet")),
        "closed": (say("Closed, sender told: yes"), say("Closed, sender told: not yet")),
    }
    for code, (yes, no) in names.items():
        at = _moment(facts[code].get("at"))
        if facts[code]["yes"] and at:
            days = (words.local(at).date() - words.local(sent).date()).days
            text = words.count("in %(number)s day, on %(day)s", "in %(number)s days, on %(day)s", days,
                               day=words.day(at, visit.today)) if days else say("the same day")  # fmt: skip
        else:
            days = (visit.today - words.local(sent).date()).days
            text = words.count("%(number)s day since it was sent", "%(number)s days since it was sent", days)
        lines.append((bool(facts[code]["yes"]), yes if facts[code]["yes"] else no, text))
    return lines


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
