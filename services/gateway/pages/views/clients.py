"""Owns finding one's own clients and registering a new one."""

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views import person
from services.gateway.pages.visit import Visit


async def clients(visit: Visit) -> Response:
    return await _found(visit, [], asked=False)


async def find_clients(visit: Visit) -> Response:
    """A search: what is looked for stands in the body, never in an address."""
    visit.form.needs("find", visit.words.say("Say whom you look for: a name, a phone or your number for her"))
    if visit.form.missing:
        return await _found(visit, [], asked=False, status=422)
    found = await person.found(visit)
    wrong = bool(visit.form.missing)
    return await _found(visit, found, asked=not wrong, status=422 if wrong else 200)


async def _found(visit: Visit, found: list[Json], *, asked: bool, status: int = 200) -> Response:
    return await visit.page("clients.html", status, found=found, asked=asked, most=person.MOST_FOUND)


async def new_client(visit: Visit) -> Response:
    return await _page(visit)


async def register_client(visit: Visit) -> Response:
    """A new client; without a number of the agency's own, those with a similar name are shown first (R21).

    What the form lacks and what the API finds wrong are told together. A form that is sent twice ends where it ended
    first: she is like herself by then.
    """
    form = visit.form
    body = person.identity_of(visit)
    await person.note_alike(visit)
    try:
        reply = await (visit.api.again if form.missing else visit.api.post)("/clients", body, form.key)
    except ApiProblem as problem:
        if not _blamed(visit, problem):
            raise
        reply = None
    if reply is None:
        return await _page(visit, 422)
    handle = visit.handles.of(reply.body["client"])
    return visit.go(f"/clients/{handle}?now=registered#notice")


def _blamed(visit: Visit, problem: ApiProblem) -> bool:
    form, say = visit.form, visit.words.say
    if problem.slug == "number-in-use":
        form.needs("mrn", say("Another client of yours has this number"), unless=False)
        return True
    return problem.slug == "malformed" and form.blame(problem.pointers, person.PERSON_FIELDS, say)


async def _page(visit: Visit, status: int = 200) -> Response:
    similar = await person.alike(visit) if visit.form.wrong("similar") else []
    visit.form.put_in_order(person.TYPED)
    return await visit.page("new-client.html", status, similar=similar, languages_spoken=person.PERSON_LANGUAGES)
