"""Owns the page on which a referral is sent: one form in steps that works without a script and loses nothing."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import NOT_FOUND, ApiProblem, Json
from services.gateway.pages.forms import Form
from services.gateway.pages.views import checks, drafts, fitting, person
from services.gateway.pages.views.asked_by import asked_by
from services.gateway.pages.views.consent import (
    AGREED_FIELDS,
    CONSENT_FIELDS,
    FIRST_FIELDS,
    consent_of,
    covering,
    long_ago,
    to_read,
)
from services.gateway.pages.views.planned_day import OWN_NUMBER
from services.gateway.pages.views.room import room_told
from services.gateway.pages.views.safe_contact import reach
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

STEPS = frozenset({"find", "change", "services", "check", "kept", "asked"})
EXCEPTIONS = {"emergency": N_("An emergency"), "required_by_law": N_("The law requires it")}
# What the API gives under an exception that does not say.
EXCEPTION_GIVES = ("name", "birth_date", "phones", "address", "language", "note")

SEND_FIELDS: Mapping[str, tuple[str, str]] = {
    "/to": ("service", N_("Choose who could help; the directory may have changed")),
    "/category": ("need", N_("Say what she needs")),
    "/note": ("note", N_("Shorten the note")),
    "/reason_code": ("reason_code", N_("This is no code of ICD-10-CM, SNOMED CT or LOINC. Check it")),
    "/identifier": ("identifier", OWN_NUMBER),
    **AGREED_FIELDS,
    "/consent/exception": ("exception", N_("Say which exception it is")),
    "/consent/reason": ("exception_reason", N_("Say why it could not wait for her answer")),
    "/client": ("find", N_("Choose the client again")),
    **{f"/identity{pointer}": field for pointer, field in person.PERSON_FIELDS.items()},
}
# The fields in the order of the page.
SEND_ORDER = ("find", *person.TYPED, "need", "service", "consent", "how", "on", "fields", "exception",
              "exception_reason", "note", "identifier", "reason_code")  # fmt: skip
SLUG_FIELDS: Mapping[str, tuple[str, str]] = {
    "consent-missing": ("consent", N_("Say whether she agreed to share this")),
    "consent-does-not-cover": ("consent", N_("What she agreed to does not cover this. Ask her again")),
    "consent-overruled": ("consent", N_("She has said no to this since. Ask her again")),
    "number-in-use": ("mrn", N_("Another client of yours has this number")),
    "referral-already-open": ("service", N_("You have an open referral for her to this service")),
}


async def new_referral(visit: Visit) -> Response:
    return await _page(visit)


async def refer_client(visit: Visit) -> Response:
    """The same page, with the client whose page it was opened from, and the need of hers that it is for."""
    values = {"client": (str(visit.request.path_params["handle"]),)}
    if chosen := visit.request.query_params.get("for"):
        found = await visit.api.get(f"/needs/{visit.client_of(chosen)}")
        values |= {"need": (found["category"],), "for_need": (found["need"],)}
    visit.form.values = values
    return await _page(visit)


async def go_on(visit: Visit) -> Response:
    """The page as it was left, by whoever left it."""
    try:
        await drafts.load(visit)
    except ApiProblem as problem:
        sent = f"/referrals/{visit.request.path_params['draft']}"
        if problem.status != NOT_FOUND or await visit.api.find(sent, names="false") is None:
            raise
        return visit.go(sent)  # somebody went back to it after it was sent: a draft keeps its id
    asked = visit.request.query_params.get("do", "")
    visit.form.values = {**visit.form.values, "do": (asked if asked in STEPS else "",)}
    return await _page(visit)


async def send_referral(visit: Visit) -> Response:
    """A step of the form, after which it is kept and shown from there; or the whole of it."""
    form, step = visit.form, visit.form.one("do")
    if step == "ask":
        await checks.ask_who_could_help(visit)
        step = form.one("do")
    if step in STEPS:
        if step == "change":
            form.values = {name: value for name, value in form.values.items() if name not in {"client", "consent"}}
        kept = await drafts.save(visit)
        return await _page(visit) if kept is None else visit.go(f"/drafts/{kept}?do={step}")
    body = _checked(visit)
    if "identity" in body:
        await person.note_alike(visit)
    if form.one("draft") and not form.missing:
        return await _send_draft(visit, body)
    try:
        reply = await (visit.api.again if form.missing else visit.api.post)("/referrals", body, form.key)
    except ApiProblem as problem:
        if not _blamed(visit, problem):
            raise
        reply = None
    if reply is None:
        await drafts.save(visit)
        return await _page(visit, 422)
    return visit.go(f"/referrals/{reply.body['referral']}?now=sent#notice")


async def _send_draft(visit: Visit, body: Json) -> Response:
    """What the form came to is kept first and sent from there: pressed twice it is sent once."""
    id = visit.form.one("draft")
    try:
        await visit.api.change(f"/referrals/{id}", {name: body.get(name) for name in drafts.SENT}, visit.form.version)
    except ApiProblem as problem:
        if problem.status != NOT_FOUND and not _blamed(visit, problem):
            raise
    try:
        if not visit.form.missing:
            await visit.api.post(f"/referrals/{id}/send", {}, visit.form.key)
            return visit.go(f"/referrals/{id}?now=sent#notice")
    except ApiProblem as problem:
        if not _blamed(visit, problem):
            raise
    visit.form.values = {**visit.form.values, "version": (str(visit.form.version + 1),)}
    await drafts.save(visit)
    return await _page(visit, 422)


def _blamed(visit: Visit, problem: ApiProblem) -> bool:
    """Notes what the API found wrong beside what the form lacks; False where it is nothing of this form."""
    say, lacking = visit.words.say, bool(visit.form.missing)
    if problem.slug in SLUG_FIELDS:
        field, text = SLUG_FIELDS[problem.slug]
        visit.form.needs(field, say(text), unless=visit.form.wrong(field) is not None)
        return True
    long_ago(visit, problem)
    return problem.slug == "malformed" and (visit.form.blame(problem.pointers, SEND_FIELDS, say) or lacking)


def _checked(visit: Visit) -> dict[str, Any]:
    """The body of the referral; what is missing is noted in the form, in the order of the page."""
    form, say = visit.form, visit.words.say
    mode = "informational" if form.on("goes_herself", "yes") else "direct"
    body: dict[str, Any] = {"mode": mode, "priority": "urgent" if form.on("urgent", "yes") else "routine"}
    chosen = form.one("client")
    if chosen == "new" or (not chosen and form.one("given")):
        body["identity"] = person.identity_of(visit)
    elif chosen:
        body["client"] = visit.client_of(chosen)
    else:
        form.needs("find", say("Say for whom: find her, or describe her"), unless=False)
    form.needs("need", say("Say what she needs"), unless=form.one("need") in terms.CATEGORIES)
    body["category"] = form.one("need")
    agency, _, service = form.one("service").partition("/")
    form.needs("service", say("Choose who could help"), unless=bool(agency and service))
    body["to"] = {"agency": agency, "service": service}
    if form.on("consent", "exception"):
        form.needs("exception", say("Say which exception it is"), unless=form.one("exception") in EXCEPTIONS)
        form.needs("exception_reason", say("Say why it could not wait for her answer"))
        body["consent"] = {"exception": form.one("exception"), "reason": form.one("exception_reason")}
    else:
        body["consent"] = consent_of(visit)
    as_it_is = {"need": "for_need", "note": "note", "supersedes": "supersedes"}
    as_it_is |= {name: name for name in ("identifier", "reason_code")}
    body |= {name: form.one(field) for name, field in as_it_is.items() if form.one(field)}
    return body | ({"check": came_of} if (came_of := checks.asked_in(visit)) else {})


async def _page(visit: Visit, status: int = 200) -> Response:
    form = visit.form
    chosen = form.one("client")
    client = await person.shown(visit, chosen) if chosen not in {"", "new"} else None
    fit = person.fit_of(visit, client)
    offered = await fitting.offered(visit, fit)
    services = [service for service in offered if service["category"] == form.one("need")]
    found = await person.found(visit) if client is None else []
    status = 422 if form.missing else status
    form.put_in_order(SEND_ORDER)
    service = next((each for each in services if form.on("service", _value(each))), None)
    consents, fields = await _consents(visit, client, service), _fields(form.all("fields"))
    return await visit.page(
        "send.html",
        status,
        her=client,
        client=client,
        reach=await reach(visit, client["client"]) if client else None,
        found=found,
        most=person.MOST_FOUND,
        similar=await person.alike(visit) if form.wrong("similar") else [],
        languages_spoken=person.PERSON_LANGUAGES,
        needs=_needs(visit, offered, form.one("need")),
        services=services,
        fitted=bool(fit) and len(services) > 1,
        nobody=fitting.nobody(visit, services, fit),
        lacks=lambda each: fitting.lacks(visit, each, fit),
        service=service,
        value_of=_value,
        room_of=lambda each: room_told(visit, each),
        consents=consents,
        readings=to_read(visit, service["agency"]["name"] if service else None),
        fields=fields,
        given=_given(form, fields, consents),
        exceptions=EXCEPTIONS,
        checked=form.one("do") == "check",
        due=asked_by(visit),
    )


def _value(service: Json) -> str:
    return f"{service['agency']['agency']}/{service['service']}"


def _needs(visit: Visit, offered: list[Json], chosen: str) -> dict[str, str]:
    """The needs for which somebody offers something, and the chosen one, by their names."""
    codes = {each["category"] for each in offered} | ({chosen} & terms.CATEGORIES.keys())
    said = {code: visit.words.say(terms.CATEGORIES.get(code, code)) for code in codes}
    return dict(sorted(said.items(), key=lambda item: item[1].casefold()))


async def _consents(visit: Visit, client: Json | None, service: Json | None) -> list[Json]:
    if client is None:
        return []
    return covering(visit, await visit.api.find_every(f"/clients/{client['client']}/consents"), service)


def _given(form: Form, fields: Mapping[str, bool], consents: list[Json]) -> list[str]:
    """What of hers would go out with the form as it stands: by what she says now, said before, or an exception."""
    chosen = form.one("consent")
    before = next((each["fields"] for each in consents if chosen == f"id:{each['consent']}"), None)
    if before is not None:
        given = set(before)
    elif chosen == "exception":
        given = set(EXCEPTION_GIVES)
    else:
        given = {field for field, ticked in fields.items() if ticked and chosen != "no"}
    return [field for field in terms.FIELDS if field in given]


def _fields(ticked: tuple[str, ...]) -> dict[str, bool]:
    """What she can agree to give, and whether it is ticked: at first what it takes to reach her."""
    return {field: field in (ticked or FIRST_FIELDS) for field in terms.FIELDS}


__all__ = ["CONSENT_FIELDS", "go_on", "new_referral", "refer_client", "send_referral"]
