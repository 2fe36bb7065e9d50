"""Boxes over HTTP: referrals that came to the agency, that it sent, or that are of a client whose name is typed."""

from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

import orjson
from fastapi import Query
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticKnownError

from services.referrals.api.callers import Agency, AtDesk, Staff, acting
from services.referrals.api.draft_shapes import DraftFields, DraftShown, draft_shown
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing
from services.referrals.api.shapes import AgencyNamed, Answer, Body, ClientNamed, Instant, Page, Text, WhetherNamed
from services.referrals.application import unsent, work
from services.referrals.application.work import Wanted
from services.referrals.domain.referral import ReferralStatus
from services.referrals.domain.vocabulary import Category
from services.referrals.store.commit import WorkRow
from services.referrals.store.listed import Box
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


class BoxQuery(Page, WhetherNamed):
    """Which box, which states (one name, or several with commas), late ones alone, of which need."""

    box: Literal["inbox", "outbox", "drafts"] = "inbox"
    status: States | None = None
    overdue: bool = False
    category: Category | None = None


class LinesQuery(Page, WhetherNamed):
    """Which part of what matches."""


class ReferralSearch(Body):
    """Words of a client's name, her phone or its last four digits, or the agency's own number; of one box or of both,
    in these states, late ones alone, of one need."""

    text: Text
    box: Box | None = None
    status: Annotated[tuple[ReferralStatus, ...], Field(max_length=len(ReferralStatus))] = ()
    overdue: bool = False
    category: Category | None = None


class ReferralLine(Answer):
    """A referral in a list; a draft has been saved and not sent, and may lack what is null here.

    `described`: the name under which a draft describes who is no client of the agency yet.
    """

    referral: UUID
    client: ClientNamed | None
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]
    to: AgencyNamed | None
    service: str | None
    category: str | None
    state: str
    priority: str | None
    mode: str | None
    waits_for: str | None
    sent_at: Instant | None
    due: Instant | None
    overdue: bool
    described: str | None = None
    saved_at: Instant | None = None
    kept_until: Instant | None = None
    version: int


class ReferralLines(Answer):
    """A part of a box, the newest first; drafts by when they were last saved."""

    items: list[ReferralLine]
    next: str | None


@router.post("/v1/referrals/search")
async def search_referrals(
    principal: Staff, call: Call, desk: AtDesk, body: ReferralSearch, query: Annotated[LinesQuery, Query()]
) -> ReferralLines:
    """Referrals of the agency's own clients who match every word: as in a client search; in the body, for no name
    stands in an address. What came to the agency and nobody has opened is not found by who she is."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    listing = Listing.of(naming, "/v1/referrals/search", query)
    listing = replace(listing, typed=body.model_dump_json())
    wanted = Wanted(body.box, body.status or None, body.overdue, body.category)
    listed = await work.search(desk, who, listing.part(), wanted, body.text)
    clients = await naming.clients_in(listed.rows, names=query.names)
    return ReferralLines(
        items=[_line(naming, row, clients.get(row.id), listed.versions[row.id]) for row in listed.rows],
        next=listing.showing(names=query.unnamed()).next_url(listed.next),
    )


@router.get("/v1/referrals")
async def list_referrals(
    principal: Agency, call: Call, desk: AtDesk, query: Annotated[BoxQuery, Query()]
) -> ReferralLines:
    """Referrals that came to the agency (inbox), that it sent (outbox), or that it has not sent yet (drafts).

    What nobody there has opened has no name. Names that were given to it, and that it has opened and not accepted, go
    on these clients' lists of who saw their record.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    states = ",".join(query.status) if query.status else None
    asked = {"box": query.box, "status": states, "overdue": query.overdue or None, "category": query.category}
    listing = Listing.of(naming, "/v1/referrals", query, **asked)
    if query.box == "drafts":
        kept, following = await unsent.listed(desk, who, listing.part())
        lines = [_draft_line(naming, await draft_shown(naming, each)) for each in kept]
        return ReferralLines(items=lines, next=listing.showing(names=query.unnamed()).next_url(following))
    wanted = Wanted(query.box, query.status, query.overdue, query.category)
    listed = await work.box(desk, who, listing.part(), wanted)
    clients = await naming.clients_in(listed.rows, names=query.names)
    return ReferralLines(
        items=[_line(naming, row, clients.get(row.id), listed.versions[row.id]) for row in listed.rows],
        next=listing.showing(names=query.unnamed()).next_url(listed.next),
    )


def _draft_line(naming: Naming, shown: DraftShown) -> ReferralLine:
    fields = DraftFields.model_validate_json(orjson.dumps(shown.fields))
    return ReferralLine(
        referral=UUID(shown.referral),
        client=shown.client,
        sender=naming.agency(naming.acting.agency),
        to=naming.agency(fields.to.agency) if fields.to else None,
        service=fields.to.service if fields.to else None,
        category=fields.category,
        state=shown.state,
        priority=fields.priority,
        mode=fields.mode,
        waits_for=None,
        sent_at=None,
        due=None,
        overdue=False,
        described=_described(fields),
        saved_at=shown.saved_at,
        kept_until=shown.kept_until,
        version=shown.version,
    )


def _described(fields: DraftFields) -> str | None:
    if fields.identity is None:
        return None
    name = fields.identity.names[0]
    return " ".join(part for part in (name.given, name.family) if part)


def _line(naming: Naming, row: WorkRow, client: ClientNamed | None, version: int) -> ReferralLine:
    senders = row.to_agency == naming.acting.agency and row.waits_on != row.to_agency
    due = None if senders else row.due_at  # what its sender has to do by then is not this agency's
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
        due=due,
        overdue=due is not None and due < naming.acting.at,
        version=version,
    )
