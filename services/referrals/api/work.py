"""The work list over HTTP: what waits for the agency, the first due first, and who does it."""

import asyncio
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from fastapi import Query
from pydantic import Field

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.claims import ClaimShown, claim_shown
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing
from services.referrals.api.shapes import AgencyNamed, Answer, ClientNamed, Instant, Page, WhetherNamed, WorkKind
from services.referrals.application import staff, work
from services.referrals.application.safe_contact import Reach, reaches
from services.referrals.application.unopened import is_unopened
from services.referrals.application.work import ByWhom, Kind, Waiting
from services.referrals.domain.vocabulary import ContactMode
from services.referrals.store.clock_rows import RENEW
from services.referrals.store.commit import WorkRow
from services.runtime.http import Call, lean_router

router = lean_router()


CHECK = "check"
"""A question of a capacity check: it is about no client (R2)."""

COUNTED = (
    *("answer", "contact", "complete", "acknowledge", "review"),
    *("confirm_cancellation", "visit", "promised", "send", "send_on", "client_agrees", "offer", "question", "silence"),
    "renew",
)
"""Kinds of which the work list says how many wait."""


class WorkQuery(Page, WhetherNamed):
    """One kind of thing that is waited for, what is late alone, what the caller or somebody else or nobody does."""

    kind: Kind | None = None
    overdue: bool = False
    claimed: ByWhom | None = None


class WorkSubject(Answer):
    """What a question is about."""

    kind: Literal["referral", "handoff"]
    id: UUID


class WorkItem(Answer):
    """A thing that waits for the agency; of her no more than the name that the agency holds, or was given and opened.

    A question of a capacity check names its `check`, and no client (R2); one between the two sides of a referral or
    handoff names its `subject`, whose need, service and priority are said. An `episode` waits for a contact by the
    agency that leads a domain of it, and met her last at `sent_at` (R15, R17). A `consent` ran out at `sent_at`, and a
    referral or handoff of the agency's own rests on it. In state "left" the lead fell to the hub from `left_by`, which
    knows who she is and can refer her (R19). `contact_modes` are the ways in which she may be contacted,
    where that was planned. `outreach_paused`: nobody reaches out to her until it is resumed, and what needs her is not
    listed (R5); told to whoever may know of her.
    """

    kind: WorkKind
    id: UUID
    client: ClientNamed | None
    check: UUID | None = None
    consent: str | None = None
    subject: WorkSubject | None = None
    safe_contact: str | None = None
    contact_modes: list[ContactMode] = []
    contact_prohibited: bool = False
    outreach_paused: bool = False
    waits_for: str
    category: str | None
    domain: str | None
    service: str | None
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]
    to: AgencyNamed
    left_by: AgencyNamed | None = None
    state: str
    priority: str | None
    sent_at: Instant
    due: Instant | None
    overdue: bool
    claim: ClaimShown | None


class WorkCounts(Answer):
    """How many things wait in all, how many of them are late, how many the caller does, and the kinds that people ask
    for."""

    all: int
    overdue: int
    mine: int
    answer: int
    contact: int
    complete: int
    acknowledge: int
    review: int
    confirm_cancellation: int
    visit: int
    promised: int
    send: int
    send_on: int
    client_agrees: int
    offer: int
    question: int
    silence: int
    renew: int


class WorkList(Answer):
    """A part of what waits, the first due first; where there is none, when the next thing is due."""

    items: list[WorkItem]
    counts: WorkCounts
    next_due: Instant | None
    next: str | None


@router.get("/v1/work")
async def list_work(principal: Staff, call: Call, desk: AtDesk, query: Annotated[WorkQuery, Query()]) -> WorkList:
    """What waits for the agency: to answer, to contact, to finish, to acknowledge.

    Of what nobody there has opened it says neither who she is nor how she may be contacted. Names that were given to
    it, and that it has opened and not accepted, go on these clients' lists of who saw their record.
    """
    who = acting(principal, call, desk)
    await staff.saw(desk, who, principal)
    naming = Naming(desk, who)
    asked = {"kind": query.kind, "overdue": query.overdue or None, "claimed": query.claimed}
    listing = Listing.of(naming, "/v1/work", query, **asked)
    found = await work.waiting(desk, who, listing.part(), kind=query.kind, overdue=query.overdue, claimed=query.claimed)
    listed, claims = found.listed, found.claims
    about_her = [found.subjects.get(row.subject or row.id, row) for row in listed.rows if row.kind != CHECK]
    opened = [row for row in about_her if query.names and not is_unopened(who, row)]
    clients, reach, quiet, left = await asyncio.gather(
        naming.clients_in(about_her, names=query.names),
        reaches(desk, who, {row.client_id for row in opened}),
        work.quiet(desk, who, about_her),
        work.left(desk, listed.rows),
    )
    return WorkList(
        items=[
            _item(
                naming,
                row,
                clients.get(row.subject or row.id),
                claim_shown(naming, claims.get(row.id)),
                about=found.subjects.get(row.subject or row.id, row),
                reach=reach.get(row.client_id),
                paused=(row.subject or row.id) in quiet,
                left_by=left.get(row.id),
            )
            for row in listed.rows
        ],
        counts=_counts(found),
        next_due=found.next_due,
        next=listing.showing(names=query.unnamed()).next_url(listed.next),
    )


def _item(
    naming: Naming,
    row: WorkRow,
    client: ClientNamed | None,
    claim: ClaimShown | None,
    *,
    about: WorkRow,
    reach: Reach | None,
    paused: bool,
    left_by: str | None,
) -> WorkItem:
    reach = None if is_unopened(naming.acting, about) else reach
    return WorkItem(
        kind=cast(WorkKind, row.kind),
        id=row.id,
        client=client,
        check=row.client_id if row.kind == CHECK else None,
        consent=naming.out("consent", row.id) if row.waits_for == RENEW else None,
        subject=WorkSubject(kind=cast(Any, about.kind), id=about.id) if row.subject == about.id else None,
        safe_contact=reach.words if reach else None,
        contact_modes=list(reach.modes) if reach else [],
        contact_prohibited=reach is not None and reach.prohibited,
        outreach_paused=paused,
        waits_for=row.waits_for or "",
        category=about.category,
        domain=about.domain,
        service=about.service,
        sender=naming.agency(row.from_agency),
        to=naming.agency(row.to_agency),
        left_by=naming.agency(left_by) if left_by else None,
        state=row.state,
        priority=about.priority,
        sent_at=row.sent_at,
        due=row.due_at,
        overdue=row.due_at is not None and row.due_at < naming.acting.at,
        claim=claim,
    )


def _counts(found: Waiting) -> WorkCounts:
    counts = found.counts
    kinds = {kind: counts.by_kind.get(kind, 0) for kind in COUNTED}
    return WorkCounts(all=counts.all, overdue=counts.overdue, mine=found.mine, **kinds)
