"""Owns what is kept of a referral that is not sent yet: saved at every step and by the page's script (R10)."""

import json
from datetime import datetime
from hashlib import blake2b
from typing import Any

from starlette.responses import JSONResponse, Response

from services.gateway.pages import terms
from services.gateway.pages.api import NOT_FOUND, STALE, ApiProblem, Json, cursor_of
from services.gateway.pages.views.work import BOXES, SELDOM, SHOWN, SHOWS
from services.gateway.pages.visit import Visit

# What belongs to the sign-in and the press, not to what somebody typed. Her handle is good for this sign-in alone.
NOT_TYPED = frozenset({"csrf", "key", "do", "draft", "version", "client", "kept"})
LONGEST = 200
CODED = ("identifier", "reason_code")
# What a referral is made of; what a saved form does not say is taken out of its draft.
SENT = (
    "client",
    "identity",
    "to",
    "category",
    "priority",
    "mode",
    "consent",
    "note",
    "need",
    "supersedes",
    "check",
    *CODED,
)


async def save(visit: Visit, body: Json | None = None) -> str | None:
    """Keep the form as it stands, with what it comes to where nothing is missing; the draft's id.

    The form is told it, with its version. None where it cannot be kept now: then the page still has all of it.
    """
    form = visit.form
    fields: dict[str, Any] = {name: (body or {}).get(name) for name in SENT}
    fields |= _known_already(visit) if body is None else {}
    fields["typed"] = {name: list(values) for name, values in form.values.items() if name not in NOT_TYPED}
    if (chosen := form.one("client")) == "new":
        fields["typed"]["client"] = [chosen]
    elif chosen and not (body or {}).get("client"):
        fields["client"] = visit.client_of(chosen)
    try:
        found = await _saved(visit, fields)
    except ApiProblem:
        return None
    form.values = {**form.values, "draft": (found["referral"],), "version": (str(found["version"]),)}
    return str(found["referral"])


def _known_already(visit: Visit) -> Json:
    """The need, who is asked and who is described, as far as they are said: the list of drafts says them."""
    need, (agency, _, service) = visit.form.one("need"), visit.form.one("service").partition("/")
    known: Json = {"category": need} if need in terms.CATEGORIES else {}
    if name := _described(visit):
        known["identity"] = {"names": [name]}
    return known | ({"to": {"agency": agency, "service": service}} if service else {})


def _described(visit: Visit) -> dict[str, str]:
    """The name of somebody new, as far as the API takes it: what is wrong with it is said when it is sent."""
    if visit.form.one("client", "new") != "new":
        return {}
    typed = {part: visit.form.one(part) for part in ("given", "family") if visit.form.one(part)}
    fits = all(len(name) <= LONGEST and name.isprintable() and name.strip() for name in typed.values())
    return typed if fits and any(map(str.isalpha, "".join(typed.values()))) else {}


async def _saved(visit: Visit, fields: Json) -> Json:
    """On the version that the form was drawn from; somebody who went on with it meanwhile keeps theirs, too."""
    if id := visit.form.one("draft"):
        try:
            return (await visit.api.change(f"/referrals/{id}", fields, visit.form.version)).body
        except ApiProblem as problem:
            if problem.status not in {STALE, NOT_FOUND}:
                raise
    made = {"draft": True} | {name: value for name, value in fields.items() if value is not None}
    # Pressed twice it is one draft; with other words, from a page that somebody went back to, it is another.
    said = blake2b(json.dumps(made, sort_keys=True).encode(), digest_size=8).hexdigest()
    return (await visit.api.post("/referrals", made, f"{visit.form.key}-{said}")).body


async def autosave(visit: Visit) -> Response:
    """For the page's own script, every few seconds: where it is kept, and as which version."""
    id = await save(visit)
    if id is None:
        raise ApiProblem.down()
    kept = {"draft": id, "version": visit.form.one("version"), "path": f"/drafts/{id}"}
    return JSONResponse(kept, headers={"Cache-Control": "no-store"})


async def load(visit: Visit) -> None:
    """Fill the form with a draft. Raises ApiProblem 404 for one that is sent, thrown away or swept."""
    found = await visit.api.get(f"/referrals/{visit.request.path_params['draft']}/draft")
    typed = found["fields"].get("typed") or as_typed(found["fields"])
    values = {name: tuple(each) for name, each in typed.items()}
    if found.get("client"):
        values["client"] = (visit.handles.of(found["client"]["client"]),)
    values |= {"draft": (found["referral"],), "version": (str(found["version"]),)}
    visit.form.values = values


def as_typed(fields: Json) -> dict[str, list[str]]:
    """A draft that no form was filled in for, as the form would hold it."""
    typed = {"need": fields.get("category"), "note": fields.get("note")} | {name: fields.get(name) for name in CODED}
    typed["goes_herself"] = "yes" if fields.get("mode") == "informational" else None
    if to := fields.get("to"):
        typed["service"] = f"{to['agency']}/{to['service']}"
    if fields.get("priority") not in {None, "routine"}:
        typed["urgent"] = "yes"
    if (consent := fields.get("consent")) and "id" in consent:
        typed["consent"] = f"id:{consent['id']}"
    return {name: [value] for name, value in typed.items() if value}


async def throw_away(visit: Visit) -> Response:
    """Somebody does not want it any more."""
    await visit.api.drop(f"/referrals/{visit.request.path_params['draft']}")
    return visit.go("/work/drafts")


async def back_to_it(visit: Visit) -> Response:
    """Somebody loads the address of that press."""
    return visit.go(f"/drafts/{visit.request.path_params['draft']}")


async def drafts(visit: Visit) -> Response:
    """What the agency began and has not sent."""
    found = await visit.api.get("/referrals", box="drafts", limit=SHOWN, cursor=visit.request.query_params.get("from"))
    items = [{**item, "kept_until": datetime.fromisoformat(item["kept_until"])} for item in found["items"]]
    return await visit.page(
        "drafts.html",
        items=items,
        shows=SHOWS,
        seldom=SELDOM,
        show=None,
        boxes=BOXES,
        box="drafts",
        next=cursor_of(found),
    )
