"""Owns the work list: what waits for this agency, latest first what is late; and what it sent and was sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import JSONResponse, Response

from services.gateway.pages import terms
from services.gateway.pages.api import Json, cursor_of
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

SHOWN = 20
MONTH, YEAR = 30, 12
SHOWS = {
    "all": N_("All"),
    "overdue": N_("Overdue"),
    "answer": N_("To answer"),
    "contact": N_("To contact"),
    "complete": N_("To finish"),
    "review": N_("To look at again"),
    "confirm_cancellation": N_("To stop"),
    "acknowledge": N_("To read"),
}
SELDOM = frozenset({"review", "confirm_cancellation"})
"""Offered only where something of it waits."""

BOXES = {"inbox": N_("Referrals to us"), "outbox": N_("Referrals that we sent")}


@dataclass(frozen=True)
class Line:
    """One thing on the list. `opens`: to open it is a step that the other side learns of, or is read as given (R11)."""

    id: str
    path: str
    opens: bool
    late: bool
    head: str
    due: datetime | None
    title: str
    text: str
    state: str
    note: str


async def work(visit: Visit) -> Response:
    """What waits for this agency."""
    show = visit.request.query_params.get("show", "all")
    show = show if show in SHOWS else "all"
    query: dict[str, str | int | None] = {"limit": SHOWN, "cursor": visit.request.query_params.get("from")}
    if show == "overdue":
        query["overdue"] = "true"
    elif show != "all":
        query["kind"] = show
    found = await visit.api.get("/work", **query)
    lines = [_line(visit, item) for item in found["items"]]
    return await visit.page(
        "work.html",
        counts=found["counts"],
        groups=_groups(visit, lines),
        show=show,
        shows=SHOWS,
        seldom=SELDOM,
        boxes=BOXES,
        box=None,
        next=cursor_of(found),
        seen=" ".join(line.id for line in lines) if show == "all" and not query["cursor"] else None,
    )


async def news(visit: Visit) -> Response:
    """The ids that wait now, for the page's own script: it counts those that the page does not show."""
    found = await visit.api.get("/work", limit=SHOWN, names="false")
    return JSONResponse({"items": [item["id"] for item in found["items"]]}, headers={"Cache-Control": "no-store"})


async def inbox(visit: Visit) -> Response:
    """Referrals to us, whatever their state."""
    return await _box(visit, "inbox")


async def outbox(visit: Visit) -> Response:
    """Referrals from us, whatever their state."""
    return await _box(visit, "outbox")


async def _box(visit: Visit, chosen: str) -> Response:
    found = await visit.api.get("/referrals", box=chosen, limit=SHOWN, cursor=visit.request.query_params.get("from"))
    return await visit.page(
        "box.html",
        items=found["items"],
        shows=SHOWS,
        seldom=SELDOM,
        show=None,
        boxes=BOXES,
        box=chosen,
        next=cursor_of(found),
    )


def _groups(visit: Visit, lines: Iterable[Line]) -> list[tuple[str, str, list[Line]]]:
    found: dict[str, list[Line]] = {"late": [], "today": [], "next": []}
    for line in lines:
        due = visit.words.local(line.due).date() if line.due else None
        group = "late" if line.late else "today" if due is not None and due <= visit.today else "next"
        found[group].append(line)
    names = {
        "late": visit.words.say("Overdue"),
        "today": visit.words.say("Today, %(day)s", day=visit.words.day(visit.today, visit.today, "long")),
        "next": visit.words.say("Next"),
    }
    return [(group, names[group], members) for group, members in found.items() if members]


def _line(visit: Visit, item: Json) -> Line:
    due = datetime.fromisoformat(item["due"]) if item.get("due") else None
    state, waits = str(item["state"]), str(item.get("waits_for") or "")
    referral = item["kind"] == "referral"
    ours = item["to"]["agency"] == visit.who.agency
    return Line(
        id=item["id"],
        path=f"/referrals/{item['id']}" if referral else f"/handoffs/{item['id']}",
        opens=(ours and state in {"sent", "offered"}) or (referral and not ours and waits == "acknowledge"),
        late=bool(item["overdue"]),
        head=_head(visit, due, bool(item["overdue"])),
        due=due,
        title=_title(visit, item, waits),
        text=_text(visit, item),
        state=state,
        note=str(item.get("safe_contact") or ""),
    )


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
    match item["kind"], waits:
        case "referral", "answer":
            return say("Answer %(sender)s about %(name)s", **names)
        case "referral", "contact":
            return say("Contact %(name)s for the first time", **names)
        case "referral", "complete":
            return say("Say how it ended for %(name)s", **names)
        case "referral", "review":
            return say("See whether there is room for %(name)s", **names)
        case "referral", "confirm_cancellation":
            return say("Confirm to %(sender)s that you stop for %(name)s", **names)
        case "referral", "acknowledge":
            return say("Read what %(receiver)s answered about %(name)s", **names)
        case "handoff", "answer":
            return say("Say whether your agency will lead for %(name)s", **names)
        case "handoff", "contact":
            return say("Contact %(name)s: that completes the handoff", **names)
        case "handoff", "agree" | "client-agrees":
            return say("Ask %(name)s whether she agrees to the handoff", **names)
        case "handoff", "offer":
            return say("Offer the handoff of %(name)s to %(receiver)s", **names)
    return say("Look after %(name)s", **names)


def _text(visit: Visit, item: Json) -> str:
    say, words = visit.words.say, visit.words
    sent = item.get("sent_at")
    day = words.day(datetime.fromisoformat(sent), visit.today) if sent else ""
    ours = item["to"]["agency"] == visit.who.agency
    if item["kind"] == "handoff":
        domain = say(terms.DOMAINS.get(item.get("domain") or "", "Coordination")).lower()
        if ours:
            return say("Handoff of %(domain)s from %(sender)s.", domain=domain, sender=item["from"]["name"])
        return say("Handoff of %(domain)s to %(receiver)s.", domain=domain, receiver=item["to"]["name"])
    need = say(terms.CATEGORIES.get(item.get("category") or "", "Another need"))
    if not ours:
        return say("%(need)s. Sent %(day)s to %(receiver)s.", need=need, day=day, receiver=item["to"]["name"])
    if item["state"] == "sent":
        return say("%(need)s. Sent %(day)s, nobody has opened it.", need=need, day=day)
    return say("%(need)s. Asked by %(sender)s on %(day)s.", need=need, sender=item["from"]["name"], day=day)
