"""Owns one line of the work list: when it is due, what has to be done about whom, and who does it."""

from dataclasses import dataclass
from datetime import datetime

from services.gateway.pages import terms
from services.gateway.pages.api import Json
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

MONTH, YEAR = 30, 12
OFF_SYSTEM = {
    "answer": N_("Ask %(receiver)s, who have a letter: do they take on %(name)s?"),
    "contact": N_("Ask %(receiver)s, who have a letter: have they met %(name)s?"),
    "complete": N_("Ask %(receiver)s, who have a letter: how did it end for %(name)s?"),
    "review": N_("Ask %(receiver)s, who have a letter: is there room for %(name)s?"),
    "confirm_cancellation": N_("Tell %(receiver)s, who have a letter, to stop for %(name)s"),
}
"""What a receiver without a login would do: its sender's staff ask, and write down what is said."""


@dataclass(frozen=True)
class Line:
    """One thing on the list, of a `kind`.

    `opens`: to open it is a step that the other side learns of, or is read as given (R11).
    """

    id: str
    kind: str
    path: str
    opens: bool
    late: bool
    head: str
    due: datetime | None
    title: str
    text: str
    state: str
    note: str
    mine: bool | None
    claim: str


def line_of(visit: Visit, item: Json) -> Line:
    """The line of an item of the API."""
    due = datetime.fromisoformat(item["due"]) if item.get("due") else None
    state, waits = str(item["state"]), str(item.get("waits_for") or "")
    ours = item["to"]["agency"] == visit.who.agency
    return Line(
        id=item["id"],
        kind=item["kind"],
        path=_path(visit, item),
        opens=(ours and state in {"sent", "offered"}) or (not ours and waits == "acknowledge"),
        late=bool(item["overdue"]),
        head=_head(visit, due, bool(item["overdue"])),
        due=due,
        title=_title(visit, item, waits),
        text=_text(visit, item),
        state=state,
        note=_contact_words(visit, item),
        mine=item["claim"]["mine"] if item.get("claim") else None,
        claim=_claim(visit, item.get("claim")),
    )


def _path(visit: Visit, item: Json) -> str:
    """The page on which it is done: what was promised stands on her plan."""
    if item["kind"] == "contact":
        return f"/clients/{visit.handles.of(item['client']['client'])}/plan"
    if item["kind"] == "episode" and item.get("left_by"):
        return f"/directory/agencies/{item['left_by']['agency']}"
    if item["kind"] == "episode":
        return f"/clients/{visit.handles.of(item['client']['client'])}/contact"
    if item["kind"] == "consent":
        return f"/clients/{visit.handles.of(item['client']['client'])}/consent"
    if item["kind"] == "check":
        return f"/checks/{item['check']}"
    if item["kind"] == "question":
        return f"/{item['subject']['kind']}s/{item['subject']['id']}#questions"
    return f"/{item['kind']}s/{item['id']}"


def _claim(visit: Visit, claim: Json | None) -> str:
    """Who does it, until when."""
    if claim is None:
        return ""
    until = visit.words.day(datetime.fromisoformat(claim["until"]), visit.today)
    if claim["mine"]:
        return visit.words.say("You do it, until %(day)s", day=until)
    name = claim["name"] or visit.words.say("A colleague")
    return visit.words.say("%(name)s does it, until %(day)s", name=name, day=until)


def _contact_words(visit: Visit, item: Json) -> str:
    """How she may be contacted, and that she may not; why, no list ever says (R5)."""
    words = str(item.get("safe_contact") or "")
    if item.get("outreach_paused"):
        return visit.words.say("Outreach is paused.")
    if item.get("contact_prohibited"):
        return ". ".join(filter(None, (visit.words.say("Do not contact her"), words)))
    modes = [visit.words.say(terms.CONTACT_MODES[mode]) for mode in item.get("contact_modes") or ()]
    only = visit.words.say("Only so: %(ways)s", ways=visit.words.listed(modes)) if modes else ""
    return ". ".join(filter(None, (only, words)))


def _head(visit: Visit, due: datetime | None, overdue: bool) -> str:
    say, words = visit.words.say, visit.words
    if due is None:
        return say("No date")
    days = (words.local(due).date() - visit.today).days
    if overdue:
        return _lateness(visit, -days)
    if days <= 0:
        return say("Today")
    return say("Tomorrow") if days == 1 else words.count("In %(number)s day", "In %(number)s days", days)


