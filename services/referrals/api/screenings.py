"""Screenings over HTTP: with what she was asked and what came of it; the answer offers the referral for each need."""

from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from services.referrals.api.births import not_before_birth
from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.needs import NeedShown, need_shown
from services.referrals.api.paging import Listing, latest_first
from services.referrals.api.problems import not_later
from services.referrals.api.referral_steps import EnteredInError
from services.referrals.api.shapes import Answer, Body, Instant, Moment, Page
from services.referrals.application import screening as screenings
from services.referrals.application.screening import Asked, ScreeningSeen
from services.referrals.domain.screening import ASKS, HIGHEST_SCORE
from services.referrals.domain.vocabulary import Category, Instrument, ScreeningResult
from services.runtime.http import Call, Reply, lean_router
from services.runtime.http.problem import FieldError, malformed

router = lean_router()

Used = Literal[
    Instrument.PRAPARE,
    Instrument.HUNGER_VITAL_SIGN,
    Instrument.EPDS,
    Instrument.PHQ_2,
    Instrument.PHQ_9,
    Instrument.IPV,
]


class DomainResult(Body):
    """What came of one of the things that PRAPARE asks about."""

    category: Category
    result: ScreeningResult


class RecordScreening(Body):
    """With what she was asked, when (now where it is not said), and what came of it.

    PRAPARE has a result for each domain, the others have one. A `score` is kept in the vault and nowhere else.
    """

    instrument: Used
    result: ScreeningResult | None = None
    domains: Annotated[tuple[DomainResult, ...], Field(max_length=20)] = ()
    at: Moment | None = None
    score: Annotated[int, Field(ge=0, le=30)] | None = None


class ScreeningShown(Answer):
    """A screening as its agency sees it; `score` names the note that holds it, if one was given."""

    screening: str
    client: str
    instrument: Instrument
    at: Instant
    results: list[DomainResult]
    score: str | None
    entered_in_error: bool
    version: int


class Offer(Answer):
    """A referral with its fields filled: who, for what, and the need that it is for."""

    client: str
    category: Category
    need: str


class ScreeningFound(Answer):
    """What was recorded (the safety questions of PRAPARE apart), the needs that it found, and a referral for each."""

    client: str
    screenings: list[ScreeningShown]
    needs: list[NeedShown]
    offers: list[Offer]


class Screenings(Answer):
    """A part of what this agency recorded, the latest first."""

    items: list[ScreeningShown]
    next: str | None


@router.post("/v1/clients/{client}/screenings", status_code=201)
async def record_screening(
    principal: Staff, call: Call, desk: AtDesk, client: str, body: RecordScreening
) -> Reply[ScreeningFound]:
    """Record it. What is positive is a need from now on, if this agency did not know of it."""
    who = acting(principal, call, desk)
    if body.at is not None and body.at > who.at:
        raise not_later("/at")
    naming = Naming(desk, who)
    id = naming.back("client", client)
    if body.at is not None:
        await not_before_birth(desk, who, id, desk.directory.local_date(who.initiative, body.at), "/at")
    asked = Asked(at=body.at or who.at, instrument=body.instrument, results=_results(body), score=_score(body))
    done = await screenings.record(desk, who, id, asked)
    found = done.view or await screenings.again(desk, who, done.answer)
    needs = [need_shown(naming, each) for each in found.needs]
    reference = naming.out("client", id)
    shown = ScreeningFound(
        client=reference,
        screenings=[_shown(naming, each) for each in found.screenings],
        needs=needs,
        offers=[Offer(client=reference, category=each.category, need=each.need) for each in needs],
    )
    return Reply(shown, replayed=done.view is None)


@router.get("/v1/clients/{client}/screenings")
async def list_screenings(
    principal: Staff, call: Call, desk: AtDesk, client: str, query: Annotated[Page, Query()]
) -> Screenings:
    """What this agency asked her with, and what came of it."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    id = naming.back("client", client)
    listing = Listing.of_client(naming, id, "screenings", query)
    found = await screenings.of_client(desk, who, id)
    shown, following = latest_first(found, listing.part(), lambda seen: (seen.state.at, seen.id))
    return Screenings(items=[_shown(naming, each) for each in shown], next=listing.next_url(following))


@router.post("/v1/screenings/{screening}/entered-in-error")
async def enter_screening_in_error(
    principal: Staff, call: Call, desk: AtDesk, screening: str, body: EnteredInError
) -> Reply[ScreeningShown]:
    """It should never have been written, nor the open needs that it found: they stay, and count nowhere."""
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    done = await screenings.enter_in_error(desk, who, naming.back("screening", screening), body.reason)
    seen = done.view or await screenings.read(desk, who, done.answer.ids["screening"])
    return Reply(_shown(naming, seen), version=done.answer.version, replayed=done.view is None)


def _results(body: RecordScreening) -> dict[Category, ScreeningResult]:
    """Raises 422 where the result, or a domain, is not one of this instrument, or is said twice."""
    if body.instrument is not Instrument.PRAPARE:
        if body.result is None or body.domains:
            wrong = "/domains" if body.domains else "/result"
            raise malformed([FieldError(wrong, "one_result", "This instrument has one result.")])
        (category,) = ASKS[body.instrument]
        return {category: body.result}
    if body.result is not None or not body.domains:
        wrong = "/result" if body.result is not None else "/domains"
        raise malformed([FieldError(wrong, "a_result_each", "PRAPARE has a result for each domain.")])
    asks = ASKS[Instrument.PRAPARE] | ASKS[Instrument.PRAPARE_SAFETY]
    told = [each.category for each in body.domains]
    wrong_at = [at for at, category in enumerate(told) if category not in asks or category in told[:at]]
    if wrong_at:
        raise malformed(
            FieldError(f"/domains/{at}/category", "not-of-this-instrument", "It asks about it once, or not at all.")
            for at in wrong_at
        )
    return {each.category: each.result for each in body.domains}


def _score(body: RecordScreening) -> int | None:
    highest = HIGHEST_SCORE.get(body.instrument, -1)
    if body.score is not None and (body.score > highest or body.result is ScreeningResult.DECLINED):
        raise malformed([FieldError("/score", "no_such_score", "This screening has no such score.")])
    return body.score


def _shown(naming: Naming, seen: ScreeningSeen) -> ScreeningShown:
    state = seen.state
    return ScreeningShown(
        screening=naming.out("screening", seen.id),
        client=naming.out("client", seen.client),
        instrument=state.instrument,
        at=state.at,
        results=[DomainResult(category=category, result=result) for category, result in state.results.items()],
        score=naming.maybe("note", state.score),
        entered_in_error=state.in_error,
        version=seen.version,
    )
