"""Owns sending again: the page on which a referral is sent, with everything of one that ended filled in."""

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.views.send import new_referral
from services.gateway.pages.visit import Visit


async def send_again(visit: Visit) -> Response:
    """The same page, with everything of a referral that ended: a new one takes its place (R14)."""
    found = await visit.api.get(f"/referrals/{visit.request.path_params['referral']}", names="false")
    if found["from"]["agency"] != visit.who.agency or not found["client"]:
        raise ApiProblem.not_there()
    note = await visit.api.find(f"/notes/{found['note']}") if found["note"] else None
    filled = {
        "client": visit.handles.of(found["client"]["client"]),
        "need": found["category"],
        "service": f"{found['to']['agency']}/{found['to']['service']}",
        "urgent": "yes" if found["priority"] == "urgent" else "",
        "note": (note or {}).get("text") or "",
        "supersedes": found["referral"],
    }
    visit.form.values = {name: (value,) for name, value in filled.items() if value}
    visit.form.values |= {"fields": tuple(found["given"])}
    return await new_referral(visit)
