"""What a privacy officer answers for: a client's question, what was done without her yes, an erasure or a hold."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from services.referrals.application import accounting
from services.referrals.application.acting import Acting, speaking_for
from services.referrals.application.client import all_of
from services.referrals.application.desk import Desk
from services.referrals.application.draft import Draft, History
from services.referrals.application.inquiry_seen import of
from services.referrals.application.saving import Decided, Done, before_writing, carry_out
from services.referrals.application.typed import write_note
from services.referrals.domain import inquiry
from services.referrals.domain.accounting import Entry
from services.referrals.domain.client import DetailsErased, HoldPlaced, HoldReleased
from services.referrals.domain.fact import Fact
from services.referrals.domain.inquiry import AnswerInquiry, Cause, Finding, Inquiry, OpenInquiry, inquiry_id
from services.referrals.domain.referral import ReferralSent
from services.referrals.domain.refusal import Conflict, NotASide
from services.referrals.store.commit import Answer

KIND = "inquiry"
_DONE: Final[Mapping[type[Fact], Cause]] = {
    DetailsErased: Cause.ERASURE,
    HoldPlaced: Cause.HOLD,
    HoldReleased: Cause.HOLD_RELEASED,
}


async def ask(desk: Desk, acting: Acting, client: UUID, disclosure: UUID, text: str) -> Done[UUID]:
    """She asks of one entry of her list: "was this right?". The officers of its sides are to answer, each for theirs.

    Each gets words of their own, under their agency's key. Raises NotASide; Conflict for other words than she sent.
    """
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    entries, whose = await accounting.whole(desk, acting, await all_of(desk, acting, client))
    entry = next((each for each in entries if each.id == disclosure), None)
    if entry is None:
        raise NotASide
    acting.call.makes_new()
    hers, asked = whose[disclosure], answering(desk, acting, entry)
    streams = {agency: inquiry_id(disclosure, Cause.QUESTION, agency) for agency in asked}
    words = await _asked_before(desk, streams.values(), text)
    texts = {
        agency: words.get(stream)
        or await write_note(desk, speaking_for(acting, agency), hers, text, KIND, of=[entry.referral, entry.handoff])
        for agency, stream in streams.items()
    }

    async def attempt(desk: Desk) -> Decided[UUID]:
        draft = Draft(acting, hers)
        found = await desk.histories(streams.values())
        for agency, stream in streams.items():
            command = OpenInquiry(
                to_agency=agency,
                cause=Cause.QUESTION,
                about=disclosure,
                text=texts[agency],
            )
            state = inquiry.fold(found[stream].happened())
            if state is not None and state.opened.text != command.text:
                raise Conflict("asked", "inquiry-already-open")
            draft.add(found[stream], inquiry.decide(command, state))
        first = next(iter(streams.values()))
        return Decided(draft, Answer(201 if draft.events else 200, {"inquiry": first}, 1), first)

    return await carry_out(desk, acting, attempt)


def answering(desk: Desk, acting: Acting, entry: Entry) -> list[str]:
    """Whose officers answer for an entry: its sides' and those whose entries were shown, where they are on the
    system, else the caller's."""
    sides = [
        side for side in (entry.by, *entry.sources, entry.to) if side is not None and is_on_system(desk, acting, side)
    ]
    return list(dict.fromkeys(sides)) or [acting.agency]


def is_on_system(desk: Desk, acting: Acting, agency: str) -> bool:
    """Whether an agency takes part here: at one that does not nobody would read it."""
    return desk.directory.agency(acting.initiative, agency).on_system


async def to_be_looked_at(desk: Desk, draft: Draft, sent: History) -> None:
    """Adds to a referral that goes out without her yes that both sides' officers look at it (R1)."""
    event = sent.events[-1]
    fact = event.fact
    if isinstance(fact, ReferralSent) and fact.exception is not None:
        asked = OpenInquiry(
            to_agency=fact.from_agency,
            cause=Cause.EXCEPTION,
            about=event.envelope.event_id,
            text=fact.exception.reason,
        )
        await open_in(desk, draft, (fact.from_agency, fact.to_agency), asked)


async def done_by_operator(desk: Desk, draft: Draft, done: History) -> None:
    """Adds to an erasure or a hold of what the agency holds of her that its officer looks at it."""
    event = done.events[-1]
    asked = OpenInquiry(to_agency=event.envelope.agency, cause=_DONE[type(event.fact)], about=event.envelope.event_id)
    await open_in(desk, draft, [event.envelope.agency], asked)


async def open_in(desk: Desk, draft: Draft, agencies: Iterable[str], asked: OpenInquiry) -> None:
    """Adds what the officers of these agencies are to look at, where they are not asked to already."""
    streams = {agency: inquiry_id(asked.about, asked.cause, agency) for agency in dict.fromkeys(agencies)}
    found = await desk.histories(streams.values()) if streams else {}
    for agency, stream in streams.items():
        if is_on_system(desk, draft.acting, agency):
            state = inquiry.fold(found[stream].happened())
            draft.add(found[stream], inquiry.decide(replace(asked, to_agency=agency), state))


async def answer(desk: Desk, acting: Acting, id: UUID, text: str, finding: Finding | None) -> Done[UUID]:
    """The officer answers. Raises NotASide, Conflict for another answer than the one that stands, Unfit."""
    if (kept := await before_writing(desk, acting)) is not None:
        return Done(kept, None)
    before = await desk.history(id)
    state = _known(acting, before)
    client = before.events[0].envelope.client_id
    inquiry.decide(AnswerInquiry(agency=acting.agency, text=id, finding=finding), replace(state, answered=None))
    said = [state.answered.text] if state.answered else []
    typed = await desk.vault.notes.read_many(said)
    same = next((note for note in said if note in typed and typed[note].text.open() == text), None)
    entries, _ = await accounting.whole(desk, acting, [client])
    records = [record for each in entries if each.id == state.opened.about for record in (each.referral, each.handoff)]
    note = same or await write_note(desk, acting, client, text, KIND, of=records)

    async def attempt(desk: Desk) -> Decided[UUID]:
        history = await desk.history(id)
        draft = Draft(acting, client)
        command = AnswerInquiry(agency=acting.agency, text=note, finding=finding)
        after = draft.add(history, inquiry.decide(command, _known(acting, history)))
        return Decided(draft, Answer(200, {"inquiry": id}, after.version), id)

    return await carry_out(desk, acting, attempt)


async def _asked_before(desk: Desk, streams: Iterable[UUID], text: str) -> dict[UUID, UUID]:
    """The vault ids of what she asked in these very words, by stream (R12)."""
    found = await of(desk, list(streams))
    return {each.id: id for each in found if each.text == text and (id := each.state.opened.text)}


def _known(acting: Acting, history: History) -> Inquiry:
    """Raises NotASide for what is nothing, or another agency's."""
    state = inquiry.fold(history.happened()) if history.initiative == acting.initiative else None
    if state is None or state.opened.to_agency != acting.agency:
        raise NotASide
    return state
