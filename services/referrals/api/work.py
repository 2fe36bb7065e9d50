"""Lists over HTTP: what waits for the agency, what came to it and what it sent."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticKnownError

from services.referrals.api.callers import Agency, AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing
from services.referrals.api.shapes import AgencyNamed, Answer, ClientNamed, Instant, Page, WhetherNamed
from services.referrals.application import work
from services.referrals.application.work import Kind
from services.referrals.domain.referral import ReferralStatus
from services.referrals.store.commit import WorkRow
from services.referrals.store.work_lists import Counts
from services.runtime.http import Call, lean_router

router = lean_router()


_ONE = "|".join(ReferralStatus)


def _states(said: str) -> tuple[ReferralStatus, ...]:
    """States once each, in the order of the machine: the same ones are the same list."""
    wanted = said.split(",")
    if not set(wanted) <= set(ReferralStatus):
        raise PydanticKnownError("enum", {"expected": ", ".join(ReferralStatus)})
    return tuple(state for state in ReferralStatus if state in wanted)


States = Annotated[
    tuple[ReferralStatus, ...],
    BeforeValidator(_states),
    WithJsonSchema({"type": "string", "pattern": f"^({_ONE})(,({_ONE}))*$"}),
]
"""One state, or several with commas."""


COUNTED = ("answer", "contact", "complete", "acknowledge", "review", "confirm_cancellation")
"""Kinds of which the work list says how many wait."""


class WorkQuery(Page, WhetherNamed):
    """One kind of thing that is waited for, or what is late alone."""

    kind: Kind | None = None
    overdue: bool = False


class BoxQuery(Page, WhetherNamed):
    """Which box, which states (one name, or several with commas), late ones alone."""

    box: Literal["inbox", "outbox"] = "inbox"
    status: States | None = None
    overdue: bool = False


class WorkItem(Answer):
    """A thing that waits for the agency; of her no more than the name that the agency holds or was given."""

    kind: Literal["referral", "handoff"]
    id: UUID
    client: ClientNamed
    safe_contact: str | None = None
    waits_for: str
    category: str | None
    domain: str | None
    service: str | None
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]
    to: AgencyNamed
    state: str
    priority: str | None
    sent_at: Instant
    due: Instant | None
    overdue: bool


class WorkCounts(Answer):
    """How many things wait in all, how many of them are late, and the kinds that people ask for."""

    all: int
    overdue: int
    answer: int
    contact: int
    complete: int
    acknowledge: int


class WorkList(Answer):
    """A part of what waits, the first due first."""

    items: list[WorkItem]
    counts: WorkCounts
    next: str | None


class ReferralLine(Answer):
    """A referral in a list."""

    referral: UUID
    client: ClientNamed | None
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]
    to: AgencyNamed
    service: str | None
    category: str | None
    state: str
    priority: str | None
    mode: str | None
    waits_for: str | None
    sent_at: Instant
    due: Instant | None
    overdue: bool
    version: int


class ReferralLines(Answer):
    """A part of a box, the newest first."""

    items: list[ReferralLine]
    next: str | None


@router.get("/v1/work")
async def list_work(principal: Staff, call: Call, desk: AtDesk, query: Annotated[WorkQuery, Query()]) -> WorkList:
    """What waits for the agency: to answer, to contact, to finish, to acknowledge.

    Names that were given to it, and that it has not accepted, go on these clients' lists of who saw their record.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    listing = Listing.of(naming, "/v1/work", query, kind=query.kind, overdue=query.overdue or None)
    listed, counts = await work.waiting(desk, who, listing.part(), kind=query.kind, overdue=query.overdue)
    clients = await naming.clients_in(listed.rows, names=query.names)
    return WorkList(
        items=[_item(naming, row, clients[row.id]) for row in listed.rows],
        counts=_counts(counts),
        next=listing.showing(names=query.unnamed()).next_url(listed.next),
    )


@router.get("/v1/referrals")
async def list_referrals(
    principal: Agency, call: Call, desk: AtDesk, query: Annotated[BoxQuery, Query()]
) -> ReferralLines:
    """Referrals that came to the agency (inbox) or that it sent (outbox).

    Names that were given to it, and that it has not accepted, go on these clients' lists of who saw their record.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    states = ",".join(query.status) if query.status else None
    asked = {"box": query.box, "status": states, "overdue": query.overdue or None}
    listing = Listing.of(naming, "/v1/referrals", query, **asked)
    listed = await work.box(desk, who, listing.part(), query.box, states=query.status, overdue=query.overdue)
    clients = await naming.clients_in(listed.rows, names=query.names)
    return ReferralLines(
        items=[_line(naming, row, clients.get(row.id)) for row in listed.rows],
        next=listing.showing(names=query.unnamed()).next_url(listed.next),
    )


def _item(naming: Naming, row: WorkRow, client: ClientNamed) -> WorkItem:
    return WorkItem(
        kind="referral" if row.kind == "referral" else "handoff",
        id=row.id,
        client=client,
        waits_for=row.waits_for or "",
        category=row.category,
        domain=row.domain,
        service=row.service,
        sender=naming.agency(row.from_agency),
        to=naming.agency(row.to_agency),
        state=row.state,
        priority=row.priority,
        sent_at=row.sent_at,
        due=row.due_at,
        overdue=row.due_at is not None and row.due_at < naming.acting.at,
    )


def _line(naming: Naming, row: WorkRow, client: ClientNamed | None) -> ReferralLine:
    return ReferralLine(
        referral=row.id,
        client=client,
        sender=naming.agency(row.from_agency),
        to=naming.agency(row.to_agency),
        service=row.service,
        category=row.category,
        state=row.state,
        priority=row.priority,
        mode=row.mode,
        waits_for=row.waits_for,
        sent_at=row.sent_at,
        due=row.due_at,
        overdue=row.due_at is not None and row.due_at < naming.acting.at,
        version=row.version if client is not None else min(row.version, row.receiver_until or row.version),
    )


def _counts(counts: Counts) -> WorkCounts:
    kinds = {kind: counts.by_kind.get(kind, 0) for kind in COUNTED}
    return WorkCounts(all=counts.all, overdue=counts.overdue, **kinds)
