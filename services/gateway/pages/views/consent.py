"""Owns the question whether she agreed: the words to read to her, the answer on a form, and what was agreed before."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
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
}


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
    """Agreements that still hold and may cover this service, newest first; whether they do, the API decides."""
    found = []
    for consent in recorded:
        expires = consent.get("expires")
        if not consent.get("agreed") or (expires and date.fromisoformat(expires) < visit.today):
            continue
        to = consent.get("recipient")
        to = to.get("agency") if isinstance(to, dict) else to
        wrong_agency = to is not None and service is not None and to != service["agency"]["agency"]
        wrong_need = consent.get("category") not in {None, visit.form.one("need")}
        if not wrong_agency and not wrong_need:
            found.append(consent)
    return sorted(found, key=lambda consent: str(consent["on"]), reverse=True)


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
    """What she said, for later referrals: yes or no, for an agency or a need."""
    form, say = visit.form, visit.words.say
    handle = str(visit.request.path_params["handle"])
    client = visit.client_of(handle)
    answer = form.one("agreed")
    form.needs("agreed", say("Say whether she agreed"), unless=answer in {"yes", "no"})
    form.needs("how", say("Say how she said it: signed, or spoken"), unless=form.one("how") in terms.HOWS)
    to, need = form.one("recipient"), form.one("category")
    form.needs("recipient", say("Say to whom, or for what need"), unless=bool(to or need))
    fields = list(form.all("fields"))
    form.needs("fields", say("Say what they may have"), unless=bool(fields) or answer == "no")
    on, expires = _day_of(visit), form.day("expires")
    form.needs("expires", say("Check until when it holds"), unless=not form.one("expires") or expires is not None)
    if form.missing:
        return await _page(visit, 422)
    body = {"agreed": answer == "yes", "how": form.one("how"), "on": on.isoformat(), "fields": fields,
            "recipient": to or None, "category": need or None}  # fmt: skip
    if expires is not None:
        body["expires"] = expires.isoformat()
    try:
        await visit.api.post(f"/clients/{client}/consents", body, form.key)
    except ApiProblem as problem:
        if not form.blame(problem.pointers, CONSENT_FIELDS, say):
            raise
        return await _page(visit, 422)
    return visit.go(f"/clients/{handle}?now=consent#notice")


async def _page(visit: Visit, status: int = 200) -> Response:
    handle = str(visit.request.path_params["handle"])
    her = await shown(visit, handle)
    agencies = await visit.api.every("/directory/agencies")
    ticked = visit.form.all("fields") or FIRST_FIELDS
    return await visit.page(
        "consent.html",
        status,
        handle=handle,
        name=her["name"],
        agencies={each["agency"]: each["name"] for each in agencies if each["agency"] != visit.who.agency},
        fields={field: field in ticked for field in terms.FIELDS if field != "due_date"},
        readings=to_read(visit, None),
    )
