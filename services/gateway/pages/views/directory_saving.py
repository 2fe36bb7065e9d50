"""Owns saving an entry of the directory from its form: what the API finds wrong is said at its field."""

from collections.abc import Awaitable, Mapping

from services.gateway.pages.api import STALE, ApiProblem, Json, Reply
from services.gateway.pages.views.person import PERSON_LANGUAGES
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

SLUGS = {
    "agency-already-listed": ("short", N_("Another agency has this short name")),
    "service-already-listed": ("short", N_("Another service has this short name")),
}


async def saved(visit: Visit, path: str, body: Json, fields: Mapping[str, tuple[str, str]]) -> bool:
    """A new entry; False where something is wrong with it. Raises ApiProblem for what is nothing of the form."""
    return await _taken(visit, visit.api.post(path, body, visit.form.key), fields)


async def changed(visit: Visit, path: str, body: Json, fields: Mapping[str, tuple[str, str]]) -> bool:
    """The same for a change of what stands at the form's version."""
    return await _taken(visit, visit.api.change(path, body, visit.form.version), fields)


async def _taken(visit: Visit, asked: Awaitable[Reply], fields: Mapping[str, tuple[str, str]]) -> bool:
    try:
        await asked
    except ApiProblem as problem:
        if not _blamed(visit, problem, fields):
            raise
        return False
    return True


def _blamed(visit: Visit, problem: ApiProblem, fields: Mapping[str, tuple[str, str]]) -> bool:
    if problem.slug in SLUGS:
        field, text = SLUGS[problem.slug]
        visit.form.needs(field, visit.words.say(text), unless=False)
        return True
    if problem.status == STALE:
        text = N_("Somebody changed it since you opened the page. Look at it anew, then save once more.")
        visit.form.needs("name", visit.words.say(text), unless=False)
        return True
    return problem.slug == "malformed" and visit.form.blame(problem.pointers, fields, visit.words.say)


def spoken(visit: Visit, found: Json | None) -> dict[str, str]:
    """Languages to choose from: what people here speak, and those that the entry has."""
    codes = [*PERSON_LANGUAGES, *(found["languages"] if found else ())]
    return {code: visit.words.language_name(code) for code in dict.fromkeys(codes)}
