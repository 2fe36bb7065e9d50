"""Owns how a fact reads: an event of a referral, handoff, episode or contact as a line with its day and who did it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.views.consent_words import agreed_to, by_herself
from services.gateway.pages.views.handoff_words import handed_over
from services.gateway.pages.views.visit_words import VISITS, visited
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

LATE_WRITING = timedelta(days=1)
ACCEPTED = ("referral.accepted.", "handoff.accepted.")
SOME_SCREENING = N_("Screening")
NOTHING_TYPED: Mapping[str, str] = {}
TYPED_REASON = "safecontact.planned."
"""Its reason is what somebody typed, which stands on the page of the plan."""
WHY: Mapping[str, str] = {**terms.REASONS, **terms.OPERATED_FOR}


@dataclass(frozen=True)
class Entry:
    """One line of "what happened": its title, and beneath it who and what else. `month_alone`: its day is not told."""

    at: datetime
    type: str
    title: str
    text: str
    agency: str
    agency_name: str
    taken_back: bool = False
    in_error: bool = False
    path: str | None = None
    episode: str | None = None
    note: str | None = None
    month_alone: bool = False


def entries(
    visit: Visit, history: list[Json], about: Json | None = None, notes: Mapping[str, str] = NOTHING_TYPED
) -> list[Entry]:
    """History newest first. `about` is the referral or handoff that all of it belongs to; `notes` what was typed with a
    step, by its event."""
    needs = {} if about is not None else _needs(visit, history)
    asked = {} if about is not None else _asked(history)
    of = {str(entry.get("event")): entry for entry in history}
    wrong = {_void(entry) for entry in history}
    gone = {id(entry) for entry in history} - {id(entry) for entry in counting(history)}
    meant = {id(entry): about or _about(visit, entry, asked) for entry in history}
    found = [
        replace(
            _entry(visit, of.get(_taken(entry) or _void(entry) or "", entry), entry, meant[id(entry)], needs),
            taken_back=id(entry) in gone,
            in_error=str(entry.get("event")) in wrong,
            note=notes.get(str(entry.get("event"))),
        )
        for entry in history
    ]
    return sorted(found, key=lambda entry: entry.at)[::-1]


def counting(history: list[Json]) -> list[Json]:
    """The history without what was taken back; the takings stay."""
    gone = {taken for entry in history if (taken := _taken(entry))}
    return [entry for entry in history if entry.get("event") not in gone]


def _taken(entry: Json) -> str | None:
    """The event that an entry takes back."""
    is_taking = str(entry["type"]).rpartition(".v")[0].endswith(".taken_back")
    return (entry.get("detail") or {}).get("event") if is_taking else None


def _void(entry: Json) -> str | None:
    """The dating of a pregnancy that an entry says was entered in error."""
    detail = entry.get("detail") or {}
    is_dating = str(entry["type"]).startswith("episode.entered_in_error.") and detail.get("dating")
    return detail.get("event") if is_dating else None


def _needs(visit: Visit, history: list[Json]) -> dict[str, str]:
    """What each referral of a timeline is about: its later steps do not say so themselves."""
    sent = (entry for entry in history if str(entry["type"]).startswith("referral.sent.") and entry.get("subject"))
    return {entry["subject"]["id"]: _need(visit, entry.get("detail") or {}, None) for entry in sent}


def _asked(history: list[Json]) -> dict[str, Json]:
    """Whom each handoff of a timeline asks: its later steps do not say so themselves."""
    proposed = (each for each in history if str(each["type"]).startswith("handoff.proposed.") and each.get("subject"))
    return {each["subject"]["id"]: {"to": (each.get("detail") or {}).get("to")} for each in proposed}


def _about(visit: Visit, entry: Json, asked: Mapping[str, Json]) -> Json | None:
    """What a step of a handoff is about; one of another agency's, proposed out of sight, asks this agency."""
    subject, by = entry.get("subject") or {}, (entry.get("agency") or {}).get("agency")
    if subject.get("kind") != "handoff" or str(subject["id"]) in asked:
        return asked.get(str(subject.get("id")))
    return {"to": {"name": visit.agency_name(visit.who.agency)}} if by != visit.who.agency else None


def _need(visit: Visit, detail: Json, about: Json | None) -> str:
    return visit.words.say(
        terms.CATEGORIES.get(detail.get("category") or (about or {}).get("category") or "", "Another need")
    )


def _entry(visit: Visit, told: Json, entry: Json, about: Json | None, needs: Mapping[str, str]) -> Entry:
    """The line of an entry; `told` is what its title says: the entry itself, or what it undoes."""
    at = datetime.fromisoformat(entry["at"])
    agency = entry.get("agency") or {}
    name = str(agency.get("name") or "")
    kind, detail = str(told["type"]), told.get("detail") or {}
    title = visited(visit, kind, detail) if kind.startswith(VISITS) else _title(visit, kind, detail, about)
    if told is not entry:
        undone = N_("Entered in error: %(what)s") if _void(entry) else N_("Taken back: %(what)s")
        title = visit.words.say(undone, what=title[:1].lower() + title[1:])
    need = needs.get(str((entry.get("subject") or {}).get("id"))) or _need_of_another(visit, entry, detail)
    if (
        need
        and str(entry["type"]).startswith(("referral.", "timer."))
        and not str(entry["type"]).startswith("referral.sent.")
    ):
        title = visit.words.say("%(need)s: %(what)s", need=need, what=title[:1].lower() + title[1:])
    return Entry(
        at=at,
        type=entry["type"],
        title=title,
        text=_text(visit, entry, at, name),
        agency=str(agency.get("agency") or ""),
        agency_name=name,
        path=_contact_path(visit, entry) or _path(entry.get("subject")),
        episode=entry.get("episode"),
    )


