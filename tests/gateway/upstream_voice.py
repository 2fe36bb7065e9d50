"""What the twin answers about a client's voice: asked once, answered once, by the agency that asked."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_steps import ENDED, agency_of, named, once, referral
from tests.gateway.upstream_twin import Json, Twin, problem, stamp


def voice(twin: Twin, request: Request, body: Json) -> Response:
    found = referral(twin, request)
    if not found:
        return problem(404, "not-found")
    if request.method == "GET":
        return JSONResponse(_shown(twin, request, found))
    return once(twin, request, lambda: _said(twin, request, found, body))


def _said(twin: Twin, request: Request, found: Json, body: Json) -> Response:
    asks = request.url.path.endswith("/ask")
    if found["state"] not in ENDED:
        return problem(409, "referral-not-ended", stands=found["state"])
    if asks:
        twin.voices.setdefault(found["referral"], {"by": agency_of(request), "asked": stamp(twin.now), "said": None})
    elif found["referral"] not in twin.voices:
        return problem(409, "feedback-not-asked", stands="not_asked")
    else:
        empty = {"declined": False, "need_met": None, "respectful_care": None}
        twin.voices[found["referral"]] |= {"said": empty | body, "answered": stamp(twin.now)}
    return JSONResponse(_shown(twin, request, found))


def _shown(twin: Twin, request: Request, found: Json) -> Json:
    known = twin.voices.get(found["referral"])
    mine = known is not None and known["by"] == agency_of(request)
    state = "not_asked" if known is None else "answered" if known["said"] else "asked"
    actions = {"not_asked": ["ask"], "asked": ["answer"] if mine else []}.get(state, [])
    return {
        "referral": found["referral"],
        "state": state,
        "asked_by": named(known["by"]) if known else None,
        "asked_at": known["asked"] if known else None,
        "answered_at": known.get("answered") if known else None,
        "said": known["said"] if known and mine else None,
        "actions": actions if found["state"] in ENDED else [],
        "version": 1,
    }
