"""What the twin answers about needs, screenings, the plan of contacts and group sessions."""

from datetime import datetime, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_twin import HUB, Json, Twin, problem, reference, stamp


def list_needs(twin: Twin, client: str, _: Json) -> Json:
    return {"items": [each for each in twin.needs if each["client"] == client], "next": None}


def need(twin: Twin, request: Request, body: Json) -> Response:
    """One need: read, resolved, or entered in error."""
    found = next((each for each in twin.needs if each["need"] == request.path_params["need"]), None)
    if found is None:
        return problem(404, "not-found")
    if "how" in body:
        found |= {"status": "resolved", "how": body["how"]}
    if "reason" in body:
        found |= {"status": "entered_in_error"}
    return JSONResponse(found)


def identified(twin: Twin, client: str, category: str, screening: str | None = None) -> Json:
    made: Json = {"need": reference(), "client": client, "category": category, "status": "identified", "how": None,
            "identified_at": stamp(twin.now), "screening": screening, "history": [], "version": 1}  # fmt: skip
    twin.needs.append(made)
    return made


def identify_need(twin: Twin, client: str, body: Json) -> Json:
    return identified(twin, client, body["category"])


ASKS = {"epds": "behavioral_health", "ipv": "intimate-partner-violence", "hunger_vital_sign": "food-insecurity"}


def record_screening(twin: Twin, client: str, body: Json) -> Json:
    results = body.get("domains") or [{"category": ASKS[body["instrument"]], "result": body["result"]}]
    made = {"screening": reference(), "client": client, "instrument": body["instrument"], "at": stamp(twin.now),
            "results": results, "score": None, "entered_in_error": False, "version": 1}  # fmt: skip
    twin.screenings.append(made)
    found = [
        identified(twin, client, each["category"], made["screening"])
        for each in results
        if each["result"] == "positive"
    ]
    return {"client": client, "screenings": [made], "needs": found, "offers": []}


def enter_screening_in_error(twin: Twin, request: Request, _: Json) -> Response:
    found = next(each for each in twin.screenings if each["screening"] == request.path_params["screening"])
    found["entered_in_error"] = True
    return JSONResponse(found)


def list_screenings(twin: Twin, client: str, _: Json) -> Json:
    return {"items": [each for each in twin.screenings if each["client"] == client], "next": None}


def plan_contact(twin: Twin, client: str, body: Json) -> Json:
    made = {"contact": reference(), "client": client, "status": "planned", "mode": body["mode"],
            "planned_for": body["planned_for"]}  # fmt: skip
    twin.promised.append(made)
    return {"contact": made["contact"], "client": client, "met": False, "version": 1}


def of_planned(twin: Twin, request: Request, body: Json) -> Response:
    """What came of a planned contact, or that it was called off."""
    contact = request.path_params["contact"]
    if all(each["contact"] != contact for each in twin.promised):
        return problem(404, "not-found")
    client = next(each["client"] for each in twin.promised if each["contact"] == contact)
    twin.promised = [each for each in twin.promised if each["contact"] != contact]
    if "mode" in body:
        told = twin.event("contact.recorded.v1", twin.now, HUB, mode=body["mode"], contact=contact)
        twin.recorded.append({"duration_min": None, "at": stamp(twin.now), **body, "contact": contact, "met": True,
                              "client": client, "status": "completed", "history": [told], "version": 2})  # fmt: skip
    return JSONResponse({"contact": contact, "outcome": body["outcome"], "version": 2})


def group_session(twin: Twin, request: Request, body: Json) -> Response:
    if "if-match" in request.headers:
        return problem(412, "precondition-failed")
    if any(each["client"] not in twin.clients for each in body["members"]):
        return problem(404, "not-found")
    made = [{"contact": reference(), "client": each["client"], "met": each["attended"]} for each in body["members"]]
    at = datetime.fromisoformat(body.get("at") or f"{body['on']}T20:00:00+00:00")
    for each in made:
        told = twin.event("contact.recorded.v1", at, HUB, mode="group_session", contact=each["contact"])
        twin.written.append({**each, "history": [told]})
    return JSONResponse({"cohort": None, "contacts": made}, 201)


def one_contact(twin: Twin, request: Request, body: Json) -> Response:
    """A contact that was recorded: read, amended, taken back or entered in error."""
    id = request.path_params["contact"]
    found = next((each for each in (*twin.written, *twin.recorded) if each["contact"] == id), None)
    if found is None:
        return problem(404, "not-found")
    if "mode" in body:
        found |= {"mode": body["mode"], "outcome": body["outcome"], "met": body["outcome"] == "completed"}
    if "reason" in body:
        found |= {"status": "entered_in_error", "met": False}
    if request.url.path.endswith("/take-back"):
        found |= {"status": "taken_back", "met": False}
    return JSONResponse(found)


def list_contacts(twin: Twin, client: str, _: Json) -> Json:
    """What was written down of her, the latest first."""
    found = [each for each in (*twin.written, *twin.recorded) if each["client"] == client and each.get("at")]
    return {"items": sorted(found, key=lambda each: str(each["at"]), reverse=True), "next": None}


def written(twin: Twin, client: str) -> Json:
    """A phone call of an hour ago."""
    contact = reference()
    told = twin.event("contact.recorded.v1", twin.now, HUB, mode="phone", outcome="completed", contact=contact)
    made: Json = {"contact": contact, "client": client, "status": "completed", "planned_for": None, "late": True,
                  "at": stamp(twin.now - timedelta(hours=1)), "mode": "phone", "outcome": "completed", "met": True,
                  "duration_min": 20, "history": [told], "version": 1}  # fmt: skip
    twin.written.append(made)
    return made
