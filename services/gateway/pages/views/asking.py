"""Owns asking the other side something before an answer, on the page of a referral or handoff, and answering it."""

from starlette.responses import Response

from services.gateway.pages.views import handoff, referral
from services.gateway.pages.visit import Visit


async def ask(visit: Visit) -> Response:
    """Ask them something first."""
    path = _path(visit)
    visit.form.needs("question", visit.words.say("Write what you would like to know"))
    if visit.form.missing:
        return await _again(visit)
    await visit.api.post(f"{path}/questions", {"text": visit.form.one("question")}, visit.form.key)
    return visit.go(f"{path}?now=asked#notice")


async def answer(visit: Visit) -> Response:
    """Answer what the other side asked."""
    path, asked_in = _path(visit), visit.form.one("asked")
    visit.form.needs(f"reply-{asked_in}", visit.words.say("Write your answer"), unless=bool(visit.form.one("reply")))
    if visit.form.missing:
        return await _again(visit)
    body = {"text": visit.form.one("reply")}
    await visit.api.post(f"/questions/{asked_in}/answer", body, visit.form.key)
    return visit.go(f"{path}?now=replied#notice")


def _path(visit: Visit) -> str:
    """Where the referral or handoff stands, here and in the API alike."""
    ((kind, id),) = visit.request.path_params.items()
    return f"/{kind}s/{id}"


async def _again(visit: Visit) -> Response:
    """The page on which nothing was typed, as far as it was open."""
    if "handoff" in visit.request.path_params:
        opened = visit.form.on("opened", "yes")
        return await handoff.page(visit, await handoff.look(visit), 422, opened=opened)
    return await referral.page(visit, await referral.look(visit), 422)
