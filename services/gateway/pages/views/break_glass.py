"""Owns the page on which a case manager opens a client's record in an emergency, for three hours, and says why."""

from datetime import datetime

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem
from services.gateway.pages.views.person import shown
from services.gateway.pages.visit import Visit

LONGEST = 2_000


async def ask(visit: Visit, status: int = 200) -> Response:
    """What is open until when, what it opens, who is told, and the two things that are asked.

    What is open is offered no more, but where it was chosen on a page that did not know of it.
    """
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    opened = {each["code"]: visit.words.local(datetime.fromisoformat(each["until"])) for each in her["emergencies"]}
    chosen = visit.form.one("code")
    kinds = {code: text for code, text in terms.EMERGENCIES.items() if code not in opened or code == chosen}
    return await visit.page(
        "break-glass.html",
        status,
        handle=handle,
        her=her,
        opened=[(terms.EMERGENCIES[code], until) for code, until in opened.items()],
        emergencies=kinds,
    )


async def open_record(visit: Visit) -> Response:
    """Opened: on to her page, which says until when."""
    form, say = visit.form, visit.words.say
    form.needs("code", say("Say what kind of emergency it is"))
    form.needs("why", say("Write what happened"))
    form.fits("why", LONGEST, say("Write it shorter: 2,000 letters fit"))
    if form.missing:
        return await ask(visit, 422)
    handle = str(visit.request.path_params["handle"])
    body = {"client": visit.client_of(handle), "code": form.one("code"), "reason": form.one("why")}
    try:
        await visit.api.post("/break-glass", body, form.key)
    except ApiProblem as problem:
        if problem.slug != "emergency-already-open":
            raise
        text = say("You opened it for this already, with other words: those stand, these were not saved")
        form.needs("why", text, unless=False)
        return await ask(visit, problem.status)
    return visit.go(f"/clients/{handle}")
