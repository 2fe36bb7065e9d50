"""What the twin answers about drafts: kept on their version, sent as what they then say."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.gateway.upstream_steps import agency_of, is_stale, named, once
from tests.gateway.upstream_twin import Json, Twin, problem, stamp


def keep(twin: Twin, body: Json) -> Response:
    """A new draft."""
    id = twin.began(**{name: value for name, value in body.items() if name != "draft"})
    return JSONResponse(shown(twin, twin.drafts[id]), 201)


def shown(twin: Twin, draft: Json) -> Json:
    client = draft["fields"].get("client")
    return {**draft, "state": "draft", "client": twin.named(client) if client else None, "saved_at": stamp(twin.now),
            "kept_until": stamp(twin.now + timedelta(days=14))}  # fmt: skip


def draft(twin: Twin, request: Request, body: Json) -> Response:
    id = request.path_params["referral"]
    found = twin.drafts.get(id)
    if found is None:
        return problem(404, "not-found")
    if request.method == "GET":
        return JSONResponse(shown(twin, found))
    if is_stale(request, found):
        return problem(412, "precondition-failed", version=found["version"])
    if request.method == "DELETE":
        del twin.drafts[id]
        return JSONResponse({"referral": id})
    kept = {name: value for name, value in (found["fields"] | body).items() if value is not None}
    found |= {"fields": kept, "version": found["version"] + 1}
    return JSONResponse(shown(twin, found))


def send_draft(twin: Twin, request: Request, _: Json) -> Response:
    return once(twin, request, lambda: _sent(twin, request))


def _sent(twin: Twin, request: Request) -> Response:
    id = request.path_params["referral"]
    found = twin.drafts.get(id)
    if found is None:
        return JSONResponse({"referral": id}) if id in twin.referrals else problem(404, "not-found")
    fields = found["fields"]
    if not fields.get("consent"):
        return problem(403, "consent-missing")
    names: list[dict[str, Any]] = (fields.get("identity") or {}).get("names") or [{}]
    client = fields.get("client") or twin.register(names[0].get("given", ""), names[0].get("family", ""))
    sent = twin.send(named(agency_of(request)), named(fields["to"]["agency"]), fields["category"], client)
    twin.referrals[id] = {**twin.referrals.pop(sent), "referral": id}
    del twin.drafts[id]
    return JSONResponse({"referral": id})


def lines(twin: Twin) -> Json:
    """The box of drafts."""
    items = [{**shown(twin, each), "to": each["fields"].get("to"), "category": each["fields"].get("category")}
             for each in twin.drafts.values()]  # fmt: skip
    for item in items:
        [name] = (item["fields"].get("identity") or {}).get("names") or [{}]
        item["described"] = " ".join(name.values()) or None
        item["to"] = named(item["to"]["agency"]) if item["to"] else None
    return {"items": items, "next": None}


def open_redirected(twin: Twin, request: Request, _: Json) -> Response:
    """The draft of what was passed on: everything but her agreement."""
    found = twin.referrals[request.path_params["referral"]]
    to = {"agency": found["redirected"]["to"]["agency"], "service": "birth-doula"}
    client = found["client"]["client"]
    id = twin.began(client=client, category=found["category"], note="Rings twice.", to=to)
    return JSONResponse(shown(twin, twin.drafts[id]))
