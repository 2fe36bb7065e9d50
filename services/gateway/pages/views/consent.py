"""Owns the question whether she agreed: the words to read to her, the answer on a form, and what was agreed before."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.views.consent_words import for_whom
from services.gateway.pages.views.person import shown
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import LANGUAGES, N_

FIRST_FIELDS = ("name", "phones", "language", "note")

CONSENT_FIELDS: Mapping[str, tuple[str, str]] = {
    "/fields": ("fields", N_("Say what they may have")),
    "/on": ("on", N_("Check the day on which she agreed")),
    "/recipient": ("recipient", N_("Say to whom, or for what need")),
    "/category": ("category", N_("Say to whom, or for what need")),
    "/expires": ("expires", N_("Check until when it holds")),
    "/form_version": ("form_version", N_("Check the version: it is printed on the form")),
}

AGREED_FIELDS: Mapping[str, tuple[str, str]] = {
    "/consent": ("consent", N_("Say whether she agreed to share this")),
    "/consent/how": ("how", N_("Say how she agreed: signed, or spoken")),
    "/consent/fields": ("fields", N_("Say what they may have")),
    "/consent/on": ("on", N_("Check the day on which she agreed")),
}
"""What stands in the body of a step that rests on what she says now."""


def long_ago(visit: Visit, problem: ApiProblem) -> None:
    """Notes a day that lies too far back for what she says now, beside it."""
    if "consent-too-long-ago" in problem.codes:
        text = visit.words.say("This day lies more than two years back. Check the year, or ask her again")
        visit.form.needs("on", text, unless=visit.form.wrong("on") is not None)


def consent_of(visit: Visit) -> dict[str, Any]:
    """What the form says of her consent: one that is recorded, or hers of today; what is missing is noted."""
    form, say = visit.form, visit.words.say
    answer = form.one("consent")
    if answer.startswith("id:"):
        return {"id": answer.removeprefix("id:")}
    if answer == "no":
        form.needs("consent", say("She did not agree, so nothing was sent. You can give her the address to go herself"),
                   unless=False)  # fmt: skip
        return {}
    form.needs("consent", say("Say whether she agreed to share this"), unless=answer == "yes")
    if answer != "yes":
        return {}
    form.needs("how", say("Say how she agreed: signed, or spoken"), unless=form.one("how") in terms.HOWS)
    form.needs("fields", say("Say what they may have"), unless=bool(form.all("fields")))
    on = _day_of(visit)
    return {"agreed": True, "how": form.one("how"), "on": on.isoformat(), "fields": list(form.all("fields"))}


def _day_of(visit: Visit) -> date:
    """The day on which she said it, today where none is given; what is no day or not yet is noted."""
    form = visit.form
    on = form.day("on") if form.one("on") else visit.today
    known = on is not None and on <= visit.today
    form.needs("on", visit.words.say("Check the day on which she agreed"), unless=known)
    return on or visit.today


def covering(visit: Visit, recorded: list[Json], service: Json | None) -> list[Json]:
    """Agreements that still hold and may cover this service, newest first; whether they do, the API decides.

    What she has refused since is not offered (R1).
    """
    agency, need = service["agency"]["agency"] if service else None, visit.form.one("need") or None
    found = []
    for consent in recorded:
        expires = consent.get("expires")
        if consent["state"] != "agreed" or (expires and date.fromisoformat(expires) < visit.today):
            continue
        to = _receivers(consent)
        wrong_agency = bool(to) and agency is not None and agency not in to
        wrong_need = consent.get("category") not in {None, need}
        noes = [
            no
            for no in recorded
            if no["state"] == "refused" and _is_refused(no, agency, need)
            if _by_name(no, consent, agency) or (no["on"], no["recorded_at"]) >= (consent["on"], consent["recorded_at"])
        ]
        if not wrong_agency and not wrong_need and not noes:
            found.append(consent)
    return sorted(found, key=lambda consent: str(consent["on"]), reverse=True)


def _receivers(consent: Json) -> set[Any]:
    to = consent.get("recipient")
    return {to["agency"] if isinstance(to, dict) else to} - {None} | set(consent.get("recipients") or ())


def _is_refused(no: Json, agency: str | None, need: str | None) -> bool:
    """Whether a no is about this agency and need; where no agency is chosen yet, a no to one is not."""
    to, category = _receivers(no), no.get("category")
    return (not to or agency in to) and (category in {None, need} or (bool(to) and need is None))


def _by_name(no: Json, yes: Json, agency: str | None) -> bool:
    return bool(_receivers(no)) and agency not in _receivers(yes)


def to_read(visit: Visit, agency: str | None) -> list[tuple[str, str]]:
    """The question in each language that we have, in the person's own first: (language, words)."""
    codes = [visit.language, *(code for code in LANGUAGES if code != visit.language)]
    ticked = [field for field in terms.FIELDS_TO_HER if field in (visit.form.all("fields") or FIRST_FIELDS)]
    readings = []
    for code in codes:
        words = visit.speaking(code)
        fields = words.listed([words.say(terms.FIELDS_TO_HER[field]) for field in ticked])
        who = agency or words.say("the agency that can help you")
        readings.append((code, words.say(
            "I would like to give %(agency)s %(fields)s, and what you need. They will call you."
            " You can take this back at any time. Is that all right?", agency=who, fields=fields)))  # fmt: skip
    return readings


async def consent_form(visit: Visit) -> Response:
    return await _page(visit)


