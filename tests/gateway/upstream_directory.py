"""What the twin answers of the directory: agencies, services, and the room that they say they have."""

import secrets
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_steps import agency_of
from tests.gateway.upstream_twin import DIAPERS, DOULAS, HUB, NORTH, Json, Twin, problem, stamp

OFFERED = (
    (DOULAS, "birth-doula", "Birth doula", "doula"),
    (HUB, "chw", "Care coordination", "home_visiting"),
    (DIAPERS, "diapers", "Diapers", "material-hardship"),
    (NORTH, "prenatal", "Prenatal care navigation", "prenatal_care_navigation"),
)
REACHED: Json = {
    "phones": [
        {"number": "559 555 0142", "type": "voice", "description": "answered 8 am to 5 pm"},
        {"number": "559 555 0143", "type": "fax", "description": None},
    ],
    "addresses": [
        {"address_1": "100 Sample Street", "city": "Exampleville", "state_province": "CA", "postal_code": "93700"}
    ],
}


def entry(twin: Twin, agency: Json, id: str, name: str, category: str) -> Json:
    plain = {
        "agency": {**agency, "on_system": agency != DIAPERS, **REACHED},
        "service": id, "name": name, "category": category,
        "status": "active", "description": None, "eligibility_description": None, "minimum_age": None,
        "maximum_age": None, "languages": ["en", "es"], "counties": [], "zips": [], "required_documents": [],
        "schedules": [], "next_open": None, "room": "not_known", "room_as_of": None, "room_age_days": None,
        "room_from": None, "waitlist_length": None, "usually_answers_days": None, "version": 1,
    }  # fmt: skip
    return plain | twin.entries.get(id, {})


def every(twin: Twin) -> list[Json]:
    return [entry(twin, *each) for each in OFFERED]


def services(twin: Twin, request: Request, asked: Json) -> Response:
    fit: Json = asked.get("fit") or {}
    if fit.get("zip") and not str(fit["zip"]).isdecimal():
        return problem(422, "malformed", errors=[{"pointer": "/fit/zip", "code": "x", "message": "m"}])
    found = [each for each in every(twin) if each["status"] == "active"]
    for name in ("category", "room"):
        wanted = asked.get(name) if name == "category" else ("open" if asked.get("has_room") else None)
        found = [each for each in found if wanted in (None, each[name])]
    text = str(asked.get("text", "")).casefold()
    items = [each | ({"unfit": unfit(each, fit)} if fit else {}) for each in found if text in each["name"].casefold()]
    return JSONResponse({"items": sorted(items, key=lambda each: len(each.get("unfit", []))), "next": None})


def unfit(each: Json, fit: Json) -> list[str]:
    missed = {
        "age": bool(fit.get("age") and each["minimum_age"] and fit["age"] < each["minimum_age"]),
        "zip": bool(fit.get("zip") and each["zips"] and fit["zip"] not in each["zips"]),
        "language": bool(fit.get("language") and fit["language"] not in each["languages"]),
    }
    return [name for name, misses in missed.items() if misses]


def service(twin: Twin, request: Request, _: Json) -> Response:
    found = [each for each in every(twin) if each["service"] == request.path_params["service"]]
    return JSONResponse(found[0]) if found else problem(404, "not-found")


def agencies(twin: Twin, request: Request, asked: Json) -> Response:
    known = [shown(twin, each, request) for each in (NORTH, HUB, DOULAS, DIAPERS)]
    wanted = {str(asked["standing"])} if asked.get("standing") else {"active", "paused"}
    return JSONResponse({"items": [each for each in known if each["standing"] in wanted], "next": None})


def agency(twin: Twin, request: Request, _: Json) -> Response:
    id = request.path_params["agency"]
    found = [each for each in (NORTH, HUB, DOULAS, DIAPERS) if each["agency"] == id]
    return JSONResponse(shown(twin, found[0], request)) if found else problem(404, "not-found")


def shown(twin: Twin, agency: Json, request: Request) -> Json:
    plain = {
        **agency, "type": "clinic", "standing": "active", "on_system": agency != DIAPERS, "languages": ["en"],
        "description": None, "website": None, "version": 1,
        **REACHED,
        "services": [each for each in every(twin) if each["agency"]["agency"] == agency["agency"]],
    }  # fmt: skip
    found: Json = plain | twin.entries.get(agency["agency"], {})
    moves = {"invited": ["activate", "leave"], "active": ["pause", "leave"], "paused": ["activate", "leave"]}
    return {**found, "actions": moves.get(found["standing"], [])}


