"""Capacity checks over HTTP: "have you room?", without a client (R2)."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.initiative import CheckRule
from services.referrals.api.callers import Agency, AtDesk, acting
from services.referrals.api.naming import Naming
from services.referrals.api.problems import unknown
from services.referrals.api.referral_steps import Nothing
from services.referrals.api.shapes import AgencyNamed, Answer, Body, Day, Instant, Language, Slug
from services.referrals.application import check as checks
from services.referrals.application.check import Answering, Asking, CheckSeen
from services.referrals.application.suggesting import suggested
from services.referrals.directory import NotInDirectory
from services.referrals.domain.check import Area, CheckAnswer, CheckStatus
from services.referrals.domain.vocabulary import Category
from services.runtime.http import Call, Reply, lean_router
from services.runtime.http.freshness import fresh

router = lean_router()


class AskedForRoom(Body):
    """For what need, in which language, in which area (the first three digits of a ZIP code), and of whom."""

    category: Category
    to: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=20)]
    language: Language | None = None
    area: Area | None = None


class CheckAnswered(Body):
    """Whether this service has room, and from which local date."""

    service: Slug
    answer: CheckAnswer
    from_on: Day | None = None


class QuestionShown(Answer):
    """One service that was asked, and what its agency said. `first`: nobody said yes before.

    `suggested`: of several that have room, the one that the initiative's rule picks, told to whoever asked.
    """

    service: str
    name: str
    agency: AgencyNamed
    state: CheckStatus
    answer: CheckAnswer | None
    from_on: date | None
    answered_at: Instant | None
    first: bool
    suggested: bool


class CheckShown(Answer):
    """A check: yes before the rest, and who said it first before others. An asked agency sees its own alone.

    `rule` is how one of several is suggested, where one is.
    """

    check: UUID
    sender: Annotated[AgencyNamed, Field(serialization_alias="from")]
    category: Category
    language: str | None
    area: str | None
    asked_at: Instant
    due: Instant
    mine: bool
    rule: CheckRule | None
    questions: list[QuestionShown]
    version: int


class CheckRef(Answer):
    """A check that was begun."""

    check: UUID


@router.post("/v1/capacity-checks", status_code=201)
async def ask_for_room(principal: Agency, call: Call, desk: AtDesk, body: AskedForRoom) -> Reply[CheckRef]:
    """Ask services whether they have room. No client is named, and none can be."""
    who = acting(principal, call, desk)
    asking = Asking(category=body.category, services=body.to, language=body.language, area=body.area)
    try:
        id, replayed = await checks.ask(desk, who, asking)
    except NotInDirectory:
        raise unknown("/to", "service") from None
    return Reply(CheckRef(check=id), location=f"/v1/capacity-checks/{id}", replayed=replayed)


@router.get("/v1/capacity-checks/{check}")
async def get_capacity_check(principal: Agency, call: Call, desk: AtDesk, check: UUID) -> Reply[CheckShown]:
    """A check that the caller's agency began, or its own part of one that it was asked in."""
    who = acting(principal, call, desk)
    seen = await fresh(call, lambda: checks.read(desk, who, check))
    return await _reply(Naming(desk, who), seen, replayed=False)


@router.post("/v1/capacity-checks/{check}/answers")
async def answer_capacity_check(
    principal: Agency, call: Call, desk: AtDesk, check: UUID, body: CheckAnswered
) -> Reply[CheckShown]:
    """An asked agency says yes or no for one of its services. The first answer stands (409)."""
    who = acting(principal, call, desk)
    said = Answering(service=body.service, answer=body.answer, from_on=body.from_on)
    seen, replayed = await checks.answer(desk, who, check, said)
    return await _reply(Naming(desk, who), seen, replayed=replayed)


@router.post("/v1/capacity-checks/{check}/close")
async def close_capacity_check(
    principal: Agency, call: Call, desk: AtDesk, check: UUID, body: Nothing
) -> Reply[CheckShown]:
    """Whoever asked needs no answer any more."""
    who = acting(principal, call, desk)
    seen, replayed = await checks.close(desk, who, check)
    return await _reply(Naming(desk, who), seen, replayed=replayed)


async def _reply(naming: Naming, seen: CheckSeen, *, replayed: bool) -> Reply[CheckShown]:
    ordered = [check for check, _ in seen.in_order()]
    first = next((check for check in ordered if check.answered and check.answered.answer is CheckAnswer.YES), None)
    asked = ordered[0].asked
    mine = asked.from_agency == naming.acting.agency
    chosen = await suggested(naming.desk, naming.acting, seen)
    shown = CheckShown(
        check=seen.id,
        sender=naming.agency(asked.from_agency),
        category=asked.category,
        language=asked.language,
        area=asked.area,
        asked_at=ordered[0].asked_at,
        due=checks.due(naming.desk, naming.acting.initiative, ordered[0]),
        mine=mine,
        rule=chosen.rule if chosen else None,
        questions=[
            QuestionShown(
                service=each.asked.service,
                name=naming.service(each.asked.to_agency, each.asked.service),
                agency=naming.agency(each.asked.to_agency),
                state=each.status,
                answer=each.answered.answer if each.answered else None,
                from_on=each.answered.from_on if each.answered else None,
                answered_at=each.answered_at,
                first=mine and each is first,
                suggested=chosen is not None and each.asked.service == chosen.service,
            )
            for each in ordered
        ],
        version=seen.version,
    )
    return Reply(shown, version=seen.version, replayed=replayed)