async def record_consent(visit: Visit) -> Response:
    """What she said, for later referrals, or otherwise than before: yes or no, for agencies or a need."""
    handle = str(visit.request.path_params["handle"])
    client = visit.client_of(handle)
    body = _body(visit)
    if visit.form.missing:
        return await _page(visit, 422)
    changed = visit.form.one("change")
    path = f"/consents/{changed}/change" if changed else f"/clients/{client}/consents"
    try:
        await visit.api.post(path, body, visit.form.key)
    except ApiProblem as problem:
        long_ago(visit, problem)
        if not visit.form.blame(problem.pointers, CONSENT_FIELDS, visit.words.say):
            raise
        return await _page(visit, 422)
    return visit.go(f"/clients/{handle}?now=consent#notice")


async def change_form(visit: Visit) -> Response:
    """The form with what she said before, to be changed."""
    found = await visit.api.get(f"/consents/{visit.form.one('consent')}")
    visit.form.values = {**visit.form.values, **_typed(found)}
    return await _page(visit)


async def take_back(visit: Visit) -> Response:
    """She takes it back: who has not accepted loses what it was given (R1)."""
    handle = str(visit.request.path_params["handle"])
    visit.client_of(handle)
    await visit.api.post(f"/consents/{visit.form.one('consent')}/revoke", {"how": "spoken"}, visit.form.key)
    return visit.go(f"/clients/{handle}?now=taken-back#notice")


async def acknowledge(visit: Visit) -> Response:
    """Somebody has read that it ran out: it waits no more."""
    handle = str(visit.request.path_params["handle"])
    visit.client_of(handle)
    await visit.api.post(f"/consents/{visit.form.one('consent')}/acknowledge", {}, visit.form.key)
    return visit.go(f"/clients/{handle}?now=ran-out#notice")


async def enter_in_error(visit: Visit) -> Response:
    """She never said it: it covers nothing any more (R14)."""
    handle = str(visit.request.path_params["handle"])
    visit.client_of(handle)
    visit.form.needs("reason", visit.words.say("Say why it should not be there"))
    if visit.form.missing:
        return await _page(visit, 422)
    path = f"/consents/{visit.form.one('consent')}/entered-in-error"
    await visit.api.post(path, {"reason": visit.form.one("reason")}, visit.form.key)
    return visit.go(f"/clients/{handle}?now=never-said#notice")


def _body(visit: Visit) -> dict[str, Any]:
    """What the form says; what is missing is noted."""
    form, say = visit.form, visit.words.say
    answer = form.one("agreed")
    form.needs("agreed", say("Say whether she agreed"), unless=answer in {"yes", "no"})
    form.needs("how", say("Say how she said it: signed, or spoken"), unless=form.one("how") in terms.HOWS)
    to, need = list(filter(None, form.all("recipient"))), form.one("category")
    form.needs("recipient", say("Say to whom, or for what need"), unless=bool(to or need))
    fields = list(form.all("fields"))
    form.needs("fields", say("Say what they may have"), unless=bool(fields) or answer == "no")
    on, expires = _day_of(visit), form.day("expires")
    form.needs("expires", say("Check until when it holds"), unless=not form.one("expires") or expires is not None)
    body = {"agreed": answer == "yes", "how": form.one("how"), "on": on.isoformat(), "fields": fields,
            "recipient": to[0] if len(to) == 1 else None, "recipients": to if len(to) > 1 else [],
            "category": need or None, "form": form.one("form") or None,
            "form_version": form.one("form_version") or None, "authority": form.one("authority", "self"),
            "measurement": form.one("measurement", "not_asked"), "categories": _kinds(visit)}  # fmt: skip
    if expires is not None:
        body["expires"] = expires.isoformat()
    return body


def _kinds(visit: Visit) -> dict[str, bool]:
    """Yes or no to each kind of information that the form asks; nothing for one that it does not."""
    answers = {kind: visit.form.one(f"kind-{kind}") for kind in terms.INFORMATION_KINDS}
    return {kind: answer == "yes" for kind, answer in answers.items() if answer in {"yes", "no"}}


def _typed(found: Json) -> dict[str, tuple[str, ...]]:
    """A recorded consent as this form would have said it."""
    kinds = {f"kind-{kind}": ("yes" if yes else "no",) for kind, yes in found["categories"].items()}
    to = tuple(filter(None, (found["recipient"], *found["recipients"])))
    typed = {name: (str(found[name] or ""),) for name in ("how", "category", "expires", "form", "form_version",
                                                          "authority", "measurement")}  # fmt: skip
    return typed | kinds | {
        "change": (found["consent"],),
        "agreed": ("yes" if found["agreed"] else "no",),
        "recipient": to,
        "fields": tuple(found["fields"]),
    }  # fmt: skip


async def _page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    agencies = await visit.api.every("/directory/agencies")
    recorded = await visit.api.every(f"/clients/{her['client']}/consents")
    ticked = visit.form.all("fields") or FIRST_FIELDS
    names = {each["agency"]: each["name"] for each in agencies}
    return await visit.page(
        "consent.html",
        status,
        handle=handle,
        her=her,
        agencies={agency: name for agency, name in names.items() if agency != visit.who.agency},
        fields={field: field in ticked for field in terms.FIELDS},
        readings=to_read(visit, None),
        recorded=[{**each, "to": for_whom(visit, each, names)} for each in recorded],
        changing=bool(visit.form.one("change")),
    )