def state_capacity(twin: Twin, request: Request, body: Json) -> Response:
    if body.get("from_on") and body["room"] == "not_known":
        return problem(422, "malformed", errors=[{"pointer": "/from_on", "code": "x", "message": "m"}])
    said = {"room": body["room"], "room_age_days": 0, "room_from": body.get("from_on")}
    return changed(twin, request.path_params["service"], said | {"waitlist_length": body.get("waitlist_length")})


def edit_service(twin: Twin, request: Request, body: Json) -> Response:
    if body["minimum_age"] and body["maximum_age"] and body["maximum_age"] < body["minimum_age"]:
        return problem(422, "malformed", errors=[{"pointer": "/maximum_age", "code": "x", "message": "m"}])
    return changed(twin, request.path_params["service"], body)


def changed(twin: Twin, id: str, said: Json) -> Response:
    twin.entries[id] = twin.entries.get(id, {}) | said
    return JSONResponse({"agency": "x", "service": id, "version": 2})


def listed(twin: Twin, _: Request, body: Json) -> Response:
    if body.get("agency") == "taken" or body.get("service") == "taken":
        return problem(409, f"{'service' if 'service' in body else 'agency'}-already-listed")
    return JSONResponse({"agency": body["agency"], "service": body.get("service"), "version": 1}, 201)


def moved(standing: str) -> Any:
    def answer(twin: Twin, request: Request, _: Json) -> Response:
        if request.headers.get("if-match") != '"1"':
            return problem(412, "precondition-failed")
        return changed(twin, request.path_params["agency"], {"standing": standing})

    return answer


def check(twin: Twin, request: Request, _: Json) -> Response:
    found = twin.entries.get(request.path_params["check"])
    return JSONResponse(found) if found else problem(404, "not-found")


def asked(twin: Twin, request: Request, body: Json) -> Response:
    """A check of the clinic's, or of the hub's when somebody there asks."""
    id = f"0195{secrets.token_hex(2)}-{secrets.token_hex(2)}-7000-8000-{secrets.token_hex(6)}"
    questions = [
        {"service": each["service"], "name": each["name"], "agency": each["agency"], "state": "asked", "answer": None,
         "from_on": None, "answered_at": None, "first": False, "suggested": False}
        for each in every(twin)
        if each["service"] in body["to"]
    ]  # fmt: skip
    sender = next(each for each in (NORTH, HUB, DOULAS) if each["agency"] == agency_of(request))
    twin.entries[id] = {
        "check": id, "from": sender, "category": body["category"], "language": None, "area": None,
        "asked_at": stamp(twin.now), "due": stamp(twin.now), "mine": True, "rule": None,
        "questions": questions, "version": 1,
    }  # fmt: skip
    return JSONResponse({"check": id}, 201)


def answered(twin: Twin, request: Request, body: Json) -> Response:
    found = twin.entries[request.path_params["check"]]
    for each in found["questions"]:
        if each["service"] == body["service"]:
            if each["answer"] not in (None, body["answer"]):
                return problem(409, "check-already-answered")
            each.update(answer=body["answer"], state=body["answer"], from_on=body.get("from_on"))
    return JSONResponse(found)


def closed(twin: Twin, request: Request, _: Json) -> Response:
    found = twin.entries[request.path_params["check"]]
    for each in found["questions"]:
        each["state"] = "closed"
    return JSONResponse(found)


DIRECTORY: dict[str, Any] = {
    "ask_for_room": asked,
    "get_capacity_check": check,
    "answer_capacity_check": answered,
    "close_capacity_check": closed,
    "list_agencies": agencies,
    "get_agency": agency,
    "list_services": services,
    "search_services": services,
    "get_service": service,
    "state_capacity": state_capacity,
    "list_agency": listed,
    "edit_agency": lambda twin, request, body: changed(twin, request.path_params["agency"], body),
    "activate_agency": moved("active"),
    "pause_agency": moved("paused"),
    "leave_agency": moved("left"),
    "list_service": listed,
    "edit_service": edit_service,
}
