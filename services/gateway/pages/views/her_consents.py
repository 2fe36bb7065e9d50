"""Owns a client's page of what she said yes to: each in plain words, and the way to take it back herself (R1)."""

from datetime import date
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.visit import HERS, Visit


async def consents(visit: Visit) -> Response:
    """What she said, whichever agency wrote it down: what holds, and what is over. What she never said is left out."""
    found = await visit.api.every(f"/clients/{visit.who.subject}/consents")
    said = [_shown(visit, each) for each in found if each["state"] != "entered_in_error"]
    return await visit.page(
        "her-consents.html",
        holds=[each for each in said if each["state"] == "agreed"],
        over=[each for each in said if each["state"] != "agreed"],
        now=visit.request.query_params.get("now"),
    )


async def take_back(visit: Visit) -> Response:
    """She takes one back: nobody asks why."""
    consent = visit.form.one("consent")
    if not consent.isalnum():
        raise ApiProblem.not_there()
    await visit.api.post(f"/consents/{consent}/revoke", {}, visit.form.key)
    return visit.go(f"{HERS}/consents?now=taken-back#notice")


def _shown(visit: Visit, said: Json) -> dict[str, Any]:
    """One in words. What is restricted is not named on a screen that others may see until she asks for it."""
    say, listed = visit.words.say, visit.words.listed
    need = say(terms.CATEGORIES.get(said["category"], "Another need")) if said["category"] else None
    other_use = terms.PURPOSES_TO_HER.get(said["purpose"])
    names = [each["name"] for each in said["to"]]
    named = listed(names) if names else say("Any agency that can help you")
    return {
        "consent": said["consent"],
        "state": said["state"],
        "hidden": bool(said["restricted"]),
        "named": named,
        "need": need,
        "by": said["agency"]["name"],
        "guardian": said["authority"] == "guardian",
        "fields": listed([say(terms.FIELDS_TO_HER.get(name, name)) for name in said["fields"]]),
        "kinds": listed([say(terms.INFORMATION_KINDS[kind]) for kind, yes in said["categories"].items() if yes]),
        "other_use": say(other_use) if other_use else None,
        "counted": said["measurement"] == "yes",
        "refused_on": _day(visit, said["overruled"]["on"]) if said["overruled"] else None,
        "refused": bool(said["overruled"] and said["overruled"]["whole"]),
        "on": _day(visit, said["on"]),
        "expires": _day(visit, said["expires"]),
        "ended_on": _day(visit, said["ended_on"]),
    }


def _day(visit: Visit, on: str | None) -> str | None:
    return visit.words.day(date.fromisoformat(on), visit.today, "dated") if on else None
