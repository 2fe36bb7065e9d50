"""Owns the form of a support contact: what was done for her, how, when, and whether she was met."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from services.gateway.pages import terms
from services.gateway.pages.api import ApiProblem, Json
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

# Where the API points and which field of the form that is.
CONTACT_FIELDS: Mapping[str, tuple[str, str]] = {
    "/mode": ("mode", N_("Say how you were in contact")),
    "/outcome": ("contact_outcome", N_("Say what came of it")),
    "/at": ("day", N_("Say when it took place; it cannot be in the future")),
    "/duration_min": ("minutes", N_("Say how many minutes it took")),
    "/note": ("contact_note", N_("Shorten the note")),
}
GOODS = "goods_delivery"


def contact_of(visit: Visit, before: str = "") -> dict[str, Any]:
    """The body of a contact out of the form; what is missing is noted under the ids of its fields (`before` each)."""
    form, say = visit.form, visit.words.say
    form.needs(f"{before}mode", say("Say how you were in contact"), unless=form.one("mode") in terms.CONTACT_MODES)
    outcome = form.one("contact_outcome", "completed")
    at = moment_of(visit)
    form.needs(f"{before}day", say("Say when it took place; it cannot be in the future"), unless=at is not None)
    body: dict[str, Any] = {"mode": form.one("mode"), "outcome": outcome}
    if at is not None:
        body["at"] = at.isoformat()
    if form.one("mode") == GOODS:
        body["met"] = form.on("met", "yes")
    if form.one("minutes"):
        form.needs(f"{before}minutes", say("Say how many minutes it took"), unless=form.one("minutes").isdecimal())
        body["duration_min"] = int(form.one("minutes")) if form.one("minutes").isdecimal() else None
    if form.one("contact_note"):
        body["note"] = form.one("contact_note")
    return body


def blamed(visit: Visit, problem: ApiProblem, before: str = "") -> bool:
    """Notes what the API found wrong with a contact, under the ids of its fields; False for any other problem."""
    fields = {pointer: (f"{before}{field}", text) for pointer, (field, text) in CONTACT_FIELDS.items()}
    return problem.slug == "malformed" and visit.form.blame(problem.pointers, fields, visit.words.say)


def moment_of(visit: Visit) -> datetime | None:
    """Day and time of the form as an aware time that is not in the future; a day without a time is its noon."""
    day = visit.form.day("day")
    if day is None:
        return None
    try:
        clock = time.fromisoformat(visit.form.one("clock", "12:00"))
    except ValueError:
        return None
    at = datetime.combine(day, clock, visit.words.zone)
    if at > visit.now and not visit.form.one("clock") and day == visit.today:
        return visit.now - timedelta(minutes=1)
    return at if at <= visit.now else None


def evidence(history: list[Json]) -> list[Json]:
    """The contacts in a history that may show what was done, newest first."""
    found = [
        entry
        for entry in history
        if str(entry["type"]).startswith("contact.recorded.") and (entry.get("detail") or {}).get("contact")
    ]
    return sorted(found, key=lambda entry: str(entry["at"]), reverse=True)
