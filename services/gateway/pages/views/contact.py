"""Owns the form of a support contact: what was done for her, how, when, and whether she was met."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.local import moment
from services.gateway.pages.views.pregnancy import line
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

# Where the API points and which field of the form that is.
CONTACT_FIELDS: Mapping[str, tuple[str, str]] = {
    "/mode": ("mode", N_("Say how you were in contact")),
    "/outcome": ("contact_outcome", N_("Say what came of it")),
    "/at": ("day", N_("Say when it took place; it cannot be in the future")),
    "/on": ("day", N_("Say when it took place; it cannot be in the future")),
    "/duration_min": ("minutes", N_("Say how many minutes it took")),
    "/note": ("contact_note", N_("Shorten the note")),
    "/units": ("unit_count", N_("Say how many, and of what")),
    "/language": ("contact_language", N_("Check the language")),
}
TOO_LONG_AGO = frozenset({"contact-too-long-ago", "contact-day-too-long-ago"})
GOODS = "goods_delivery"


def contact_of(visit: Visit, before: str = "") -> dict[str, Any]:
    """The body of a contact out of the form; what is missing is noted under the ids of its fields (`before` each)."""
    form, say = visit.form, visit.words.say
    form.needs(f"{before}mode", say("Say how you were in contact"), unless=form.one("mode") in terms.CONTACT_MODES)
    outcome = form.one("contact_outcome")
    field = f"{before}contact_outcome"
    form.needs(field, say("Say what came of it"), unless=outcome in terms.CONTACT_OUTCOMES)
    when = when_of(visit)
    form.needs(f"{before}day", say("Say when it took place; it cannot be in the future"), unless=bool(when))
    body: dict[str, Any] = {"mode": form.one("mode"), "outcome": outcome, **when}
    if form.one("mode") == GOODS:
        body["met"] = form.on("met", "yes")
    if form.one("minutes"):
        body["duration_min"] = form.number("minutes")
        form.needs(f"{before}minutes", say("Say how many minutes it took"), unless=body["duration_min"] is not None)
    if form.one("contact_note"):
        body["note"] = form.one("contact_note")
    return body | _more(visit, before)


def _more(visit: Visit, before: str) -> dict[str, Any]:
    """What stands behind "More" and has a code: each is left out where nothing was chosen."""
    form = visit.form
    body: dict[str, Any] = {}
    if tags := [each for each in form.all("tags") if each in terms.CATEGORIES]:
        body["tags"] = tags
    count, kind = form.number("unit_count"), form.one("unit_kind")
    fits = not (form.one("unit_count") or kind) or (bool(count) and kind in terms.UNITS)
    form.needs(f"{before}unit_count", visit.words.say("Say how many, and of what"), unless=fits)
    if fits and count:
        body["units"] = [{"kind": kind, "count": count}]
    if language := form.one("contact_language"):
        body["language"] = language
    if form.one("contact_interpreter") in {"yes", "no"}:
        body["interpreter"] = form.on("contact_interpreter", "yes")
    if form.one("begun_by") in terms.BEGUN_BY:
        body["initiated_by"] = form.one("begun_by")
    if form.one("episode"):
        body["episode"] = visit.client_of(form.one("episode"))
    return body


async def episodes_to_name(visit: Visit, client: str) -> list[tuple[str, str]]:
    """The pregnancies of which a contact names one, by their handles; none where fewer than two are open (R18)."""
    found = await visit.api.find_every(f"/clients/{client}/episodes")
    standing = [each for each in found if each["state"] not in {"closed", "entered_in_error"}]
    return [(visit.handles.of(each["episode"]), line(visit, each)) for each in standing] if len(standing) > 1 else []


def blamed(visit: Visit, problem: ApiProblem, before: str = "") -> bool:
    """Notes what the API found wrong with a contact, under the ids of its fields; False for any other problem."""
    if problem.slug == "no-further-contact":
        text = visit.words.say("There is no further contact with her. For one from before, say its day or time")
        visit.form.needs(f"{before}day", text, unless=False)
        return True
    if TOO_LONG_AGO & set(problem.codes):
        text = visit.words.say("This is long before your agency knew of her. Check the year")
        visit.form.needs(f"{before}day", text, unless=False)
        return True
    fields = {pointer: (f"{before}{field}", text) for pointer, (field, text) in CONTACT_FIELDS.items()}
    return problem.slug == "malformed" and visit.form.blame(problem.pointers, fields, visit.words.say)


def when_of(visit: Visit) -> dict[str, str]:
    """The time of the form, or its day where nobody knows the time; nothing for what has not come or cannot be read."""
    day, at = visit.form.day("day"), moment_of(visit)
    if day is None or at is None:
        return {}
    return {"at": at.isoformat()} if visit.form.one("clock") else {"on": day.isoformat()}


def moment_of(visit: Visit) -> datetime | None:
    """Day and time of the form as an aware time that has come; of today without a time it is now, of others noon."""
    day, typed = visit.form.day("day"), visit.form.one("clock")
    if day is None:
        return None
    if not typed and day == visit.today:
        return visit.now
    try:
        clock = time.fromisoformat(typed or "12:00")
    except ValueError:
        return None
    at = moment(day, clock, visit.words.zone)
    return at if at is not None and at <= visit.now else None


def evidence(history: list[Json]) -> list[Json]:
    """The contacts in a history that may show what was done, newest first."""
    found = [
        entry
        for entry in history
        if str(entry["type"]).startswith("contact.recorded.") and (entry.get("detail") or {}).get("contact")
    ]
    return sorted(found, key=lambda entry: str(entry["at"]), reverse=True)