def _need_of_another(visit: Visit, entry: Json, detail: Json) -> str | None:
    """What a referral between others is about: it is not to be opened, and each of its steps says so itself."""
    return _need(visit, detail, None) if entry.get("shared") and detail.get("category") else None


def _contact_path(visit: Visit, entry: Json) -> str | None:
    own = (entry.get("detail") or {}).get("contact") if str(entry["type"]).startswith("contact.") else None
    return f"/contacts/{visit.handles.of(own)}" if own else None


def _path(subject: Json | None) -> str | None:
    kinds = {"referral": "/referrals/", "handoff": "/handoffs/", "appointment": "/appointments/"}
    return kinds[subject["kind"]] + subject["id"] if subject and subject.get("kind") in kinds else None


def _text(visit: Visit, entry: Json, at: datetime, agency: str) -> str:
    say, words = visit.words.say, visit.words
    # The clock did it, or she: it bears the name of the agency whose record it is, who pressed nothing.
    by_itself = str(entry["type"]).startswith("timer.") or by_herself(entry)
    parts = [part for part in (entry.get("by"), agency) if part and not by_itself]
    recorded = entry.get("recorded_at")
    if recorded:
        later = words.local(datetime.fromisoformat(recorded)).date() - words.local(at).date()
        if later >= LATE_WRITING:
            parts.append(words.count("Written down %(number)s day later", "Written down %(number)s days later",
                                     later.days))  # fmt: skip
    detail = entry.get("detail") or {}
    if (hours := detail.get("notice_hours")) is not None:
        parts.append(words.count("%(number)s hour before", "%(number)s hours before", hours))
    if str(entry["type"]).startswith(ACCEPTED) and (on := detail.get("on")):
        day = words.day(date.fromisoformat(on), visit.today, "whole")
        parts.append(say("First contact planned for %(day)s", day=day))
    is_code = not detail.get("because") and not str(entry["type"]).startswith(TYPED_REASON)
    if (reason := detail.get("reason")) and is_code:
        parts.append(say(WHY.get(reason, "Another reason")))
    return ". ".join(parts)


def _title(visit: Visit, type_: str, detail: Json, about: Json | None) -> str:
    say = visit.words.say
    to = _name(detail.get("to")) or _name((about or {}).get("to")) or say("another agency")
    domain = say(terms.DOMAINS.get(detail.get("domain") or (about or {}).get("domain") or "", "Coordination")).lower()
    need = _need(visit, detail, about)
    kind = type_.rpartition(".v")[0]
    if (told := handed_over(visit, kind, detail, to, domain) or agreed_to(visit, kind, detail)) is not None:
        return told
    match kind:
        case "episode.dated":
            return say(
                "Due date: %(day)s", day=visit.words.day(date.fromisoformat(detail["edd"]), visit.today, "whole")
            )
        case "episode.entered_in_error" if detail.get("dating"):
            return say("A due date was entered in error")
        case "responsibility.assigned":
            return say("Leads from today: %(domain)s", domain=domain)
        case "referral.sent":
            if detail.get("to_channel") == "letter":
                return say("%(need)s: written down for %(receiver)s, by letter", need=need, receiver=to)
            return say("%(need)s: sent to %(receiver)s", need=need, receiver=to)
        case "referral.completed":
            outcome = terms.OUTCOMES.get(detail.get("outcome") or "")
            return say("Completed: %(outcome)s", outcome=say(outcome)) if outcome else say("Completed")
        case "responsibility.left":
            return say("Leads no more: %(domain)s", domain=domain)
        case "contact.planned":
            return say("Planned: %(mode)s", mode=_mode(visit, detail))
        case "contact.recorded":
            return _contact(visit, detail)
        case "contact.amended":
            return say("Set right: %(contact)s", contact=_contact(visit, detail))
        case "need.identified":
            return say("A need: %(need)s", need=need)
        case "need.resolved":
            how = say(terms.RESOLUTIONS.get(detail.get("how") or "", "Solved"))
            return say("A need has ended: %(how)s", how=how[:1].lower() + how[1:])
        case "need.screened" | "screening.recorded":
            return _screening(visit, detail)
        case "contact.cancelled":
            by_her = detail.get("outcome") == "cancelled_by_client"
            return say("She called off what was planned") if by_her else say("What was planned was called off")
        case "timer.fired":
            return say(terms.TIMERS.get(detail.get("timer") or "", "The time for it has passed"))
    return say(terms.EVENTS[kind]) if kind in terms.EVENTS else say("Something happened")


def _screening(visit: Visit, detail: Json) -> str:
    say = visit.words.say
    instruments = {**terms.INSTRUMENTS, **terms.PRAPARE_SAFETY}
    asked = say(instruments.get(detail.get("instrument") or "", SOME_SCREENING))
    found = say(terms.RESULTS.get(detail.get("result") or "", "Something else"))
    if detail.get("category"):
        asked = f"{asked} ({_need(visit, detail, None)})"
    return say("%(asked)s: %(found)s", asked=asked, found=found[:1].lower() + found[1:])


def _contact(visit: Visit, detail: Json) -> str:
    say = visit.words.say
    mode = _mode(visit, detail)
    outcome = detail.get("outcome")
    if outcome in {None, "completed"}:
        return mode
    return say("%(mode)s: %(outcome)s", mode=mode, outcome=say(terms.CONTACT_OUTCOMES.get(str(outcome), "")))


def _mode(visit: Visit, detail: Json) -> str:
    return visit.words.say(terms.CONTACT_MODES.get(detail.get("mode") or "", N_("Support contact")))


def _name(agency: Any) -> str | None:
    return agency.get("name") if isinstance(agency, dict) else None
