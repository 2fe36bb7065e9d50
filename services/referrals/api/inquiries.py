"""What privacy officers answer for, over HTTP: "was this right?", what was done without her yes, erasures, holds."""

from typing import Annotated

from fastapi import Query
from pydantic import StringConstraints

from services.referrals.api.callers import AtDesk, Herself, Officer, acting
from services.referrals.api.disclosures import DisclosureShown, disclosure_shown
from services.referrals.api.herself import must_be_herself
from services.referrals.api.naming import Naming
from services.referrals.api.paging import Listing
from services.referrals.api.shapes import Answer, Body, ClientNamed, Instant, Page
from services.referrals.application import inquiry as inquiries
from services.referrals.application import inquiry_seen
from services.referrals.application.inquiry_seen import InquirySeen
from services.referrals.domain.client import ErasureReason, HoldReason
from services.referrals.domain.inquiry import OPERATED, Cause, Finding
from services.runtime.http import Call, Reply, lean_router

router = lean_router()

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000)]


class AskOfDisclosure(Body):
    """What she asks, in her own words: text that goes to the vault."""

    text: Words


class AnswerInquiry(Body):
    """The answer in words; `finding` where nobody had asked her first, and then it is needed."""

    text: Words
    finding: Finding | None = None


class InquiryRef(Answer):
    """An inquiry by this agency's own reference."""

    inquiry: str


class InquiriesQuery(Page):
    """What waits, or what was answered."""

    answered: bool = False


class InquiryShown(Answer):
    """What an officer answers for. `text` are her words, or the reason that was given; `disclosure` is the entry of her
    list that it is about.

    An erasure or a hold (`erasure`, `hold`, `hold_released`) says `by` whom it was done on the machine and for which
    `reason`, and nothing of who she is.
    """

    inquiry: str
    cause: Cause
    client: ClientNamed
    disclosure: DisclosureShown | None
    asked_at: Instant
    due: Instant
    overdue: bool
    by: str | None
    reason: ErasureReason | HoldReason | None
    text: str | None
    answer: str | None
    answered_at: Instant | None
    finding: Finding | None


class Inquiries(Answer):
    """A part of them, the first due first. `waiting`: how many wait for an answer in all, whichever part this is."""

    items: list[InquiryShown]
    next: str | None
    waiting: int


@router.post("/v1/clients/{client}/disclosures/{disclosure}/questions", status_code=201)
async def ask_about_disclosure(  # noqa: PLR0913 - each argument is a source of its own
    principal: Herself, call: Call, desk: AtDesk, *, client: str, disclosure: str, body: AskOfDisclosure
) -> Reply[InquiryRef]:
    """Was this right? It goes to the privacy officers of the agencies that gave and that got it, who answer within 30
    days; she reads the answer on her list."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    ids = naming.back("client", client), naming.back("disclosure", disclosure)
    must_be_herself(naming, principal, ids[0])
    done = await inquiries.ask(desk, who, *ids, body.text)
    answer = done.answer
    return Reply(InquiryRef(inquiry=naming.answered("inquiry", answer)), answer.status, replayed=done.view is None)


@router.get("/v1/inquiries")
async def list_inquiries(
    principal: Officer, call: Call, desk: AtDesk, query: Annotated[InquiriesQuery, Query()]
) -> Inquiries:
    """What waits for the agency's privacy officer: questions of clients, what was done without their yes, and what was
    erased or has to be kept."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    listing = Listing.of(naming, "/v1/inquiries", query, answered=query.answered or None)
    found = await inquiry_seen.waiting(desk, who, listing.part(), answered=query.answered)
    clients = await naming.clients({each.client for each in found.items})
    return Inquiries(
        items=[_shown(naming, each, clients[each.client]) for each in found.items],
        next=listing.next_url(found.next),
        waiting=found.waiting,
    )


@router.post("/v1/inquiries/{inquiry}/answer")
async def answer_inquiry(
    principal: Officer, call: Call, desk: AtDesk, inquiry: str, body: AnswerInquiry
) -> Reply[InquiryRef]:
    """Answer it, once: to a question in words that she reads, else with what was found."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("inquiry", inquiry)
    done = await inquiries.answer(desk, who, id, body.text, body.finding)
    return Reply(InquiryRef(inquiry=naming.out("inquiry", id)), 200, replayed=done.view is None)


def _shown(naming: Naming, each: InquirySeen, client: ClientNamed) -> InquiryShown:
    state = each.state
    if state.opened.cause in OPERATED:
        client = ClientNamed(client=client.client, name=None)
    return InquiryShown(
        inquiry=naming.out("inquiry", each.id),
        cause=state.opened.cause,
        client=client,
        disclosure=disclosure_shown(naming, each.about) if each.about else None,
        asked_at=state.at,
        due=state.due,
        overdue=state.answered is None and state.due < naming.acting.at,
        by=each.operator,
        reason=each.reason,
        text=each.text,
        answer=each.answer,
        answered_at=state.answered_at,
        finding=state.answered.finding if state.answered else None,
    )
