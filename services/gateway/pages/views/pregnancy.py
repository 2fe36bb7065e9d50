"""Owns the page of a pregnancy: how far it is, and what can be written down of it; how it ended is the agency's own."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.person import shown
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

WEEK = 7
MOST_CHILDREN = 4
GRAMS = range(200, 8001)
BORN = range(1, 5)
STEPS = (
    *("date", "prenatal-care", "lost", "resume", "end", "postpartum-visit", "close"),
    *("entered-in-error", "dating-entered-in-error"),
)
DAYS = {"prenatal-care": "care_on", "postpartum-visit": "visit_on", "end": "ended_on"}
"""Which field of the page holds the day of a step."""
FIELDS: Mapping[str, tuple[str, str]] = {
    "/edd": ("edd", N_("Check the due date")),
    "/children": ("alive", N_("A live birth has a living child, and nothing else has one")),
}
SLUGS: Mapping[str, tuple[str, str]] = {
    "prenatal-care-already-recorded": ("care_on", N_("Her first visit is written down already, on another day")),
}

IMPOSSIBLE: Mapping[str, str] = {
    "due-date-not-possible": N_("No pregnancy that is open now is due on this day. Check the year"),
    "care-outside-dating": N_(
        "By this due date she was not pregnant at her first prenatal visit. Check the date. If the visit is wrong, "
        "enter the pregnancy in error and begin anew"
    ),
    "visit-outside-dating": N_(
        "By this due date a visit after the birth lies before it. Check the date. If the visit is wrong, "
        "enter the pregnancy in error and begin anew"
    ),
    "before-the-birth": N_("This day lies before the birth. Check the year"),
    "long-after-the-birth": N_("This day lies more than a year after the birth. Check the year"),
    "birth-outside-pregnancy": N_("By the due date nobody was born on this day. Check the year, and the due date"),
    "gestation-not-of-dating": N_("By the due date she was far from so many weeks. Check the weeks, and the due date"),
    "end-outside-pregnancy": N_("This day is not of this pregnancy. Check the year, and the due date"),
    "care-outside-pregnancy": N_("She was not pregnant on this day. Check the year, and the due date"),
}
"""What is said beside a day that cannot be of this pregnancy, by the code of its refusal."""


EARLIER: Mapping[str, str] = {
    "earlier-dating-not-of-care": N_(
        "The due date before it would stand again. By it she was not pregnant at her first prenatal visit"
    ),
    "earlier-dating-not-of-visit": N_(
        "The due date before it would stand again. By it a visit after the birth lies before the birth"
    ),
    "earlier-dating-not-of-birth": N_(
        "The due date before it would stand again. By it nobody was born on the day that is written down"
    ),
    "earlier-dating-not-of-end": N_(
        "The due date before it would stand again. By it she was not pregnant on the day of the end"
    ),
}
"""What is said where a due date in error would bring back one that cannot be."""


def far(visit: Visit, days: int) -> str:
    """A gestational age in words: whole weeks and days."""
    words = visit.words
    weeks, rest = divmod(days, WEEK)
    told = words.count("%(number)s week", "%(number)s weeks", weeks)
    if not rest:
        return told
    more = words.count("%(number)s day", "%(number)s days", rest)
    return words.say("%(weeks)s and %(days)s", weeks=told, days=more)


def line(visit: Visit, episode: Json) -> str:
    """How a pregnancy stands, as one sentence without a full stop."""
    say, words = visit.words.say, visit.words
    if episode["state"] == "entered_in_error":
        return say("This pregnancy was entered in error")
    if episode["state"] == "closed":
        return say("This pregnancy is closed")
    if episode["state"] == "lost":
        return say("She cannot be found")
    if episode["phase"] != "prenatal":
        return say("After her pregnancy")
    if episode["gestational_days"] is not None:
        return say("%(age)s pregnant", age=far(visit, episode["gestational_days"]))
    if episode["due"] is None:
        return say("Pregnant, no due date yet")
    return say(
        "Pregnant, known since %(day)s", day=words.day(date.fromisoformat(episode["identified_on"]), visit.today)
    )


async def pregnancy(visit: Visit) -> Response:
    """Her pregnancy in this agency's own words."""
    return await _page(visit)


