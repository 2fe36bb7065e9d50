"""Letters over HTTP: the page to print, and the answers of a receiver that is not on the system."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import Field, model_validator

from services.referrals.api.callers import AtDesk, Staff, acting
from services.referrals.api.naming import Naming
from services.referrals.api.plans import within_reach
from services.referrals.api.problems import not_later
from services.referrals.api.shapes import Answer, Body, Day, Instant
from services.referrals.application import letter as letters
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.ending import BY_LETTER
from services.referrals.application.letter import Answered, Standing
from services.referrals.application.letter_faces import Faces
from services.referrals.application.letter_paper import LetterText, drawn, facts_of
from services.referrals.application.letter_plan import plan_now
from services.referrals.domain.referral import ReferralStatus
from services.referrals.domain.referral.events import Identifier
from services.referrals.domain.safe_contact import SafeContact, is_prohibited
from services.referrals.domain.vocabulary import ContactMode, Outcome, Reason
from services.runtime.http import Call, Download, Part, lean_router

router = lean_router()

Step = Literal["accept", "decline", "met", "ended"]
MetBy = Literal["community_visit", "home_visit", "office_visit", "phone", "goods_delivery"]


class LetterQuery(Body):
    """In which language, and on which paper."""

    language: Literal["en", "es"] = "en"
    size: Literal["letter", "a4"] = "letter"


class StepSaid(Body):
    """One thing that the receiver says: that it takes it on (from a day, under its own number), cannot (why), met her
    (how, when), or how it ended (with an outcome), or why without service."""

    step: Step | None = None
    on: Day | None = None
    reason: Reason | None = None
    mode: MetBy | None = None
    outcome: Outcome | None = None
    identifier: Identifier | None = None

    @model_validator(mode="after")
    def _whole(self) -> "StepSaid":
        if self.identifier is not None and self.step != "accept":
            raise ValueError("Its number is said with its yes.")
        if self.step == "decline" and self.reason is None:
            raise ValueError("Say why not.")
        if self.step == "ended" and (self.reason is None) == (self.outcome is None):
            raise ValueError("Say how it ended, or why without service: one of the two.")
        return self


class AnswerLetter(StepSaid):
    """The name that stands in the letter's link, the code that stands beside it, and one step; without a step: how far
    it has come."""

    letter: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{8}$")]
    code: Annotated[str, Field(min_length=1, max_length=20)]


class AnswerForThem(StepSaid):
    """What the receiver said to the sender's staff, by phone or on the slip."""

    by: Literal["phone", "slip"]


class LetterPlan(Answer):
    """How she may be contacted now, which a letter of before may not say: by these modes alone, or not at all.

    `has_words`: she said more, which stands on a letter of today; typed words are not shown to who has a code alone.
    """

    modes: list[ContactMode]
    contact_prohibited: bool
    has_words: bool
    planned_at: Instant

    @classmethod
    def of(cls, plan: SafeContact | None) -> "LetterPlan | None":
        if plan is None:
            return None
        said = plan.plan
        return cls(
            modes=list(said.modes),
            contact_prohibited=said.prohibited,
            has_words=said.words is not None,
            planned_at=plan.at,
        )


class AnswerStanding(Answer):
    """How far it has come, and what may still be said. Nothing of the client but, for who has the letter, by which ways
    she may be contacted now."""

    sender: str
    service: str
    state: ReferralStatus
    open: list[Step]
    safe_contact_plan: LetterPlan | None = None


@router.get("/v1/referrals/{referral}/letter")
async def get_referral_letter(  # noqa: PLR0913 - each argument is a source of its own
    principal: Staff,
    call: Call,
    desk: AtDesk,
    *,
    site: Annotated[str, Part("public_url")],
    known: Annotated[Faces, Part("letter_faces")],
    referral: UUID,
    query: Annotated[LetterQuery, Query()],
) -> Download:
    """The letter to a receiver that is not on the system, for its sender to print.

    That it was printed is on her list of who saw her record, every time.
    """
    who = acting(principal, call, desk)
    naming = Naming(desk, who)
    found = await letters.paper(desk, who, referral)
    sent, due = found.seen.state.sent, found.seen.due
    sender = desk.directory.entries(who.initiative).agency(sent.from_agency)
    text = LetterText(
        language=query.language,
        today=who.today,
        sender=naming.agency(sent.from_agency).name,
        phones=sender.phones if sender else (),
        addresses=sender.addresses if sender else (),
        receiver=naming.agency(sent.to_agency).name,
        service=naming.service(sent.to_agency, sent.service),
        due=desk.directory.local_date(who.initiative, due) if due else None,
        agreed_on=found.agreed_on,
        name=found.name,
        facts=tuple(facts_of(found.fields, found.note, found.words)),
        modes=() if found.plan is None else found.plan.plan.modes,
        forbidden=is_prohibited(found.plan, who.at),
        code=found.letter.code,
        link=f"{site.removeprefix('https://').removeprefix('http://')}/answer/{found.letter.name}",
    )
    return pdf("letter.pdf", drawn(text, query.size, known))


@router.post("/v1/answers")
async def answer_letter(call: Call, desk: AtDesk, body: AnswerLetter) -> AnswerStanding:
    """A receiver that is not on the system answers with the code of its letter; nobody signs in.

    Each step once, until the referral ends. Who she is is not shown; how she may be contacted now is, as the letter
    may be older (R13), and that goes on her list of who saw her record.
    """
    now = desk.clock.now()
    nobody = Acting("", "", BY_LETTER, False, now, now.date(), call)
    theirs, referral = await letters.opened(desk, nobody, body.letter, body.code)
    stands = await _answered(desk, theirs, referral, body)
    plan = LetterPlan.of(await plan_now(desk, theirs, stands))
    return _shown(desk, theirs, stands).model_copy(update={"safe_contact_plan": plan})


@router.post("/v1/referrals/{referral}/answer")
async def answer_for_receiver(
    principal: Staff, call: Call, desk: AtDesk, referral: UUID, body: AnswerForThem
) -> AnswerStanding:
    """The sender's staff write down what a receiver that is not on the system said: the answer is the receiver's."""
    theirs = await letters.for_them(desk, acting(principal, call, desk), referral)
    return _shown(desk, theirs, await _answered(desk, theirs, referral, body))


async def _answered(desk: Desk, theirs: Acting, referral: UUID, said: StepSaid) -> Standing:
    if said.step is None:
        return await letters.standing(desk, theirs, referral)
    if said.on is not None and said.step != "accept" and said.on > theirs.today:
        raise not_later("/on")
    if said.step == "accept":
        within_reach(theirs, said.on, "/on")
    answered = Answered(
        step=said.step,
        on=said.on,
        reason=said.reason,
        mode=ContactMode(said.mode) if said.mode else None,
        outcome=said.outcome,
        number=said.identifier,
    )
    return await letters.answer(desk, theirs, referral, answered)


def _shown(desk: Desk, theirs: Acting, found: Standing) -> AnswerStanding:
    naming, sent = Naming(desk, theirs), found.seen.state.sent
    return AnswerStanding(
        sender=naming.agency(sent.from_agency).name,
        service=naming.service(sent.to_agency, sent.service),
        state=found.seen.state.status,
        open=list(found.open),
    )


def pdf(name: str, page: bytes) -> Download:
    """A page to print, under the name to save it by."""
    return Download("application/pdf", name, len(page), _whole(page))


async def _whole(page: bytes) -> AsyncIterator[bytes]:
    yield page
