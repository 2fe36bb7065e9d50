"""What the twin answers about a client as a person and about her pregnancies, in the shapes of the public API."""

from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_steps import Answer, is_stale, once
from tests.gateway.upstream_twin import Json, Twin, problem, reference, stamp

OPEN_ACTIONS = ["date", "prenatal-care", "lost", "end", "close", "entered-in-error"]
AFTER_STEP = {
    "date": ("open_dated", OPEN_ACTIONS),
    "lost": ("lost", ["resume", "end", "close", "entered-in-error"]),
    "resume": ("open_undated", OPEN_ACTIONS),
    "end": ("postpartum", ["lost", "postpartum-visit", "close", "entered-in-error"]),
    "close": ("closed", ["entered-in-error"]),
    "entered-in-error": ("entered_in_error", []),
}


def episode(twin: Twin, client: str, known: date) -> Json:
    """A pregnancy that was opened."""
    return {
        "episode": reference(), "client": client, "opened_at": stamp(twin.now), "identified_on": known.isoformat(),
        "state": "open_undated", "phase": "prenatal", "due": None, "basis": None, "dating": None,
        "gestational_days": None, "prenatal_care_on": None, "postpartum_visits": [], "end_recorded": False, "end": None,
        "actions": OPEN_ACTIONS, "version": 1,
    }  # fmt: skip


def open_episode(twin: Twin, request: Request, body: Json) -> Response:
    client = request.path_params["client"]
    if client not in twin.clients:
        return problem(404, "not-found")
    made = episode(twin, client, date.fromisoformat(body["identified_on"]))
    twin.episodes.insert(0, made)
    return JSONResponse({"episode": made["episode"], "client": client}, 201)


def list_episodes(twin: Twin, request: Request, _: Json) -> Response:
    client = request.path_params["client"]
    if client not in twin.clients:
        return problem(404, "not-found")
    items = [{**each, "end": None} for each in twin.episodes if each["client"] == client]
    return JSONResponse({"items": items, "next": None})


def get_episode(twin: Twin, request: Request, _: Json) -> Response:
    found = _found(twin, request)
    return JSONResponse(found) if found else problem(404, "not-found")


def step_episode(twin: Twin, request: Request, body: Json) -> Response:
    found, step = _found(twin, request), request.url.path.rpartition("/")[2]
    if found is None:
        return problem(404, "not-found")
    if is_stale(request, found):
        return problem(412, "precondition-failed", version=found["version"])
    return once(twin, request, lambda: _stepped(twin, found, step, body))


def _stepped(twin: Twin, found: Json, step: str, body: Json) -> Response:
    if step not in found["actions"]:
        return problem(409, "episode-closed", stands=found["state"])
    found["version"] += 1
    if step in AFTER_STEP:
        found["state"], found["actions"] = AFTER_STEP[step]
    match step:
        case "date":
            left = date.fromisoformat(body["edd"]) - twin.now.date()
            before = {name: found[name] for name in ("due", "basis", "dating", "gestational_days")}
            found |= {"due": body["edd"], "basis": body["basis"], "dating": reference(), "before": before}
            found["actions"] = [*dict.fromkeys((*found["actions"], "dating-entered-in-error"))]
            found["gestational_days"] = (timedelta(days=280) - left).days
        case "dating-entered-in-error":
            found |= found["before"]
            found["actions"] = [each for each in found["actions"] if found["dating"] or each != step]
        case "prenatal-care":
            found["prenatal_care_on"] = body["on"]
        case "postpartum-visit":
            found["postpartum_visits"].append(body["on"])
        case "end":
            end = {"gestational_days": None, "children": [], **body}
            end["children"] = [{"weight_g": None, **child} for child in end["children"]]
            found |= {"end_recorded": True, "phase": "postpartum", "gestational_days": None, "end": end}
    made = {name: found[name] for name in ("episode", "client", "state", "version")}
    return JSONResponse(made)


def _found(twin: Twin, request: Request) -> Json | None:
    return next((each for each in twin.episodes if each["episode"] == request.path_params["episode"]), None)


def get_client(twin: Twin, request: Request, _: Json) -> Response:
    client = request.path_params["client"]
    if client not in twin.clients:
        return problem(404, "not-found")
    outreach = twin.outreach.get(client, "open")
    shown = {"client": client, "since": stamp(twin.now), "registered_here": True, "outreach": outreach,
             "stop_recorded": outreach == "stopped", "stop": twin.stops.get(client),
             "same": twin.same.get(client, []),
             "break_glass_until": twin.glass,
             "gives_medical_care": twin.gives_medical_care,
             "emergencies": [{"code": code, "until": each["until"]} for code, each in twin.emergencies.items()],
             "guarded": twin.shared.get("guarded", False),
             "came_with": twin.came_with.get(client, []),
             "send_again": twin.again.get(client, [])}  # fmt: skip
    return JSONResponse(shown)


def unlink(twin: Twin, request: Request, _: Json) -> Response:
    twin.same.clear()
    return JSONResponse({"client": request.path_params["client"], "same": [], "version": 2})


def step_outreach(twin: Twin, request: Request, _: Json) -> Response:
    client, step = request.path_params["client"], request.url.path.rpartition("/")[2]
    if client not in twin.clients:
        return problem(404, "not-found")
    twin.outreach[client] = {"pause": "paused", "resume": "open", "contact-again": "open"}.get(step, "stopped")
    if step == "contact-again":
        own = [each for each in twin.referrals.values() if each["client"]["client"] == client]
        twin.again[client] = [{name: each[name] for name in ("referral", "category", "to")} for each in own]
    return JSONResponse({"client": client, "outreach": twin.outreach[client], "version": 2})


def demographics(twin: Twin, request: Request, body: Json) -> Response:
    """Who she says she is: as it was put last."""
    client = request.path_params["client"]
    if client not in twin.clients:
        return problem(404, "not-found")
    nothing: Json = {"race_ethnicity": [], "detailed": [], "declined": False, "source": None, "language": None,
                     "interpreter": None, "payer": None, "zip_group": None, "county": None, "version": 1}  # fmt: skip
    found = twin.demographics.setdefault(client, {"client": client, **nothing})
    if request.method == "PUT":
        if is_stale(request, found):
            return problem(412, "precondition-failed", version=found["version"])
        found |= {**body, "version": found["version"] + 1}
    return JSONResponse(found)


def correct_identity(twin: Twin, request: Request, body: Json) -> Response:
    client = request.path_params["client"]
    if client not in twin.clients:
        return problem(404, "not-found")
    twin.clients[client] = {"given": "", "family": "", **body["names"][0]}
    return JSONResponse({"client": client})


PEOPLE: dict[str, Answer] = {
    "get_client": get_client,
    "pause_outreach": step_outreach,
    "resume_outreach": step_outreach,
    "unlink_client": unlink,
    "record_deceased": step_outreach,
    "record_moved_away": step_outreach,
    "record_no_contact": step_outreach,
    "correct_no_contact": step_outreach,
    "get_demographics": demographics,
    "state_demographics": demographics,
    "correct_identity": correct_identity,
    "open_episode": open_episode,
    "list_episodes": list_episodes,
    "get_episode": get_episode,
    "date_episode": step_episode,
    "start_prenatal_care": step_episode,
    "lose_episode": step_episode,
    "resume_episode": step_episode,
    "end_episode": step_episode,
    "record_postpartum_visit": step_episode,
    "close_episode": step_episode,
    "enter_episode_in_error": step_episode,
    "enter_dating_in_error": step_episode,
}
