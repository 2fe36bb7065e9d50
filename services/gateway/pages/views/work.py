"""Owns the work list: what waits for this agency, latest first what is late; and what it sent and was sent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from services.gateway.pages import terms
from services.gateway.pages.api import Json, cursor_of
from services.gateway.pages.views.watch import watched
from services.gateway.pages.views.work_lines import Line, line_of
from services.gateway.pages.visit import Visit
from services.gateway.pages.words import N_

SHOWN = 20
DIGITS = 7
SHOWS = {
    "all": N_("All"),
    "overdue": N_("Overdue"),
    "mine": N_("I do it"),
    "answer": N_("To answer"),
    "contact": N_("To contact"),
    "complete": N_("To finish"),
    "review": N_("To look at again"),
    "confirm_cancellation": N_("To stop"),
    "visit": N_("Visits"),
    "promised": N_("Promised"),
    "send": N_("To send"),
    "send_on": N_("To send on"),
    "client_agrees": N_("To ask her"),
    "offer": N_("To offer"),
    "question": N_("Questions to us"),
    "silence": N_("Out of touch"),
    "renew": N_("To ask anew"),
    "acknowledge": N_("To read"),
}
SELDOM = frozenset(
    {
        "mine",
        "review",
        "confirm_cancellation",
        "visit",
        "promised",
        "send",
        "send_on",
        "client_agrees",
        "offer",
        "question",
        "silence",
        "renew",
    }
)
"""Offered only where something of it waits."""

BOXES = {"inbox": N_("Referrals to us"), "outbox": N_("Referrals that we sent"), "drafts": N_("Drafts")}


@dataclass(frozen=True)
class Part:
    """Which part of the list is looked at: what is shown, from which cursor on, and how many came before."""

    show: str
    cursor: str | None
    before: int

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Self:
        show, before = asked.get("show", "all"), asked.get("before", "")
        return cls(
            show=show if show in SHOWS else "all",
            cursor=asked.get("from") or None,
            before=int(before) if before.isdecimal() and len(before) < DIGITS else 0,
        )

    def narrowed(self) -> dict[str, str]:
        """What the API is asked for, of all that waits."""
        known: dict[str, dict[str, str]] = {"all": {}, "overdue": {"overdue": "true"}, "mine": {"claimed": "mine"}}
        return known.get(self.show, {"kind": self.show})

    def address(self) -> str:
        """This very part of the page."""
        kept = {"show": self.show, "from": self.cursor, "before": self.before or None}
        query = urlencode({name: value for name, value in kept.items() if value and value != "all"})
        return f"/work?{query}" if query else "/work"


async def work(visit: Visit) -> Response:
    """What waits for this agency."""
    return await listed(visit, Part.of(visit.request.query_params))


async def listed(visit: Visit, part: Part, status: int = 200, *, refused: str | None = None) -> Response:
    """The list. `refused`: a colleague was first to claim this one, which says so in its place."""
    found = await visit.api.get("/work", limit=SHOWN, cursor=part.cursor, **part.narrowed())
    lines = [line_of(visit, item) for item in found["items"]]
    show, done = part.show, part.before + len(lines)
    return await visit.page(
        "work.html",
        status,
        part=part,
        refused=refused,
        done=done,
        more=max(1, min(SHOWN, int(found["counts"].get(show, 0)) - done)),
        next_due=datetime.fromisoformat(found["next_due"]) if found.get("next_due") else None,
        counts=found["counts"],
        watching=len(await watched(visit)),
        groups=_groups(visit, lines),
        names_seen=names_seen(visit, found["items"]),
        unopened=unopened(visit, found["items"]),
        show=show,
        shows=SHOWS,
        seldom=SELDOM,
        boxes=BOXES,
        box=None,
        next=cursor_of(found),
        seen=" ".join(line.id for line in lines),
        shown=SHOWN,
    )


def names_seen(visit: Visit, items: Iterable[Json]) -> bool:
    """Whether a list shows a name that was given to this agency for something that it has not taken on (R1)."""
    given = (item for item in items if (item.get("to") or {}).get("agency") == visit.who.agency)
    return any(item["state"] in terms.UNANSWERED and (item.get("client") or {}).get("name") for item in given)


def unopened(visit: Visit, items: Iterable[Json]) -> bool:
    """Whether something came to this agency that nobody here has opened: it does not say who she is (R11)."""
    ours = (item for item in items if (item.get("to") or {}).get("agency") == visit.who.agency)
    return any(item["state"] in {"sent", "offered"} for item in ours)


async def news(visit: Visit) -> Response:
    """The ids of all that waits now of what the page shows, for its own script: it counts those that are new."""
    items = await visit.api.every("/work", names="false", **Part.of(visit.request.query_params).narrowed())
    return JSONResponse({"items": [item["id"] for item in items]}, headers={"Cache-Control": "no-store"})


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