def _lateness(visit: Visit, days: int) -> str:
    """How late, in the unit that people would say."""
    words = visit.words
    if days < 1:
        return words.say("Late today")
    if days < 2 * MONTH:
        return words.count("%(number)s day late", "%(number)s days late", days)
    months = days // MONTH
    if months < 2 * YEAR:
        return words.count("%(number)s month late", "%(number)s months late", months)
    return words.count("%(number)s year late", "%(number)s years late", months // YEAR)


def _title(visit: Visit, item: Json, waits: str) -> str:
    say = visit.words.say
    names = {
        "name": (item.get("client") or {}).get("name") or say("a client"),
        "sender": item["from"]["name"],
        "receiver": item["to"]["name"],
    }
    if item["kind"] == "referral" and waits in OFF_SYSTEM and item["from"]["agency"] == visit.who.agency:
        return say(OFF_SYSTEM[waits], **names)
    match item["kind"], waits:
        case "referral", "answer":
            return say("Answer %(sender)s about %(name)s", **names)
        case "referral", "contact" if item.get("contact_prohibited"):
            return say("Say how it ends for %(name)s: she may not be contacted", **names)
        case "referral", "contact":
            return say("Contact %(name)s for the first time", **names)
        case "referral", "complete":
            return say("Say how it ended for %(name)s", **names)
        case "referral", "send_on":
            return say("Ask %(name)s, then send on what %(receiver)s passed on", **names)
        case "referral", "review":
            return say("See whether there is room for %(name)s", **names)
        case "referral", "confirm_cancellation":
            return say("Confirm to %(sender)s that you stop for %(name)s", **names)
        case "referral", "acknowledge":
            return say("Read what %(receiver)s answered about %(name)s", **names)
        case "handoff", "answer":
            return say("Say whether your agency will lead for %(name)s", **names)
        case "episode", "silence" if item.get("left_by"):
            return say("You lead for a client of %(agency)s: ask them who she is", agency=item["left_by"]["name"])
        case ("handoff", "contact") | ("episode", "silence") if item.get("contact_prohibited"):
            return say("%(name)s may not be contacted: she comes by herself", **names)
        case "handoff", "acknowledge":
            return say("Read that %(receiver)s did not take over for %(name)s", **names)
        case "handoff", "contact":
            return say("Contact %(name)s: that completes the handoff", **names)
        case "handoff", "client_agrees":
            return say("Ask %(name)s whether she agrees to the handoff", **names)
        case "check", "answer":
            return say("Tell %(sender)s whether you have room", **names)
        case "question", _:
            return say("Answer what %(sender)s asks about %(name)s", **names)
        case "check", "send":
            return say("%(receiver)s has room: send to them", **names)
        case "appointment", "visit":
            return say("Say whether %(name)s came to the visit", **names)
        case "episode", "silence":
            return say("Be in touch with %(name)s", **names)
        case "consent", "renew":
            return say("Ask %(name)s whether she still agrees", **names)
        case "contact", "promised":
            return say("Do what is promised to %(name)s", **names)
        case "handoff", "offer":
            return say("Offer the handoff of %(name)s to %(receiver)s", **names)
    return say("Look after %(name)s", **names)


def _text(visit: Visit, item: Json) -> str:
    say, words = visit.words.say, visit.words
    sent = item.get("sent_at")
    day = words.day(datetime.fromisoformat(sent), visit.today) if sent else ""
    ours = item["to"]["agency"] == visit.who.agency
    if item["kind"] == "question":
        return _asked(visit, item, day)
    if item["kind"] == "handoff":
        domain = say(terms.DOMAINS.get(item.get("domain") or "", "Coordination")).lower()
        if ours:
            return say("Handoff of %(domain)s from %(sender)s.", domain=domain, sender=item["from"]["name"])
        return say("Handoff of %(domain)s to %(receiver)s.", domain=domain, receiver=item["to"]["name"])
    if item["kind"] == "episode" and item.get("left_by"):
        domain = say(terms.DOMAINS.get(item.get("domain") or "", "Coordination")).lower()
        return say("They left %(domain)s to you on %(day)s. Ask them to send you a referral for her: her name comes"
                   " with it, once she agrees.", domain=domain, day=day)  # fmt: skip
    if item["kind"] == "episode":
        return _silence(visit, item)
    if item["kind"] == "consent":
        return say("Her agreement ran out on %(day)s, and what you sent rests on it.", day=day)
    if item["kind"] == "contact":
        return say("Promised on %(day)s.", day=day)
    if item["kind"] == "appointment":
        return say("A visit for the referral from %(sender)s.", sender=item["from"]["name"])
    need = say(terms.CATEGORIES.get(item.get("category") or "", "Another need"))
    if item["kind"] == "check":
        return say("%(need)s. Asked on %(day)s, without her name.", need=need, day=day)
    if not ours:
        return say("%(need)s. Sent %(day)s to %(receiver)s.", need=need, day=day, receiver=item["to"]["name"])
    if item["state"] == "sent":
        return say("%(need)s. Sent %(day)s, nobody has opened it.", need=need, day=day)
    return say("%(need)s. Asked by %(sender)s on %(day)s.", need=need, sender=item["from"]["name"], day=day)


def _asked(visit: Visit, item: Json, day: str) -> str:
    """What a question is about: they ask before they answer, or before we do."""
    if item["subject"]["kind"] == "handoff":
        about = visit.words.say(terms.DOMAINS.get(item.get("domain") or "", "Coordination"))
    else:
        about = visit.words.say(terms.CATEGORIES.get(item.get("category") or "", "Another need"))
    return visit.words.say("%(about)s. Asked on %(day)s, before it is answered.", about=about, day=day)


def _silence(visit: Visit, item: Json) -> str:
    """For how long nobody of the agency that leads has met her (R15)."""
    words = visit.words
    days = (visit.today - words.local(datetime.fromisoformat(item["sent_at"])).date()).days
    domain = words.say(terms.DOMAINS.get(item.get("domain") or "", "Coordination")).lower()
    said = words.count("No contact for %(number)s day.", "No contact for %(number)s days.", days)
    led = words.say("You lead %(domain)s.", domain=domain)
    return f"{said} {led}"
