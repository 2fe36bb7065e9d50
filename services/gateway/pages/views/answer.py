"""Owns the pages on which a receiver off the system answers a letter, and the letter: no account, nothing of hers."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.views.answer_choices import MET_BY, STEPS, choices
from services.gateway.pages.views.by_code import NOT_FOUND, by_code
from services.gateway.pages.views.planned_day import OWN_NUMBER, TOO_FAR
from services.gateway.pages.views.referral import look, page
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

CONFLICT = 409
WRONG_DAYS: Mapping[str, str] = {
    "in_the_future": N_("This day has not come yet. Say the day on which you met her"),
    "date-in-future": N_("This day has not come yet. Say the day on which you met her"),
    "met-before-sent": N_("On this day the letter was not written yet. Check the day"),
    **TOO_FAR,
}
ANSWER_FIELDS: Mapping[str, tuple[str, str]] = {
    "/on": ("answered_on", N_("Check the day")),
    "/reason": ("step", N_("This reason does not fit this answer")),
    "/identifier": ("their_number", OWN_NUMBER),
    "": ("step", N_("Say what they answered")),
}


async def code_form(visit: Visit) -> Response:
    """The code of a letter is asked for; its name stands in the link."""
    letter = str(visit.request.path_params.get("letter", ""))
    return await visit.page("answer-code.html", letter=letter)


async def give_answer(visit: Visit) -> Response:
    """How far it has come, and one step more where one was said."""
    form, say = visit.form, visit.words.say
    typed = {"letter": form.one("letter"), "code": form.one("code")}
    form.needs("letter", say("Type the 8 signs at the end of the address on the letter"))
    form.needs("code", say("Type the code on the letter"))
    step = form.one("step")
    body = said(visit) if step else {}
    if form.missing and not step:
        return await visit.page("answer-code.html", 422, letter=typed["letter"])
    try:
        if form.missing:
            found = await by_code(visit, "/answers", typed)
            return await visit.page("answer.html", 422, found=found, done=None, **choices())
        try:
            found = await by_code(visit, "/answers", {**typed, **body})
        except ApiProblem as problem:
            if not blamed(visit, problem):
                raise
            found = await by_code(visit, "/answers", typed)
            return await visit.page("answer.html", 422, found=found, done=None, **choices())
    except ApiProblem as problem:
        if problem.status != NOT_FOUND:
            raise
        form.needs("code", say("This code opens no letter: look at it again"), unless=False)
        return await visit.page("answer-code.html", 422, letter=typed["letter"])
    form.values = {name: form.all(name) for name in ("letter", "code")}  # the next answer begins anew
    return await visit.page("answer.html", found=found, done=step, **choices())


async def answer_for_them(visit: Visit) -> Response:
    """What they said by phone or on the slip, written down on the page of the referral."""
    path = f"/referrals/{visit.request.path_params['referral']}"
    body = said(visit) | {"by": "slip" if visit.form.on("by", "slip") else "phone"}
    if visit.form.missing:
        return await page(visit, await look(visit), 422)
    try:
        await visit.api.post(f"{path}/answer", body, visit.form.key)
    except ApiProblem as problem:
        if not blamed(visit, problem):
            raise
        return await page(visit, await look(visit), 422)
    return visit.go(f"{path}?now=answered#notice")


def blamed(visit: Visit, problem: ApiProblem) -> bool:
    """Notes what the API found wrong with an answer, beside what was typed; False for what is nothing of this form."""
    form, say = visit.form, visit.words.say
    if problem.slug == "malformed":
        day = next((say(WRONG_DAYS[code]) for code in problem.codes if code in WRONG_DAYS), None)
        if day is not None:
            form.needs("answered_on", day, unless=False)
            return True
        return form.blame(problem.pointers, ANSWER_FIELDS, say)
    if problem.slug == "no-evidence":
        form.needs("step", say("Say first that you have met her, and on which day"), unless=False)
    elif problem.slug == "letter-already-answered":
        theirs = say("They said already that they will help. To change it, choose that it has ended, and say why")
        ours = say("Your answer was already that you will help. To change it, choose that it has ended, and say why")
        form.needs("step", theirs if visit.principal else ours, unless=False)
    elif problem.status == CONFLICT:
        form.needs("step", say("It has moved on meanwhile: look at where it stands, and answer again"), unless=False)
    return bool(form.missing)


async def letter(visit: Visit) -> Response:
    """The letter as a PDF to print."""
    size = "a4" if visit.request.query_params.get("size") == "a4" else "letter"
    language = "es" if visit.request.query_params.get("language") == "es" else "en"
    path = f"/referrals/{visit.request.path_params['referral']}/letter"
    raw = await visit.api.raw(path, size=size, language=language)
    return pdf("letter.pdf", raw)


def pdf(name: str, raw: bytes) -> Response:
    """A file to save and print, kept by nobody in between."""
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(raw, media_type="application/pdf", headers=headers)


def said(visit: Visit) -> dict[str, Any]:
    """One step as the API takes it; what is missing is noted."""
    form, say = visit.form, visit.words.say
    step = form.one("step")
    form.needs("step", say("Say what they answered"), unless=step in STEPS)
    body: dict[str, Any] = {"step": step}
    day = form.day("answered_on")
    if form.one("answered_on"):
        form.needs("answered_on", say("Check the day"), unless=day is not None)
    if step in {"accept", "met"} and day is not None:
        body["on"] = day.isoformat()
    if step == "accept" and form.one("their_number"):
        body["identifier"] = form.one("their_number")
    if step == "met":
        form.needs("met_by", say("Say how she was met"), unless=form.one("met_by") in MET_BY)
        body["mode"] = form.one("met_by")
    if step == "decline":
        form.needs("why_not", say("Say why not"))
        body["reason"] = form.one("why_not")
    if step == "ended":
        outcome, reason = form.one("ended_with"), form.one("ended_without")
        form.needs("ended_with", say("Say how it ended for her"), unless=bool(outcome) != bool(reason))
        body |= {"outcome": outcome} if outcome else {"reason": reason}
    return body