async def step(visit: Visit) -> Response:
    """One thing that is written down of it."""
    handle = str(visit.request.path_params["handle"])
    step = str(visit.request.path_params["step"])
    visit.client_of(handle)
    form = visit.form
    episode = form.one("pregnancy")
    if step not in STEPS or not episode.isalnum():
        raise ApiProblem.not_there()
    body = _body(visit, step)
    if form.missing:
        return await _page(visit, 422)
    try:
        await visit.api.post(f"/episodes/{episode}/{step}", body, form.key, versions=(form.version,))
    except ApiProblem as problem:
        if problem.slug in SLUGS:
            field, text = SLUGS[problem.slug]
            form.needs(field, visit.words.say(text), unless=False)
        elif problem.slug != "malformed" or not form.blame(problem.pointers, _fields(step, problem), visit.words.say):
            raise
        return await _page(visit, 422)
    return visit.go(f"/clients/{handle}/pregnancy?now={step}#notice")


def _body(visit: Visit, step: str) -> dict[str, Any]:
    form, say = visit.form, visit.words.say
    match step:
        case "date":
            due = form.day("edd")
            form.needs("edd", say("Check the due date"), unless=due is not None)
            form.needs("basis", say("Say how it is known"), unless=form.one("basis") in terms.DATING_BASES)
            body = {"edd": due.isoformat() if due else "", "basis": form.one("basis")}
            return body | ({"supersedes": form.one("dating")} if form.one("dating") else {})
        case "entered-in-error":
            form.needs("reason", say("Say why it should not be there"))
            return {"reason": form.one("reason")}
        case "dating-entered-in-error":
            form.needs("why_not_due", say("Say why that due date is wrong"))
            body = {"reason": form.one("why_not_due"), "dating": form.one("dating")}
            return body | ({"earlier_too": True} if form.on("earlier_too", "yes") else {})
        case "prenatal-care" | "postpartum-visit":
            return {"on": _on(visit, step)}
        case "end":
            form.needs("ended", say("Say how it ended"), unless=form.one("ended") in terms.ENDINGS)
            body = {"how": form.one("ended"), "on": _on(visit, step)}
            return body | ({"children": _children(visit)} if form.one("ended") == "live_birth" else {})
    return {}


def _fields(step: str, problem: ApiProblem) -> Mapping[str, tuple[str, str]]:
    said = next((IMPOSSIBLE[code] for code in problem.codes if code in IMPOSSIBLE), None)
    edd = {"/edd": ("edd", said)} if said else {}
    back = next((EARLIER[code] for code in problem.codes if code in EARLIER), None)
    edd |= {"/dating": ("earlier_too", back)} if back else {}
    return {**FIELDS, **edd, "/on": (DAYS.get(step, "edd"), said or N_("Check the day"))}


def _on(visit: Visit, step: str) -> str:
    on = visit.form.day(DAYS[step])
    known = on is not None and on <= visit.today
    visit.form.needs(DAYS[step], visit.words.say("Check the day; it cannot be in the future"), unless=known)
    return on.isoformat() if on else ""


def _children(visit: Visit) -> list[dict[str, Any]]:
    """As many living children as the form counts, with the weights that it has in grams."""
    form, say = visit.form, visit.words.say
    said = (form.number("alive") or 0) if form.one("alive") else 1
    count = said if said in BORN else 0
    form.needs("alive", say("Say how many children were born alive"), unless=bool(count))
    children: list[dict[str, Any]] = []
    for number in range(1, count + 1):
        grams = form.number(f"weight-{number}")
        fits = not form.one(f"weight-{number}") or grams in GRAMS
        form.needs(f"weight-{number}", say("Check the weight: grams, from 200 to 8,000"), unless=fits)
        children.append({"live": True} | ({"weight_g": grams} if grams else {}))
    return children


async def _page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    episodes = await visit.api.every(f"/clients/{her['client']}/episodes")
    wanted = visit.form.one("pregnancy")
    chosen = next((each for each in episodes if each["episode"] == wanted), episodes[0] if episodes else None)
    found = await visit.api.get(f"/episodes/{chosen['episode']}") if chosen else None
    return await visit.page(
        "pregnancy.html",
        status,
        her=her,
        handle=handle,
        found=found,
        line=line(visit, found) if found else None,
        earlier=[(each, line(visit, each)) for each in episodes if chosen and each["episode"] != chosen["episode"]],
        children=range(1, MOST_CHILDREN + 1),
        now=visit.request.query_params.get("now"),
    )
