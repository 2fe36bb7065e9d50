"""Lists: what waits for an agency, what came to it and what it sent, a part at a time."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from typing import Literal
from uuid import UUID

from services.referrals.application.acting import Acting
from services.referrals.application.claim import claim_of
from services.referrals.application.desk import Desk
from services.referrals.application.unopened import is_unopened
from services.referrals.domain.claim import Claim
from services.referrals.domain.frozen import frozen
from services.referrals.domain.handoff import HandoffStatus
from services.referrals.domain.referral import ReferralStatus
from services.referrals.store.commit import WorkRow
from services.referrals.store.lead_rows import LEFT, left_by
from services.referrals.store.listed import Box
from services.referrals.store.work_lists import Counts, Steps

Kind = Literal[
    "answer",
    "send_on",
    "contact",
    "complete",
    "acknowledge",
    "review",
    "client_agrees",
    "offer",
    "confirm_cancellation",
    "visit",
    "promised",
    "send",
    "question",
    "silence",
    "renew",
]
MOST_CLIENTS = 200
UNANSWERED = frozenset({ReferralStatus.SENT, ReferralStatus.RECEIVED, ReferralStatus.WAITLISTED, HandoffStatus.OFFERED})
"""States in which a receiver has not taken her on."""

ByWhom = Literal["mine", "others", "nobody"]
"""Who said that they do it."""

Place = tuple[datetime | None, UUID]
"""Where an entry stands in its list: its time (UTC; None at the end) and its id."""


@frozen
class Part:
    """At most `limit` entries behind the place `after`."""

    limit: int
    after: Place | None = None


@frozen
class Listed:
    """A part of a list; `next` is the place of its last entry where there are more.

    `versions`: at which those of a box stand, by their ids.
    """

    rows: list[WorkRow]
    next: Place | None
    versions: Mapping[UUID, int] = field(default_factory=dict)


@frozen
class Waiting:
    """What waits for an agency: a part of it, who does what of it, and how much there is of each kind.

    `subjects` are the referrals and handoffs that questions in it are about, by their ids.
    `next_due` is when the next thing is due (UTC), where nothing is listed.
    """

    listed: Listed
    claims: Mapping[UUID, Claim]
    counts: Counts
    mine: int
    next_due: datetime | None
    subjects: Mapping[UUID, WorkRow]


async def waiting(
    desk: Desk, acting: Acting, part: Part, *, kind: Kind | None, overdue: bool, claimed: ByWhom | None = None
) -> Waiting:
    """What waits for the agency, the first due first, and how much of each kind; `claimed`: by whom."""
    claims, rows, counts = await _looked(desk, acting, part, kind=kind, overdue=overdue, claimed=claimed)
    last = rows[part.limit - 1] if len(rows) > part.limit else None
    listed = Listed(rows[: part.limit], (last.due_at, last.id) if last else None)
    about = {row.subject for row in listed.rows if row.subject is not None}
    mine = [each.work for each in claims.values() if _is_mine(acting, each)]
    subjects, held = await asyncio.gather(
        desk.lists.some(acting.initiative, acting.agency, about),
        desk.lists.some(acting.initiative, acting.agency, mine),
    )
    return Waiting(
        listed=listed,
        subjects={row.id: row for row in subjects},
        claims={row.id: claim for row in rows if (claim := claim_of(acting, claims, row))},
        counts=counts,
        next_due=None if rows else await desk.lists.next_due(acting.initiative, acting.agency, acting.at),
        mine=sum(1 for row in held if claim_of(acting, claims, row)),
    )


async def _looked(
    desk: Desk, acting: Acting, part: Part, *, kind: Kind | None, overdue: bool, claimed: ByWhom | None
) -> tuple[Mapping[UUID, Claim], list[WorkRow], Counts]:
    """Claims, one row more than the part has, and the counts, which take longest where much waits: at once, unless it
    is asked who does it.
    """
    at = acting.initiative, acting.agency
    rows = partial(
        desk.lists.waiting,
        *at,
        now=acting.at,
        waits_for=kind,
        overdue=overdue,
        limit=part.limit + 1,
        after=part.after,
    )
    if claimed is None:
        return await asyncio.gather(desk.claims.standing(*at, acting.at), rows(), desk.lists.counts(*at, acting.at))
    claims = await desk.claims.standing(*at, acting.at)
    steps = _steps(acting, claims.values(), claimed)
    wanted = rows(without=steps) if claimed == "nobody" else rows(among=steps)
    found, counts = await asyncio.gather(wanted, desk.lists.counts(*at, acting.at))
    return claims, found, counts


async def quiet(desk: Desk, acting: Acting, rows: Sequence[WorkRow]) -> set[UUID]:
    """The ids of those rows of whose client the agency may know that outreach to her is paused (R5)."""
    knows = [row for row in rows if row.from_agency == acting.agency or row.state not in UNANSWERED]
    paused = await desk.lists.paused(acting.initiative, {row.client_id for row in knows})
    return {row.id for row in knows if row.client_id in paused}


async def left(desk: Desk, rows: Sequence[WorkRow]) -> dict[UUID, str]:
    """Which agency left a lead to the hub, by the ids of the rows that wait for the hub because of it (R19)."""
    led = {row.id: row.led for row in rows if row.state == LEFT and row.led is not None}
    histories = await desk.histories({stream for stream, _ in led.values()})
    return {id: left_by(histories[stream].events)[domain] for id, (stream, domain) in led.items()}


def _steps(acting: Acting, claims: Iterable[Claim], by: ByWhom) -> Steps:
    """The steps that are claimed by somebody, or by anybody where nobody is asked for."""
    return [
        (each.work, each.waits_for) for each in claims if by == "nobody" or _is_mine(acting, each) == (by == "mine")
    ]


def _is_mine(acting: Acting, claim: Claim) -> bool:
    return claim.person == acting.subject


@frozen
class Wanted:
    """Which referrals: of a box (None: of both), in these states (None: in all), late ones alone, of one need."""

    box: Box | None
    states: tuple[str, ...] | None = None
    overdue: bool = False
    category: str | None = None


async def search(desk: Desk, acting: Acting, part: Part, wanted: Wanted, text: str) -> Listed:
    """Referrals of the agency's own clients that match every word, the newest first; of so many clients at most.

    What nobody of the agency has opened is not found by who she is (R11).
    """
    found = await desk.vault.search.clients(acting.initiative, acting.agency, text, limit=MOST_CLIENTS)
    if not found.names:
        return Listed([], None)
    listed = await box(desk, acting, part, wanted, clients=list(found.names))
    return replace(listed, rows=[row for row in listed.rows if not is_unopened(acting, row)])


async def box(desk: Desk, acting: Acting, part: Part, wanted: Wanted, *, clients: list[UUID] | None = None) -> Listed:
    """Referrals that came to the agency or that it sent, the newest first; of all clients or of these."""
    after = (part.after[0], part.after[1]) if part.after and part.after[0] else None
    rows = await desk.lists.box(
        acting.initiative,
        acting.agency,
        wanted.box,
        now=acting.at,
        states=wanted.states,
        overdue=wanted.overdue,
        category=wanted.category,
        clients=clients,
        limit=part.limit + 1,
        after=after,
    )
    last = rows[part.limit - 1] if len(rows) > part.limit else None
    shown = rows[: part.limit]
    versions = await desk.lists.versions(acting.agency, shown)
    return Listed(shown, (last.sent_at, last.id) if last else None, versions)
