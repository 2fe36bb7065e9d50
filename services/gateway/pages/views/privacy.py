"""Owns the privacy officer's pages: what waits for an answer, what was answered, and a client's list."""

from datetime import datetime
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import Json, cursor_of
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import Words

SHOWN = 20
LONGEST = 2_000
QUESTION = "question"
UNNAMED = "another"
"""Who looked, where that is not told."""
OPERATED = frozenset({"erasure", "hold", "hold_released"})
"""What an operator did on the machine: nothing was typed, and it says nothing of who she is."""


async def queue(visit: Visit, status: int = 200) -> Response:
    """What waits, the first due first, and what was answered. A form that is shown again stands on its own page."""
    cursor = visit.form.one("cursor") or visit.request.query_params.get("cursor") or None
    waiting = await visit.api.get("/inquiries", limit=SHOWN, cursor=cursor)
    done = await visit.api.get("/inquiries", limit=SHOWN, answered="true")
    return await visit.page(
        "privacy.html",
        status,
        waiting=[_inquiry(visit, each) for each in waiting["items"]],
        in_all=waiting["waiting"],
        cursor=cursor,
        more=cursor_of(waiting),
        causes=terms.CAUSES,
        findings=terms.FINDINGS,
        done=[_inquiry(visit, each) for each in done["items"]],
        now=visit.request.query_params.get("now"),
    )


async def answer(visit: Visit) -> Response:
    """The officer's answer, in words, with what was found where nobody had asked her first."""
    form, say, id = visit.form, visit.words.say, str(visit.request.path_params["inquiry"])
    if form.one("cause") != QUESTION:
        form.needs(f"finding-{id}", say("Say whether this was right"))
    form.needs(f"text-{id}", say("Write your answer"))
    form.fits(f"text-{id}", LONGEST, say("Write it shorter: 2,000 letters fit"))
    if form.missing:
        return await queue(visit, 422)
    body = {"text": form.one(f"text-{id}")}
    if finding := form.one(f"finding-{id}"):
        body["finding"] = finding
    await visit.api.post(f"/inquiries/{id}/answer", body, form.key)
    return visit.go("/privacy?now=answered#notice")


async def back(visit: Visit) -> Response:
    """An answer's own address shows nothing."""
    return visit.go("/privacy")


async def of_client(visit: Visit) -> Response:
    """Who learned what of one client, as far as the officer's agency gave it or was given it."""
    handle = str(visit.request.path_params["handle"])
    query = visit.request.query_params
    part_2 = query.get("list") == "part-2"
    found = await visit.api.get(
        f"/clients/{visit.client_of(handle)}/disclosures",
        limit=SHOWN,
        cursor=query.get("cursor") or None,
        part_2="true" if part_2 else None,
    )
    items = [disclosed(visit.words, each) for each in found["items"]]
    older = cursor_of(found)
    return await visit.page("privacy-client.html", handle=handle, entries=items, older=older, part_2=part_2)


def _inquiry(visit: Visit, each: Json) -> dict[str, Any]:
    moment = visit.words.local
    about = disclosed(visit.words, each["disclosure"]) if each["disclosure"] else None
    return {
        **each,
        "handle": visit.handles.of(each["client"]["client"]),
        "asked_at": moment(datetime.fromisoformat(each["asked_at"])),
        "due": moment(datetime.fromisoformat(each["due"])),
        "answered_at": moment(datetime.fromisoformat(each["answered_at"])) if each["answered_at"] else None,
        "about": about,
        "operated": each["cause"] in OPERATED,
        "why": terms.OPERATED_FOR.get(each["reason"]),
    }


def disclosed(words: Words, item: Json) -> dict[str, Any]:
    """One entry of her list in the words of those who answer for it."""
    say = words.say
    by = item["by"]["name"] if item["by"] else say("Another agency")
    to = say("Another agency") if item["to"]["agency"] == UNNAMED else item["to"]["name"]
    allowed, kind = item["allowed"], item["kind"]
    why = terms.OPENED_FOR.get(item["emergency"]) or terms.EXCEPTIONS.get(item["exception"])
    return {
        "at": words.local(datetime.fromisoformat(item["at"])),
        "headline": say(terms.DISCLOSED[kind], agency=to, by=by),
        "fields": words.listed([say(terms.FIELDS[name]) for name in item["fields"] if name in terms.FIELDS]),
        "exception": say(why) if why else None,
        "reason": item["reason"],
        "agreed_on": datetime.fromisoformat(allowed["agreed_on"]).date() if allowed else None,
        "restricted": bool(item["restricted"]),
    }
