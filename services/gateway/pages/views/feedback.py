"""Owns a client's voice on the page of a referral that has ended: asking her, and writing down what she said."""

from typing import Any

from starlette.responses import Response

from services.gateway.pages.api import Json
from services.gateway.pages.views.referral import look, page
from services.gateway.pages.visit import Visit

QUESTIONS = ("need_met", "respectful_care")


async def ask_feedback(visit: Visit) -> Response:
    """Somebody asks her now; the answer can be written down when she gives it."""
    path = f"/referrals/{visit.request.path_params['referral']}"
    await visit.api.post(f"{path}/feedback/ask", {}, visit.form.key)
    return visit.go(f"{path}?now=asked-her#voice")


async def answer_feedback(visit: Visit) -> Response:
    """What she said; with nothing chosen, the page asks again."""
    path = f"/referrals/{visit.request.path_params['referral']}"
    body = _said(visit)
    visit.form.needs(
        "need_met", visit.words.say("Choose what she said, or that she would rather not"), unless=bool(body)
    )
    if visit.form.missing:
        return await page(visit, await look(visit), 422)
    await visit.api.post(f"{path}/feedback", body, visit.form.key)
    return visit.go(f"{path}?now=she-said#notice")


def _said(visit: Visit) -> Json:
    if visit.form.one("declined"):
        return {"declined": True}
    said: dict[str, Any] = {name: visit.form.one(name) for name in QUESTIONS}
    return {name: value for name, value in said.items() if value}
