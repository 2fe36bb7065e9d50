"""Questions between the two sides before an answer: "ask them something first", shown to both and to nobody else."""

from dataclasses import field
from uuid import UUID

from services.referrals.application import handoff_seen
from services.referrals.application import referral as referrals
from services.referrals.application.acting import Acting
from services.referrals.application.desk import Desk
from services.referrals.application.disclosure import Showing, disclose
from services.referrals.application.draft import Draft, History
from services.referrals.application.handoff_seen import HandoffSeen
from services.referrals.application.identifiers import new_id
from services.referrals.application.referral import ReferralSeen
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.application.work import UNANSWERED
from services.referrals.domain import consent, handoff, question, referral
from services.referrals.domain.frozen import frozen
from services.referrals.domain.question import AnswerQuestion, AskQuestion, Question, QuestionAsked
from services.referrals.domain.refusal import NotAgreed, NotASide, WrongState
from services.referrals.domain.vocabulary import Channel, DisclosureKind, Mode
from services.referrals.store.commit import Answer
from services.runtime.postgres.behalf import across

KIND = "question"
ENDED = referral.ENDED | handoff.ENDED

Seen = ReferralSeen | HandoffSeen


@frozen
class QuestionSeen:
    """A question with its words, and those of the answer; None while the vault does not give them."""

    id: UUID
    state: Question
    text: str | None = field(repr=False)
    answer: str | None = field(repr=False)


async def ask(desk: Desk, acting: Acting, kind: str, id: UUID, text: str) -> Done[UUID]:
    """Ask the other side of a referral or handoff that nobody answered yet.

    Raises NotASide, WrongState once it was answered and where a letter went, NotAgreed where she took back her yes.
    """
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    seen, client = await _open(desk, acting, kind, id)
    if seen.state.status not in UNANSWERED or seen.work.mode == Mode.INFORMATIONAL:
        raise WrongState(seen.state.status)
    if isinstance(seen, ReferralSeen) and seen.state.sent.to_channel is Channel.LETTER:
        raise WrongState("letter", "receiver-not-on-system")
    acting.call.makes_new()
    work = seen.work
    command = AskQuestion(
        agency=acting.agency,
        at=acting.at,
        to_agency=work.to_agency if acting.agency == work.from_agency else work.from_agency,
        text=await write_note(desk, acting, client, text, KIND, of=[id]),
        referral=id if kind == "referral" else None,
        handoff=id if kind == "handoff" else None,
    )
    stream = new_id()

    async def attempt(desk: Desk) -> Decided[UUID]:
        draft = Draft(acting, client)
        after = draft.add(History(stream), question.decide(command, None))
        return Decided(draft, Answer(201, {"question": stream}, after.version), stream)

    return await carry_out(desk, acting, attempt)


async def answer(desk: Desk, acting: Acting, id: UUID, text: str) -> Done[UUID]:
    """Answer what the other side asked. Raises NotASide, WrongSide, Conflict, NotAgreed; WrongState once it ended."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    asked = question.fold((await desk.history(id)).happened())
    if asked is None:
        raise NotASide
    kind, subject = ("referral", asked.asked.referral) if asked.asked.referral else ("handoff", asked.asked.handoff)
    if subject is None:
        raise NotASide
    seen, client = await _open(desk, acting, kind, subject)
    if asked.answer is None and seen.state.status in ENDED:
        raise WrongState(seen.state.status, f"{kind}-already-ended")
    note = await _said_before(desk, acting, asked, text) or await write_note(
        desk, acting, client, text, KIND, of=[subject]
    )

    async def attempt(desk: Desk) -> Decided[UUID]:
        before = await desk.history(id)
        state = question.fold(before.happened())
        said = (await _said_before(desk, acting, state, text) if state else None) or note
        draft = Draft(acting, client)
        command = AnswerQuestion(agency=acting.agency, at=acting.at, text=said)
        after = draft.add(before, question.decide(command, state))
        return Decided(draft, Answer(200, {"question": id}, after.version), id)

    return await carry_out(desk, acting, attempt)


async def _said_before(desk: Desk, acting: Acting, asked: Question, text: str) -> UUID | None:
    """The answer that stands, where it is the caller's agency's and in these very words (R12)."""
    if asked.answer is None or asked.asked.to_agency != acting.agency:
        return None
    typed = await desk.vault.notes.read_many([asked.answer])
    return asked.answer if asked.answer in typed and typed[asked.answer].text.open() == text else None


async def of(desk: Desk, acting: Acting, kind: str, id: UUID) -> list[QuestionSeen]:
    """The questions of a referral or handoff, the oldest first. What the other side wrote is written down as read."""
    seen = await _seen(desk, acting, kind, id)
    if seen.client is None:
        return []
    streams: dict[UUID, None] = {}
    for agency in (seen.work.from_agency, seen.work.to_agency):
        for event in await desk.timeline.of(acting.initiative, agency, seen.client):
            if isinstance(event.fact, QuestionAsked) and id in {event.fact.referral, event.fact.handoff}:
                streams[event.stream] = None
    histories = await desk.histories(streams) if streams else {}
    states = {stream: state for stream, each in histories.items() if (state := question.fold(each.happened()))}
    if any(acting.agency != state.agency or state.answer for state in states.values()):
        await disclose(desk, acting, DisclosureKind.GIVEN_FIELDS, [Showing.of(seen.work)])
    ids = [text for state in states.values() for text in (state.asked.text, state.answer) if text]
    with across("shared"):
        typed = await desk.vault.notes.read_many(ids)
    texts = {text: one.text.open() for text, one in typed.items()}
    found = [
        QuestionSeen(stream, state, texts.get(state.asked.text), texts.get(state.answer) if state.answer else None)
        for stream, state in states.items()
    ]
    return sorted(found, key=lambda each: each.state.at)


async def _seen(desk: Desk, acting: Acting, kind: str, id: UUID) -> Seen:
    return await (referrals.read(desk, acting, id) if kind == "referral" else handoff_seen.read(desk, acting, id))


async def _open(desk: Desk, acting: Acting, kind: str, id: UUID) -> tuple[Seen, UUID]:
    """The subject for one of its sides, and the client. Raises NotASide; NotAgreed where she took it back."""
    seen = await _seen(desk, acting, kind, id)
    if seen.client is None:
        raise NotASide
    rests_on = seen.state.sent.consent if isinstance(seen, ReferralSeen) else seen.state.consent
    said = consent.fold((await desk.history(rests_on)).happened()) if rests_on else None
    if said is not None and said.withdrawn:
        raise NotAgreed("consent-does-not-cover")
    return seen, seen.client
