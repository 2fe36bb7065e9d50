"""Owns the page of one support contact: what was said of it, and setting it right."""

from datetime import datetime, timedelta

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.contact import blamed, contact_of, episodes_to_name
from services.gateway.pages.views.file_list import listed
from services.gateway.pages.views.history import entries
from services.gateway.pages.views.noted import note_of, notes_of
from services.gateway.pages.views.person import shown
from services.gateway.pages.visit import Visit

STEPS = frozenset({"amend", "take-back", "entered-in-error"})
TAKEN_BACK_WITHIN = timedelta(minutes=15)
SET_RIGHT = frozenset({"completed", "attempted", "missed", "cancelled"})
KEPT = ("episode", "referral", "handoff", "need")
"""What the form does not ask: it stays as it was said."""
WITH_FILES = frozenset({"completed", "attempted", "missed"})


async def contact(visit: Visit) -> Response:
    """One contact of this agency's own."""
    return await contact_page(visit)


async def step_contact(visit: Visit) -> Response:
    """It should have said something else, was pressed by mistake, or should never have been written (R14)."""
    handle, step = (str(visit.request.path_params[name]) for name in ("contact", "step"))
    if step not in STEPS:
        raise ApiProblem.not_there()
    body = await _said_anew(visit, handle) if step == "amend" else {}
    if step == "entered-in-error":
        visit.form.needs("reason", visit.words.say("Say why it should not be there"))
        body = {"reason": visit.form.one("reason")}
    if visit.form.missing:
        return await contact_page(visit, 422)
    try:
        await visit.api.post(f"/contacts/{visit.client_of(handle)}/{step}", body, visit.form.key)
    except ApiProblem as problem:
        if step != "amend" or not blamed(visit, problem):
            raise
        return await contact_page(visit, 422)
    return visit.go(f"/contacts/{handle}?now={step}#notice")


async def _said_anew(visit: Visit, handle: str) -> Json:
    """The whole of it as it shall read; a note that reads as before is not written once more."""
    found = await visit.api.get(f"/contacts/{visit.client_of(handle)}")
    body = {name: found[name] for name in KEPT if found.get(name) is not None} | contact_of(visit)
    body |= {"units": units} if (units := body.get("units", []) + (found.get("units") or [])[1:]) else {}
    before = await note_of(visit, found.get("note"))
    if before is not None and body.get("note", "").split() == before.split():
        del body["note"]
    return body


def _typed(visit: Visit, found: Json, note: str | None) -> dict[str, tuple[str, ...]]:
    """The contact as its form would hold it."""
    at = visit.words.local(datetime.fromisoformat(found["at"]))
    values = {"mode": found["mode"], "contact_outcome": found["outcome"], "day": at.date().isoformat(),
              "clock": f"{at:%H:%M}", "minutes": str(found["duration_min"] or ""),
              "met": "yes" if found["met"] else "", "contact_note": note or ""}  # fmt: skip
    interpreter = {True: "yes", False: "no", None: ""}[found.get("interpreter")]
    unit: Json = (found.get("units") or [{}])[0]
    values |= {"contact_language": found.get("language") or "", "contact_interpreter": interpreter,
               "begun_by": found.get("initiated_by") or "", "unit_kind": unit.get("kind", ""),
               "unit_count": unit.get("count", ""),
               "episode": visit.handles.of(found["episode"]) if found.get("episode") else ""}  # fmt: skip
    typed = {name: (str(value),) for name, value in values.items()}
    return typed | {"tags": tuple(found.get("tags") or ())}


async def contact_page(visit: Visit, status: int = 200, handle: str = "", now: str | None = None) -> Response:
    """The page of one contact of this agency's own: that of the address where none is named; `now`: what was done."""
    handle = handle or str(visit.request.path_params["contact"])
    found = await visit.api.get(f"/contacts/{visit.client_of(handle)}")
    her = await shown(visit, visit.handles.of(found["client"]))
    if not visit.form.values and found["at"] is not None:
        visit.form.values = _typed(visit, found, await note_of(visit, found.get("note")))
    history = entries(visit, found["history"], notes=await notes_of(visit, found["history"]))
    recorded = [datetime.fromisoformat(each["recorded_at"] or each["at"]) for each in found["history"]]
    return await visit.page(
        "one-contact.html",
        status,
        her=her,
        handle=handle,
        episodes=await episodes_to_name(visit, her["client"]),
        found=found,
        history=history,
        files=await listed(visit, f"/contacts/{visit.client_of(handle)}"),
        may_add_file=found["status"] in WITH_FILES,
        may_be_set_right=found["status"] in SET_RIGHT and found["at"] is not None,
        may_be_taken_back=not history[0].type.startswith("contact.taken_back")
        and max(recorded) + TAKEN_BACK_WITHIN > visit.now,
        now=now or visit.request.query_params.get("now"),
    )
