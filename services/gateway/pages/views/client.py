"""Owns a client's pages: her timeline across agencies, who leads, what is overdue, and what can be written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.across import agreed_until, named, with_months
from services.gateway.pages.views.contact import blamed, contact_of, episodes_to_name
from services.gateway.pages.views.contact_list import contacts_with, just_written
from services.gateway.pages.views.files import choose_again, with_contact
from services.gateway.pages.views.history import entries
from services.gateway.pages.views.needs import open_needs
from services.gateway.pages.views.person import shown
from services.gateway.pages.views.plan import promised
from services.gateway.pages.views.pregnancies import chapters
from services.gateway.pages.views.pregnancy import line
from services.gateway.pages.views.safe_contact import reach, warn
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

LANES = "abcd"
LATEST_WRITTEN = 10
# The moments that the API takes.
EARLIEST, LATEST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
WAITS = {
    "answer": N_("An answer is waited for"),
    "contact": N_("A first contact is waited for"),
    "complete": N_("How it ended is waited for"),
    "send_on": N_("That it is sent on is waited for"),
    "review": N_("Room is waited for"),
    "confirm_cancellation": N_("That they stop is waited for"),
    "acknowledge": N_("The end has not been read"),
    "promised": N_("What was promised is waited for"),
    "visit": N_("Whether she came is waited for"),
    "client_agrees": N_("Her answer about a handoff is waited for"),
    "offer": N_("The offer of a handoff is waited for"),
    "question": N_("The answer to a question is waited for"),
    "silence": N_("A contact with her is waited for"),
    "renew": N_("Her agreement ran out"),
}
LETTERS = "ABCDEFGH"
PROPOSAL_FIELDS: Mapping[str, tuple[str, str]] = {
    "/to": ("to", N_("Say to whom")),
    "/note": ("note", N_("Shorten the note")),
}
PROPOSAL_SLUGS: Mapping[str, tuple[str, str]] = {
    "episode-not-open": ("domain", N_("Open the pregnancy on her page first")),
    "lead-moved": ("domain", N_("Your agency does not lead this, so it cannot hand it off")),
    "receiver-not-on-system": ("to", N_("They are not on Closeknit and cannot accept the lead here")),
    "handoff-already-open": ("to", N_("You have an open handoff of this to them")),
}
EPISODE_FIELDS = {"/identified_on": ("identified_on", N_("Check since when she is known to be pregnant"))}


@dataclass(frozen=True)
class Lane:
    """An agency's thread: a letter, and one of four colours and shapes."""

    letter: str
    lane: str
    name: str
    ours: bool


async def client(visit: Visit) -> Response:
    """A client's timeline: what had happened by a day, as it was known on a day."""
    return await client_page(visit)


async def client_page(visit: Visit, status: int = 200) -> Response:
    """The page, and what is wrong on one of its forms."""
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    asked = {name: visit.request.query_params.get(name, "") for name in ("as_of", "known_at")}
    ends = {name: _end_of(visit, _day(text)) for name, text in asked.items()}
    days = {name: _day(text) if ends[name] else None for name, text in asked.items()}
    timeline = await visit.api.find(f"/clients/{her['client']}/timeline", **ends)
    for name in asked if timeline is not None else ():
        visit.form.needs(name, visit.words.say("Check the day"), unless=not asked[name] or ends[name] is not None)
    episodes = await visit.api.find_every(f"/clients/{her['client']}/episodes")
    found = named(visit, timeline or {"entries": [], "leads": [], "overdue": [], "agencies": []})
    her["name"] = her["name"] or found.get("name")
    lanes = _lanes(visit, found)
    on_another_day = any(days.values())
    stands = {} if on_another_day else await _stands_now(visit, her["client"], episodes)
    return await visit.page(
        "client.html",
        422 if visit.form.missing else status,
        her=her,
        handle=handle,
        shown_to_us=timeline is not None,
        found=found,
        lanes=lanes,
        leads=[{**lead, "lane": lanes.get(lead["agency"])} for lead in found["leads"]],
        chapters=chapters(visit, with_months(visit, entries(visit, found["entries"]), found), episodes),
        agreed=agreed_until(found),
        open_episode=next((each for each in episodes if _is_open(each)), None),
        asked=asked,
        **days,
        now=visit.request.query_params.get("now"),
        just_written=just_written(visit),
        on_another_day=on_another_day,
        stands=stands,
        overdue=found["overdue"],
        reach=await reach(visit, her["client"]),
        waits=WAITS,
    )


async def _stands_now(visit: Visit, client: str, episodes: list[Json]) -> Json:
    """What stands today and no other day is asked for: her pregnancy, visits, needs, what is promised and was done."""
    visits = await visit.api.find(f"/clients/{client}/appointments") or {"items": []}
    return {
        "pregnancies": [(each, line(visit, each)) for each in episodes if each["state"] != "closed"],
        "planned": [each for each in visits["items"] if each["state"] == "booked"],
        "needs": open_needs(visit, await visit.api.find_every(f"/clients/{client}/needs")),
        "promised": await promised(visit, client),
        "written": (await contacts_with(visit, client))[:LATEST_WRITTEN],
    }


