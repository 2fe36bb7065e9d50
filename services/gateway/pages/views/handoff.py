"""Owns the page of one handoff: who leads until when, what the receiver would take on, and this side's answer."""

from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import STALE, ApiProblem, Json
from services.gateway.pages.views.consent import AGREED_FIELDS, consent_of, covering, long_ago, to_read
from services.gateway.pages.views.contact import blamed, contact_of, episodes_to_name, evidence
from services.gateway.pages.views.files import choose_again, with_contact
from services.gateway.pages.views.handoff_words import is_of_its_pregnancy
from services.gateway.pages.views.history import entries
from services.gateway.pages.views.noted import notes_of
from services.gateway.pages.views.person import at_a_glance, full_name, given_by_her
from services.gateway.pages.views.planned_day import too_far
from services.gateway.pages.views.question import asked, waits
from services.gateway.pages.views.safe_contact import warn
from services.gateway.pages.views.script import has_script, leader, script_of
from services.gateway.pages.views.staff import colleagues
from services.gateway.pages.visit import Visit

# Where the receiver knows her: before it accepts, she has no page there.
HERS = frozenset({"accepted", "completed"})
ACKNOWLEDGE = "acknowledge"
STEPS = frozenset(
    {
        *("client-agrees", "client-declines", "offer", "withdraw", "introduce"),
        *("accept", "decline", "complete", "take-back", ACKNOWLEDGE),
    }
)


async def handoff(visit: Visit) -> Response:
    return await page(visit, await look(visit))


async def open_handoff(visit: Visit) -> Response:
    """A person pressed to read what she gave, or that nobody took it up.

    The sender has read the latter then. Of the former no step says so: nothing but her list remembers it (R1).
    """
    found = await look(visit)
    if ACKNOWLEDGE not in found["actions"]:
        return await page(visit, found, opened=True)
    path = f"/handoffs/{found['handoff']}"
    await visit.api.post(f"{path}/{ACKNOWLEDGE}", {}, visit.form.key)
    return visit.go(path)


async def step_handoff(visit: Visit) -> Response:
    """One step of the side that pressed; a step that misses something shows the page again with what was typed.

    A form that was drawn before somebody answered saves nothing: the page says so above what stands (R12).
    """
    id, step = visit.request.path_params["handoff"], str(visit.request.path_params["step"])
    if step not in STEPS:
        raise ApiProblem.not_there()
    found = await look(visit)
    body = await _body(visit, step, found)
    if visit.form.missing:
        return await page(visit, found, 422, opened=visit.form.on("opened", "yes"))
    try:
        await visit.api.post(f"/handoffs/{id}/{step}", body, visit.form.key, versions=(visit.form.version,))
    except ApiProblem as problem:
        if _blamed(visit, step, problem):
            return await page(visit, found, 422, opened=visit.form.on("opened", "yes"))
        if problem.status != STALE:
            raise
        return await page(visit, await look(visit), STALE)
    return visit.go(f"/handoffs/{id}?now={step}#notice")


async def contact_for_handoff(visit: Visit) -> Response:
    """A support contact that belongs to this handoff; the first that reached her completes it."""
    id = visit.request.path_params["handoff"]
    found = await look(visit)
    body = contact_of(visit)
    if found["client"]:
        await warn(visit, found["client"]["client"], body)
    if visit.form.missing or not found["client"]:
        await choose_again(visit)
        return await page(visit, found, 422)
    client = found["client"]["client"]
    try:
        reply = await visit.api.post(f"/clients/{client}/contacts", {**body, "handoff": id}, visit.form.key)
    except ApiProblem as problem:
        if not blamed(visit, problem):
            raise
        await choose_again(visit)
        return await page(visit, found, 422)
    told = await with_contact(visit, client, str(reply.body["contact"]))
    return told or visit.go(f"/handoffs/{id}?now=contact#notice")


