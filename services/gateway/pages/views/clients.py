"""Owns finding one's own clients and registering a new one."""

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.views import person
from services.gateway.pages.visit import Visit


async def clients(visit: Visit) -> Response:
    return await visit.page("clients.html", found=[], asked=False)


async def find_clients(visit: Visit) -> Response:
    """A search: what is looked for stands in the body, never in an address."""
    text = visit.form.one("find")
    visit.form.needs("find", visit.words.say("Say whom you look for: a name, a phone or your number for her"))
    if visit.form.missing:
        return await visit.page("clients.html", 422, found=[], asked=False)
    return await visit.page("clients.html", found=await person.search(visit, text), asked=True)


async def new_client(visit: Visit) -> Response:
    return await _page(visit)


async def register_client(visit: Visit) -> Response:
    """A new client; without a number of the agency's own, those with a similar name are shown first (R21).

    A form that is sent twice ends where it ended first: she is like herself by then.
    """
    form, say = visit.form, visit.words.say
    body = person.identity_of(visit)
    reply = None
    if not form.missing and await person.alike(visit):
        reply = await visit.api.again("/clients", body, form.key)
        form.needs("similar", say("Say whether you know her already"), unless=reply is not None)
    if form.missing:
        return await _page(visit, 422)
    try:
        reply = reply or await visit.api.post("/clients", body, form.key)
    except ApiProblem as problem:
        said = {pointer: (field, say(text)) for pointer, (field, text) in person.PERSON_FIELDS.items()}
        if problem.slug == "number-in-use":
            form.needs("mrn", say("Another client of yours has this number"), unless=False)
        elif problem.slug != "malformed" or not form.blame(problem.pointers, said):
            raise
        return await _page(visit, 422)
    handle = visit.handles.of(reply.body["client"])
    return visit.go(f"/clients/{handle}?now=registered#notice")


async def _page(visit: Visit, status: int = 200) -> Response:
    similar = await person.alike(visit) if visit.form.wrong("similar") else []
    return await visit.page("new-client.html", status, similar=similar, languages_spoken=person.PERSON_LANGUAGES)