async def open_episode(visit: Visit) -> Response:
    """A pregnancy begins for this agency; whoever opened one before stays in the lead (R4)."""
    handle = str(visit.request.path_params["handle"])
    reference = visit.client_of(handle)
    form, say = visit.form, visit.words.say
    day = form.day("identified_on")
    form.needs("identified_on", say("Check since when she is known to be pregnant"), unless=day is not None)
    try:
        if day is not None:
            await visit.api.post(f"/clients/{reference}/episodes", {"identified_on": day.isoformat()}, form.key)
    except ApiProblem as problem:
        if problem.slug != "malformed" or not form.blame(problem.pointers, EPISODE_FIELDS, say):
            raise
    if form.missing:
        return await client_page(visit, 422)
    return visit.go(f"/clients/{handle}?now=episode#notice")


async def contact_form(visit: Visit) -> Response:
    return await _contact_page(visit)


async def record_contact(visit: Visit) -> Response:
    """A support contact with her, whatever it was about."""
    handle = str(visit.request.path_params["handle"])
    reference = visit.client_of(handle)
    body = contact_of(visit)
    await warn(visit, reference, body)
    if visit.form.missing:
        return await _contact_page(visit, 422)
    try:
        reply = await visit.api.post(f"/clients/{reference}/contacts", body, visit.form.key)
    except ApiProblem as problem:
        if not blamed(visit, problem):
            raise
        return await _contact_page(visit, 422)
    made = str(reply.body["contact"])
    told = await with_contact(visit, reference, made)
    return told or visit.go(f"/clients/{handle}?now=contact&contact={visit.handles.of(made)}#notice")


async def handoff_form(visit: Visit) -> Response:
    return await _handoff_page(visit)


async def propose_handoff(visit: Visit) -> Response:
    """A handoff of something that this agency leads; nothing of hers leaves yet."""
    form, say = visit.form, visit.words.say
    reference = visit.client_of(str(visit.request.path_params["handle"]))
    form.needs("to", say("Say to whom"))
    form.needs("domain", say("Say what they would lead"), unless=form.one("domain") in terms.DOMAINS)
    form.needs("kind", say("Say how you hand over"), unless=form.one("kind") in terms.HANDOFF_KINDS)
    if form.missing:
        return await _handoff_page(visit, 422)
    body: dict[str, Any] = {"to": form.one("to"), "domain": form.one("domain"), "kind": form.one("kind")}
    if form.one("note"):
        body["note"] = form.one("note")
    try:
        reply = await visit.api.post(f"/clients/{reference}/handoffs", body, form.key)
    except ApiProblem as problem:
        if problem.slug in PROPOSAL_SLUGS:
            field, text = PROPOSAL_SLUGS[problem.slug]
            form.needs(field, say(text), unless=False)
        elif problem.slug != "malformed" or not form.blame(problem.pointers, PROPOSAL_FIELDS, say):
            raise
        return await _handoff_page(visit, 422)
    return visit.go(f"/handoffs/{reply.body['handoff']}?now=proposed#notice")


async def _contact_page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    await choose_again(visit)
    her = await shown(visit, handle)
    named = await episodes_to_name(visit, her["client"])
    plan = await reach(visit, her["client"])
    return await visit.page("contact.html", status, her=her, handle=handle, reach=plan, episodes=named)


async def _handoff_page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    listed = await visit.api.every("/directory/agencies")
    others = [each for each in listed if each["agency"] != visit.who.agency and visit.on_system(each["agency"])]
    agencies = {each["agency"]: each["name"] for each in others}
    plan = await reach(visit, her["client"])
    return await visit.page("propose.html", status, her=her, handle=handle, agencies=agencies, reach=plan)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _end_of(visit: Visit, day: date | None) -> str | None:
    """The last moment of a local day, in UTC; None for no day, and for one that the API does not take."""
    if day is None or not EARLIEST.date() <= day < LATEST.date():
        return None
    end = datetime.combine(day + timedelta(1), time(), visit.words.zone) - timedelta(milliseconds=1)
    if not EARLIEST <= end < LATEST:
        return None
    return end.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _is_open(episode: Json) -> bool:
    return episode["phase"] == "prenatal" and not episode["end_recorded"] and episode["state"] != "closed"


def _lanes(visit: Visit, found: Json) -> Mapping[str, Lane]:
    """A lane for each agency, in the order in which they first appear; the fifth begins the colours again."""
    names: dict[str, str] = {}
    for entry in reversed(found["entries"]):
        agency = entry.get("agency") or {}
        if agency.get("agency"):
            names.setdefault(agency["agency"], agency["name"])
    for lead in found["leads"]:
        names.setdefault(lead["agency"], lead["name"])
    return {
        agency: Lane(LETTERS[number % len(LETTERS)], LANES[number % len(LANES)], name, agency == visit.who.agency)
        for number, (agency, name) in enumerate(names.items())
    }