async def _body(visit: Visit, step: str, found: Json) -> dict[str, Any]:
    form, say = visit.form, visit.words.say
    match step:
        case "client-agrees":
            return {"consent": consent_of(visit)}
        case "accept":
            form.needs("on", say("Give the first contact a date"), unless=form.day("on") is not None)
            others = await colleagues(visit, found)
            form.needs("person", say("Choose who takes it over"), unless=form.one("person") in {"", *others})
            return {"on": form.one("on")} | ({"person": form.one("person")} if form.one("person") else {})
        case "decline":
            form.needs("reason", say("Say why, so that they can look further"))
            return {"reason": form.one("reason")}
        case "withdraw":
            form.needs("reason", say("Say why, so that they know"))
            return {"reason": form.one("reason")}
        case "introduce":
            form.needs("present", say("Say whether she was there"))
            return {"client_present": form.on("present", "yes")}
    return {}


def _blamed(visit: Visit, step: str, problem: ApiProblem) -> bool:
    """Notes what the API found wrong with a day, or with what she says now; False for any other problem."""
    match step:
        case "accept":
            return too_far(visit, problem)
        case "client-agrees" if problem.slug == "malformed":
            long_ago(visit, problem)
            return visit.form.blame(problem.pointers, AGREED_FIELDS, visit.words.say)
    return False


async def look(visit: Visit) -> Json:
    """The handoff without her name: looking at it reads nothing that she gave (R1, R11)."""
    return await visit.api.get(f"/handoffs/{visit.request.path_params['handoff']}", names="false")


async def page(visit: Visit, found: Json, status: int = 200, *, opened: bool = False) -> Response:
    """The page of a handoff as it stands; `opened`: somebody pressed to open it."""
    ours = found["to"]["agency"] == visit.who.agency
    shut = ours and found["state"] == "offered" and not opened
    if not shut:
        found = await visit.api.get(f"/handoffs/{found['handoff']}")
    given = await given_by_her(visit, f"/handoffs/{found['handoff']}/given") if ours and not shut else None
    client = found.get("client")
    known = client if client and (not ours or found["state"] in HERS) else None
    return await visit.page(
        "handoff.html",
        status,
        **await at_a_glance(visit, known),
        found=found,
        leader=leader(visit, found),
        over=is_of_its_pregnancy(found["history"]),
        ours=ours,
        unsent=not visit.on_system(found["to"]["agency"]) and found["state"] in {"proposed", "agreed", "offered"},
        shut=shut,
        given=given,
        goes_herself=False,
        asks_us=shut and await waits(visit, found["handoff"]),
        questions=[] if shut else await asked(visit, f"/handoffs/{found['handoff']}"),
        handle=visit.handles.of(known["client"]) if known else None,
        name=(client or {}).get("name") or full_name(((given or {}).get("fields") or {}).get("name")),
        script=await script_of(visit, found, given) if has_script(found) else None,
        colleagues=await colleagues(visit, found),
        episodes=await episodes_to_name(visit, known["client"]) if ours and known else [],
        history=entries(visit, found["history"], found, await notes_of(visit, found["history"])),
        proofs=evidence(found["history"]),
        consents=await _consents(visit, found),
        readings=to_read(visit, found["to"]["name"]),
        fields=_fields(visit),
        now=visit.request.query_params.get("now") if status == 200 else None,  # noqa: PLR2004 - a good page
        ended=found["state"] in terms.ENDED,
        stale=status == STALE,
    )


def _fields(visit: Visit) -> dict[str, bool]:
    """What she may give, and whether it is ticked."""
    ticked = visit.form.all("fields") or ("name", "phones", "language")
    return {field: field in ticked for field in terms.FIELDS if field != "note"}


async def _consents(visit: Visit, found: Json) -> list[Json]:
    """What she agreed to before, where it may cover this handoff."""
    client = found.get("client")
    if "client-agrees" not in found["actions"] or not client:
        return []
    listed = await visit.api.find_every(f"/clients/{client['client']}/consents")
    return covering(visit, listed, {"agency": found["to"]})
