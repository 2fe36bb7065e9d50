"""What the twin answers about referrals and handoffs, and to the steps of their sides: once a key, on one version."""

import base64
import functools
import json
import secrets
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_twin import (
    ACTIONS,
    AFTER,
    DIAPERS,
    DOULAS,
    HUB,
    NORTH,
    SENDERS,
    Json,
    Twin,
    problem,
    reference,
    stamp,
)

Answer = Callable[[Twin, Request, Json], Response]
ENDED = {"completed", "declined", "not_completed", "redirected"}


def agency_of(request: Request) -> str:
    return _said(request, "agency")


def subject_of(request: Request) -> str:
    return _said(request, "sub")


def _said(request: Request, claim: str) -> str:
    """The twin believes whatever a token's body says; the gateway has checked it."""
    body = request.headers["authorization"].split(".")[1]
    return str(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))[claim])


def named(agency: str) -> Json:
    return next(known for known in (NORTH, HUB, DOULAS, DIAPERS) if known["agency"] == agency)


def referral(twin: Twin, request: Request) -> Json | None:
    found = twin.referrals.get(request.path_params["referral"])
    return found if found and agency_of(request) in {found["from"]["agency"], found["to"]["agency"]} else None


def shown(found: Json, agency: str, asked: Json) -> Json:
    ours = found["to"]["agency"] == agency
    actions = ACTIONS.get(found["state"], []) if ours and found["mode"] == "direct" else []
    if asked.get("names") == "false":
        found = unnamed(found)
    if not ours and found["mode"] == "direct":
        actions = SENDERS.get(found["state"], [])
    if not ours and found["state"] in ENDED and not found["facts"]["closed"]["yes"]:
        actions = ["acknowledge"]
    if not ours and found["state"] != "entered_in_error":
        actions = [*actions, "entered-in-error"]
    if ours and found["state"] in {"completed", "not_completed"} and not found.get("attested"):
        actions = [*actions, "attest"]
    if may_take_back(found, agency):
        actions = [*actions, "take-back"]
    found = {**found, "outreach": outreach(found) if "close" in actions else None}
    return {**found, "actions": actions, "take_back_until": found["history"][-1]["at"]}


def outreach(found: Json) -> Json:
    """Every contact of the twin is an attempt, all of them on one day."""
    modes = [each["detail"]["mode"] for each in found["history"] if each["type"] == "contact.recorded.v1"]
    needed = {"attempts_needed": 3, "days_needed": 0, "modes_needed": 2}
    return {"attempts": len(modes), "days": 0, "modes": len(set(modes)), **needed}


def may_take_back(found: Json, agency: str) -> bool:
    """Whether the last thing that happened is a step of this agency that can be taken back."""
    last = found["history"][-1]
    kept = {"sent", "received", "acknowledged", "taken_back"}
    return last["agency"]["agency"] == agency and last["type"].split(".")[1] not in kept


def unnamed(found: Json) -> Json:
    return {**found, "client": {**found["client"], "name": None}}


def once(twin: Twin, request: Request, answer: Callable[[], Response]) -> Response:
    """The first good answer again, for a key that came before on this address."""
    place = f"{request.url.path} {request.headers.get('idempotency-key', secrets.token_hex(8))}"
    if place in twin.answered:
        status, body = twin.answered[place]
        return JSONResponse(body, status, headers={"Idempotent-Replay": "true"})
    said = answer()
    if said.status_code < 300:
        twin.answered[place] = (said.status_code, json.loads(bytes(said.body)))
    return said


def is_stale(request: Request, found: Json) -> bool:
    wanted = request.headers.get("if-match")
    return wanted is not None and f'"{found["version"]}"' not in wanted.split(", ")


def step(verb: str) -> Answer:
    def answer(twin: Twin, request: Request, body: Json) -> Response:
        found = referral(twin, request)
        if not found:
            return problem(404, "not-found")
        return once(twin, request, lambda: _step(twin, request, found, (verb, body)))

    return answer


def _step(twin: Twin, request: Request, found: Json, asked: tuple[str, Json]) -> Response:
    verb, body = asked
    agency = agency_of(request)
    if is_stale(request, found):
        return problem(412, "precondition-failed", version=found["version"])
    if verb not in shown(found, agency, {})["actions"]:
        return problem(409, "referral-already-answered", stands=found["state"])
    fact = {
        "accept": "responded",
        "decline": "responded",
        "waitlist": "responded",
        "redirect": "responded",
        "complete": "connected",
        "acknowledge": "closed",
        "cancel": "closed",
    }
    if verb in fact:
        found["facts"][fact[verb]] |= {"yes": True, "at": stamp(twin.now)}
    if verb == "take-back":
        body = {"event": found["history"][-1]["event"]}
    found["before"], found["state"] = (
        found["state"],
        found["before"] if verb == "take-back" else AFTER.get(verb, found["state"]),
    )
    if verb == "accept":
        found["person"] = body.get("person", subject_of(request))
    found["overdue"] = False
    found["attested"] = body.get("decision", found.get("attested"))
    found["reason"] = body.get("reason", found.get("reason"))
    past = {"receive": "received", "accept": "accepted", "decline": "declined", "complete": "completed",
            "waitlist": "waitlisted", "redirect": "redirected", "acknowledge": "acknowledged", "cancel": "cancelled",
            "request-cancellation": "cancellation_requested", "confirm-cancellation": "cancelled",
            "take-back": "taken_back", "entered-in-error": "entered_in_error", "close": "not_completed",
            "attest": "attested"}  # fmt: skip
    detail = {**body, "evidence": body["contact"]} if "contact" in body else body
    found["history"].append(twin.event(f"referral.{past[verb]}.v1", twin.now, named(agency), **detail))
    found["version"] += 1
    return JSONResponse({"referral": found["referral"], "state": found["state"], "version": found["version"]})


