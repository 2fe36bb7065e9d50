"""What the twin answers about visits: booked, moved, attended, missed, cancelled."""

import secrets
from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_steps import Answer, agency_of, is_stale, once, referral
from tests.gateway.upstream_twin import Json, Twin, problem, stamp


def visits(twin: Twin) -> dict[str, Json]:
    return {each["appointment"]: each for found in twin.referrals.values() for each in found["appointments"]}


def shown(twin: Twin, found: Json, agency: str) -> Json:
    """As a side sees it: the receiver may act on what is booked, and say what came of it once its time has come."""
    actions, until = [], None
    if twin.referrals[found["referral"]]["to"]["agency"] == agency and found["state"] != "entered_in_error":
        come = datetime.fromisoformat(found["due_at"]) <= twin.now
        booked = found["state"] == "booked"
        actions = ["reschedule", *(["attend", "no-show"] if come else []), "cancel"] if booked else ["take-back"]
        actions, until = [*actions, "entered-in-error"], None if booked else stamp(twin.now + timedelta(minutes=15))
    return {**found, "actions": actions, "take_back_until": until}


def appointment(twin: Twin, request: Request, _: Json) -> Response:
    found = visits(twin).get(request.path_params["appointment"])
    return JSONResponse(shown(twin, found, agency_of(request))) if found else problem(404, "not-found")


def planned(twin: Twin, client: str, _: Json) -> Json:
    mine = [each for each in visits(twin).values() if each["client"] == client]
    return {"items": [{**each, "actions": [], "take_back_until": None} for each in mine]}


def past(twin: Twin, body: Json) -> bool:
    return datetime.fromisoformat(body["due_at"]) <= twin.now


def malformed() -> Response:
    return problem(422, "malformed", errors=[{"pointer": "/due_at", "code": "visit-in-past", "message": "m"}])


def book(twin: Twin, request: Request, body: Json) -> Response:
    found = referral(twin, request)
    if not found:
        return problem(404, "not-found")
    if past(twin, body):
        return malformed()

    def made() -> Response:
        id = f"0194{secrets.token_hex(2)}-{secrets.token_hex(2)}-7000-8000-{secrets.token_hex(6)}"
        due_at = stamp(datetime.fromisoformat(body["due_at"]))
        visit = {"appointment": id, "referral": found["referral"], "client": found["client"]["client"],
                 "agency": found["to"], "state": "booked", "due_at": due_at, "attended_at": None, "by": None,
                 "notice_hours": None, "version": 1}  # fmt: skip
        found["appointments"].append(visit)
        found["history"].append(twin.event("appointment.booked.v1", twin.now, found["to"], due_at=due_at))
        return JSONResponse(visit, 201)

    return once(twin, request, made)


def visited(state: str) -> Answer:
    def answer(twin: Twin, request: Request, body: Json) -> Response:
        found = visits(twin).get(request.path_params["appointment"])
        if not found:
            return problem(404, "not-found")
        return once(twin, request, lambda: _visited(twin, request, found, (state, body)))

    return answer


def _visited(twin: Twin, request: Request, found: Json, asked: tuple[str, Json]) -> Response:
    state, body = asked
    if is_stale(request, found):
        return problem(412, "precondition-failed", version=found["version"])
    if "due_at" in body and past(twin, body):
        return malformed()
    named = {"booked": "taken_back" if not body else "rescheduled"}.get(state, state)
    found |= {name: said for name, said in body.items() if name != "reason"} | {
        "state": state,
        "version": found["version"] + 1,
    }
    if state == "attended":
        found["attended_at"] = found["due_at"]
    if "by" in body:
        found["notice_hours"] = 26
    of = twin.referrals[found["referral"]]
    detail = {name: found[name] for name in ("due_at", "by", "notice_hours") if found[name] is not None}
    of["history"].append(twin.event(f"appointment.{named}.v1", twin.now, of["to"], **detail))
    if state == "attended" and of["state"] == "accepted":
        of |= {"state": "in_service", "version": of["version"] + 1}
    return JSONResponse(found)
