"""Owns the page of one referral: where it is, whose turn it is, what happened, and what she gave to its receiver."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import STALE, Json
from services.gateway.pages.views.answer_choices import choices
from services.gateway.pages.views.contact import episodes_to_name, evidence
from services.gateway.pages.views.file_list import listed
from services.gateway.pages.views.history import counting, entries
from services.gateway.pages.views.noted import notes_of
from services.gateway.pages.views.person import at_a_glance, full_name, given_by_her, ours_like
from services.gateway.pages.views.question import asked, waits
from services.gateway.pages.views.staff import colleagues, names
from services.gateway.pages.views.trying import not_tried, tried
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

WITHOUT_HER_YES: Mapping[str, str] = {
    "emergency": N_("It was sent without her yes, because it was an emergency."),
    "required_by_law": N_("It was sent without her yes, because the law requires it."),
}
SERVED = frozenset({"accepted", "in_service"})
IN_HAND = SERVED | {"cancel_requested"}


@dataclass(frozen=True)
class Stage:
    """One stop of the loop: done, now, exit or (empty) not yet."""

    name: str
    mark: str
    at: datetime | None


async def referral(visit: Visit) -> Response:
    return await page(visit, await look(visit))


async def look(visit: Visit) -> Json:
    """The referral without her name: looking at it reads nothing that she gave (R1, R11)."""
    return await visit.api.get(f"/referrals/{visit.request.path_params['referral']}", names="false")


def is_shut(visit: Visit, found: Json) -> bool:
    """Whether nobody here has opened it: until then its page shows nothing that she gave."""
    return bool(found["to"]["agency"] == visit.who.agency and found["state"] == "sent")


def is_unsent(found: Json) -> bool:
    """Whether it is written down alone: who is asked is not on the system, and there is no letter yet."""
    return bool(found["to"].get("channel") == "letter")


async def page(visit: Visit, found: Json, status: int = 200, *, opened: bool = False) -> Response:
    """The page of a referral as it stands; `opened`: somebody pressed to open it."""
    shut = is_shut(visit, found) and not opened
    if not shut:
        found = await visit.api.get(f"/referrals/{found['referral']}")
    ours = found["to"]["agency"] == visit.who.agency
    given = await given_by_her(visit, f"/referrals/{found['referral']}/given") if ours and not shut else None
    client = found.get("client")
    known = not ours or "accepted" in _times(found["history"])  # before it accepts, she has no page there
    return await visit.page(
        "referral.html",
        status,
        found=found,
        ours=ours,
        unsent=is_unsent(found),
        goes_herself=found["mode"] == "informational",
        shut=shut,
        sender_reasons={code: terms.REASONS[code] for code in terms.SENDER_REASONS},
        attested=_attested(found["history"]),
        tried=tried(visit, found.get("outreach")),
        lacking=not_tried(visit, found.get("outreach")),
        given=given,
        **await at_a_glance(visit, client if known else None),
        similar=await ours_like(visit, given) if "accept" in found["actions"] else {},
        handle=visit.handles.of(client["client"]) if client and known else None,
        name=(client or {}).get("name") or full_name(((given or {}).get("fields") or {}).get("name")),
        stages=_stages(visit, found),
        elsewhere=await _elsewhere(visit, found),
        passing_reasons={code: terms.REASONS[code] for code in terms.PASSING_REASONS},
        ended=found["state"] in terms.ENDED,
        voice=await _voice(visit, found),
        child_there=await _child_there(visit, found),
        history=entries(visit, found["history"], found, await notes_of(visit, found["history"])),
        proofs=evidence(found["history"]),
        now=visit.request.query_params.get("now") if status == 200 else None,  # noqa: PLR2004 - a good page
        facts=_facts(visit, found),
        stale=status == STALE,
        **await _between(visit, found, shut=shut),
        answer_choices=choices() if is_unsent(found) and not ours else None,
    )


async def _by_us(visit: Visit, found: Json) -> Json:
    """Who of the own agency may take it on, who has, and for which pregnancies they see her; its sender is told nothing
    of it."""
    if found["to"]["agency"] != visit.who.agency:
        return {"colleagues": {}, "taken_by": None, "episodes": []}
    client = found.get("client") if IN_HAND & {found["state"]} else None
    person = found["person"] if found["state"] in SERVED else None
    ourselves = visit.words.say("You") if person == visit.who.subject else None
    return {
        "colleagues": await colleagues(visit, found),
        "taken_by": ourselves or (person and (await names(visit)).get(person)),
        "episodes": await episodes_to_name(visit, client["client"]) if client else [],
    }


async def _between(visit: Visit, found: Json, *, shut: bool) -> Json:
    """What the two sides asked each other, and what was added, nothing of it before it was opened; who takes care."""
    path = f"/referrals/{found['referral']}"
    return await _by_us(visit, found) | {
        "without_her_yes": WITHOUT_HER_YES.get(found.get("exception") or ""),
        "questions": [] if shut else await asked(visit, path),
        "asks_us": shut and await waits(visit, found["referral"]),
        "files": [] if shut else await listed(visit, path),
        "may_add_file": not shut and bool(found.get("client")) and found["state"] not in terms.ENDED,
    }


async def _elsewhere(visit: Visit, found: Json) -> dict[str, str]:
    """Who else offers what she needs, where the receiver may pass it on."""
    if "redirect" not in found["actions"]:
        return {}
    offered = await visit.api.every("/directory/services", category=found["category"])
    sides = {found["from"]["agency"], found["to"]["agency"]}
    others = [each for each in offered if each["agency"]["agency"] not in sides]
    return {
        f"{each['agency']['agency']}/{each['service']}": f"{each['agency']['name']}, {each['name']}" for each in others
    }


async def _child_there(visit: Visit, found: Json) -> bool:
    """Whether what was passed on has been sent: its sender may have let it go instead."""
    passed = found.get("redirected") or {}
    child = passed.get("child")
    return bool(child and not passed.get("waiting") and await visit.api.find(f"/referrals/{child}", names="false"))


async def _voice(visit: Visit, found: Json) -> Json | None:
    """Whether she was asked how it was, once it has ended."""
    if found["state"] not in terms.ENDED or found["mode"] == "informational":
        return None
    return await visit.api.find(f"/referrals/{found['referral']}/feedback")


def _stages(visit: Visit, found: Json) -> list[Stage]:
    """The stops on top of the thread; one that ended otherwise has its end instead of the stops that it missed."""
    times = _times(found["history"])
    state, say = str(found["state"]), visit.words.say
    told = found["facts"]["closed"]["yes"]
    sent = say("Written down") if is_unsent(found) else say("Sent")
    stops = [("sent", sent), ("received", say("Received")), ("accepted", say("Accepted"))]
    if state == "waitlisted":
        stops[-1] = ("waitlisted", say("On the waiting list"))
    stops += [("service_started", say("In service")), ("completed", say("Completed"))]
    if state in terms.ENDED and state != "completed":
        stops = [stop for stop in stops if stop[0] in times] + [(state, say(terms.STATES[state]))]
    if state == "cancel_requested":
        stops = [stop for stop in stops if stop[0] in times]
        stops.append(("cancellation_requested", say(terms.STATES[state])))
    current = {"cancel_requested": "cancellation_requested", "in_service": "service_started"}.get(state, state)
    stages = []
    for code, name in stops:
        mark = "done" if code in times else ""
        if code == current and not told:
            mark = "exit now" if state in terms.ENDED and state != "completed" else "now"
        elif code == state and state in terms.ENDED and state != "completed":
            mark = "exit"
        stages.append(Stage(name, mark, times.get(code)))
    last = _moment(found["facts"]["closed"].get("at"))
    return [*stages, Stage(say("Sender told"), "done" if told else "", last)]


def _times(history: list[Json]) -> Mapping[str, datetime]:
    times: dict[str, datetime] = {}
    for entry in counting(history):
        name = str(entry["type"]).split(".")[1]
        at = datetime.fromisoformat(entry["at"])
        if str(entry["type"]).startswith("referral.") and (name not in times or at < times[name]):
            times[name] = at
    return times


def _facts(visit: Visit, found: Json) -> list[tuple[bool, str, str]]:
    say, words, facts = visit.words.say, visit.words, found["facts"]
    sent = _moment(found["sent_at"]) or visit.now
    lines = []
    shown = say("Connected: yes")
    if facts["connected"]["evidence_in_error"]:
        shown = say("Connected: what showed it was entered in error")
    names = {
        "responded": (say("Responded: yes"), say("Responded: not yet")),
        "connected": (shown, say("Connected: not yet")),
        "closed": (say("Closed, sender told: yes"), say("Closed, sender told: not yet")),
    }
    for code, (yes, no) in names.items():
        at = _moment(facts[code].get("at"))
        if facts[code]["yes"] and at:
            days = (words.local(at).date() - words.local(sent).date()).days
            text = words.count("in %(number)s day, on %(day)s", "in %(number)s days, on %(day)s", days,
                               day=words.day(at, visit.today)) if days else say("the same day")  # fmt: skip
        else:
            days = (visit.today - words.local(sent).date()).days
            text = _waited(visit, days, is_unsent(found))
        lines.append((bool(facts[code]["yes"]), yes if facts[code]["yes"] else no, text))
    return lines


def _waited(visit: Visit, days: int, unsent: bool) -> str:
    """For how long nothing came of it."""
    say, words = visit.words.say, visit.words
    if days < 1:
        return say("written down today") if unsent else say("sent today")
    if unsent:
        return words.count(
            "%(number)s day since it was written down", "%(number)s days since it was written down", days
        )
    return words.count("%(number)s day since it was sent", "%(number)s days since it was sent", days)


def _attested(history: list[Json]) -> str | None:
    """What a supervisor of the receiver found."""
    found = (entry for entry in counting(history) if str(entry["type"]).startswith("referral.attested."))
    return next((str(entry["detail"]["decision"]) for entry in found), None)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