def contact(twin: Twin, request: Request, body: Json) -> Response:
    """A contact; the first that names an accepted referral begins its service."""
    client = request.path_params["client"]
    if client not in twin.clients:
        return problem(404, "not-found")

    def answer() -> Response:
        twin.contacts.append(body)
        made = {"contact": reference(), "client": client, "met": True, "version": 1}
        told = twin.event("contact.recorded.v1", twin.now, HUB, contact=made["contact"], mode=body["mode"])
        twin.recorded.append({"duration_min": None, "at": stamp(twin.now), **body, **made, "status": "completed",
                              "planned_for": None, "late": False, "history": [told]})  # fmt: skip
        if id := body.get("referral"):
            found = twin.referrals[id]
            if found["state"] == "accepted":
                found |= {"state": "in_service", "version": found["version"] + 1}
            found["facts"]["connected"] |= {"yes": True, "at": body.get("at") or stamp(twin.now)}
            event = twin.event("contact.recorded.v1", twin.now, found["to"], contact=made["contact"], mode=body["mode"])
            found["history"].append(event)
        return JSONResponse(made, 201)

    return once(twin, request, answer)


HANDOFF_AFTER = {
    "accept": "accepted",
    "decline": "declined",
    "client-declines": "client_declined",
    "withdraw": "withdrawn",
    "take-back": "offered",
}


def is_unread(found: Json) -> bool:
    """Whether a handoff was not taken up, and its sender has not read that."""
    read = {event["type"] for event in found["history"]} & {"handoff.acknowledged.v1"}
    return found["state"] in {"declined", "expired", "failed"} and not read


def handoff(twin: Twin, request: Request, body: Json) -> Response:
    found = twin.handoffs.get(request.path_params["handoff"])
    if not found:
        return problem(404, "not-found")
    if request.url.path.endswith("/given"):
        return JSONResponse({"fields": {"phones": ["555 010 0134"]}, "note": None, "safe_contact_plan": None})
    if request.method == "POST":
        return once(twin, request, functools.partial(_handoff_step, twin, request, found, body))
    ours = found["to"]["agency"] == agency_of(request) and found["state"] == "offered"
    told = unnamed(found) if body.get("names") == "false" else found
    mine = found["from"]["agency"] == agency_of(request) and found["state"] == "offered"
    senders = ["client-declines", "withdraw", "introduce"] if mine else []
    if found["from"]["agency"] == agency_of(request) and is_unread(found):
        senders = ["acknowledge"]
    receivers = ["accept", "decline"] if ours else []
    if found["to"]["agency"] == agency_of(request) and found["state"] == "accepted":
        receivers = ["introduce"]
    if may_take_back(found, agency_of(request)) and found["state"] in {"accepted", "declined"}:
        receivers = [*(["introduce"] if found["state"] == "accepted" else []), "take-back"]
    until = found["history"][-1]["at"] if "take-back" in receivers else None
    lead = "receiver" if found["state"] in {"accepted", "completed"} else found.get("lead", "sender")
    told = {**told, "lead": lead}
    return JSONResponse({**told, "take_back_until": until, "actions": found.get("may") or receivers or senders})


def _handoff_step(twin: Twin, request: Request, found: Json, body: Json) -> Response:
    verb = request.url.path.rpartition("/")[2]
    if is_stale(request, found):
        return problem(412, "precondition-failed", version=found["version"])
    if verb == "introduce":
        found["client_present"] = body["client_present"]
    else:
        found["state"] = HANDOFF_AFTER.get(verb, found["state"])
    found["version"] += 1
    past = {"introduce": "introduced", "take-back": "taken_back", "acknowledge": "acknowledged"}
    told = past.get(verb, found["state"])
    if verb == "take-back":
        body = {"event": found["history"][-1]["event"]}
    found["history"].append(twin.event(f"handoff.{told}.v1", twin.now, found["to"], **body))
    return JSONResponse({"handoff": found["handoff"], "state": found["state"], "version": found["version"]})
