"""Owns how a client is chosen, found or described on a form; what is shown of her is what this agency holds."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from services.gateway.pages import terms
from services.gateway.pages.api import FORBIDDEN, GONE, NOT_FOUND, ApiProblem, Json
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

# As many as the API gives at once, without a way to the rest.
MOST_FOUND = 50
# As many letters as the API takes to look for.
LONGEST_SOUGHT = 200
OLDEST = 120

# Where the API points and which field of the form that is.
PERSON_FIELDS: Mapping[str, tuple[str, str]] = {
    "/names": ("given", N_("Check the name")),
    "/names/0/family": ("family", N_("Check the family name")),
    "/birth_date": ("birth_date", N_("Check the birth date")),
    "/phones": ("phone", N_("Check the phone number")),
    "/address": ("line", N_("Check the address")),
    "/address/city": ("city", N_("Check the city")),
    "/address/zip": ("zip", N_("A ZIP code has 5 digits")),
    "/language": ("person_language", N_("Check the language")),
    "/medi_cal_cin": ("medi_cal_cin", N_("A Medi-Cal number is 8 digits and a capital letter")),
    "/mrn": ("mrn", N_("Check your number for her")),
}
# The fields in the order of the page.
TYPED = (
    *("similar", "given", "family", "birth_date", "phone", "person_language", "mrn"),
    *("line", "city", "zip", "medi_cal_cin"),
)
PERSON_LANGUAGES = terms.SPOKEN


def identity_of(visit: Visit) -> dict[str, Any]:
    """The identity that the form describes, as the API takes it; a missing name is noted in the form."""
    form, say = visit.form, visit.words.say
    names = {part: form.one(part) for part in ("given", "family") if form.one(part)}
    form.needs("given", say("Give a name, or a part of it"), unless=bool(names))
    day = form.day("birth_date")
    day = day if day is not None and day <= visit.today else None
    form.needs("birth_date", say("Check the birth date"), unless=not form.one("birth_date") or day is not None)
    address = {part: form.one(part) for part in ("line", "city", "zip") if form.one(part)}
    found: dict[str, Any] = {"names": [names] if names else []}
    if day is not None:
        found["birth_date"] = day.isoformat()
    if form.one("phone"):
        found["phones"] = [form.one("phone")]
    if address:
        found["address"] = address
    simple = {"language": "person_language", "medi_cal_cin": "medi_cal_cin", "mrn": "mrn"}
    return found | {name: form.one(field) for name, field in simple.items() if form.one(field)}


async def search(visit: Visit, text: str) -> list[Json]:
    """This agency's own clients that match, each with a handle for its page."""
    if not text:
        return []
    found = await visit.api.post("/clients/search", {"text": text})
    return [{**item, "handle": visit.handles.of(item["client"])} for item in found.body["items"]]


async def found(visit: Visit) -> list[Json]:
    """Those whom the form looks for; what cannot be looked for is noted beside the field."""
    try:
        return await search(visit, visit.form.one("find"))
    except ApiProblem as problem:
        require_found(problem)
    text = visit.words.say("Write anew whom you look for, with up to 200 letters")
    visit.form.needs("find", text, unless=visit.form.wrong("find") is not None)
    return []


async def _known_by(visit: Visit, text: str) -> list[Json]:
    """Clients under as many whole words of a text as can be looked for.

    Nobody where the API cannot read them: then the form's own check has the word.
    """
    try:
        return await search(visit, sought(text))
    except ApiProblem as problem:
        require_found(problem)
    return []


def sought(text: str) -> str:
    """The whole words with which a text begins, as many as can be looked for at once."""
    kept = ""
    for word in text.split():
        longer = f"{kept} {word}" if kept else word
        if len(longer) > LONGEST_SOUGHT:
            break
        kept = longer
    return kept


async def alike(visit: Visit) -> list[Json]:
    """Clients whom the agency may know already under what was typed without a number (R21)."""
    form = visit.form
    if form.one("mrn") or form.on("surely", "new"):
        return []
    by_name = await _known_by(visit, f"{form.one('given')} {form.one('family')}")
    known = {item["client"] for item in by_name}
    by_phone = await _known_by(visit, form.one("phone"))
    return by_name + [item for item in by_phone if item["client"] not in known]


async def at_a_glance(visit: Visit, client: Json | None) -> Json:
    """What the page of a referral or handoff says of its client: whether anybody reaches out to her (it is open where
    that is not for us to know), whether her phone is guarded, and until when the reader opened her record in an
    emergency."""
    found = (await visit.api.find(f"/clients/{client['client']}") if client else None) or {}
    her = {"break_glass_until": found.get("break_glass_until")}
    return {"her": her, "outreach": found.get("outreach", "open"), "guarded": bool(found.get("guarded"))}


async def ours_like(visit: Visit, given: Json | None) -> dict[str, str]:
    """This agency's own clients of the name or phone that came with a referral, by the handles of their pages (R21)."""
    fields = (given or {}).get("fields") or {}
    texts = [full_name(fields.get("name")) or "", *(fields.get("phones") or [])[:1]]
    found = [item for text in texts if text for item in await _known_by(visit, text)]
    return {item["handle"]: item["name"] for item in found if item["name"]}


async def note_alike(visit: Visit) -> None:
    """Notes in the form that somebody like her is known here, unless it says already who she is."""
    if await alike(visit):
        visit.form.needs("similar", visit.words.say("Say whether you know her already"), unless=False)


async def shown(visit: Visit, handle: str) -> Json:
    """Whom a handle means: handle, reference, name, and what this agency stated of her (None where it did not)."""
    reference = visit.client_of(handle)
    summary = await visit.api.get(f"/clients/{reference}")
    identity = await visit.api.find(f"/clients/{reference}/identity")
    name = summary.get("name") or full_name((identity or {}).get("names"))
    return {"handle": handle, "client": reference, "name": name, "identity": identity or {},
            "outreach": summary.get("outreach", "open"), "registered_here": summary.get("registered_here"),
            "stop_recorded": summary.get("stop_recorded"), "stop": summary.get("stop"),
            "has_record": identity is not None, "came_with": summary.get("came_with", []),
            "send_again": summary.get("send_again", []),
            "break_glass_until": summary.get("break_glass_until"),
            "emergencies": summary.get("emergencies", []),
            "gives_medical_care": summary.get("gives_medical_care"), "guarded": summary.get("guarded"),
            "erased": summary.get("erased") if not name else None,
            "same": [visit.handles.of(each) for each in summary.get("same", [])]}  # fmt: skip


async def given_by_her(visit: Visit, path: str) -> Json | None:
    """What she gave with a referral or handoff: None where there is nothing, `erased` where it was erased here."""
    try:
        return await visit.api.get(path)
    except ApiProblem as problem:
        if problem.status == GONE:
            return {"erased": True}
        if problem.status in {NOT_FOUND, FORBIDDEN}:
            return None
        raise


def full_name(names: Any) -> str | None:
    """A name out of what was stated or given: a text, or a list of given and family parts."""
    if isinstance(names, str) or not names:
        return names or None
    first = names[0]
    return " ".join(part for part in (first.get("given"), first.get("family")) if part) or None


def fit_of(visit: Visit, client: Json | None) -> dict[str, Any]:
    """What of her says which services are for her: as this agency holds it, or as it was typed of somebody new."""
    form = visit.form
    if client is not None:
        held = client["identity"]
        language, zip_code = held.get("language"), (held.get("address") or {}).get("zip")
        born = date.fromisoformat(held["birth_date"]) if held.get("birth_date") else None
    else:
        language, zip_code, born = form.one("person_language"), form.one("zip"), form.day("birth_date")
        language = language if language in PERSON_LANGUAGES else None
    today = visit.today
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day)) if born else None
    known = {"age": age if age is not None and 0 <= age <= OLDEST else None, "language": language or None,
             "zip": zip_code if re.fullmatch(r"[0-9]{5}", zip_code or "") else None}  # fmt: skip
    return {name: value for name, value in known.items() if value is not None}


def require_found(problem: ApiProblem) -> None:
    """Lets every problem through but a search that the API could not read."""
    if problem.slug != "malformed":
        raise problem
